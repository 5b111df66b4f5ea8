//! Which parts of events have cells in rows, and where. Refuses to know what fills them.

use std::sync::Arc;

use crate::paths::{Branch, Path};
use crate::wants::Want;

/// Which fields of an event have a cell. Slots count through `kept`, then paths, then
/// `passing`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Columns {
    /// Read while aggregates run.
    pub kept: Vec<Arc<str>>,
    /// Read only to find an event's identity, time and id, and let go after that.
    pub passing: Vec<Arc<str>>,
    /// The first kept cell is the whole event, and there are no others.
    pub whole: bool,
    /// What is wanted of the kept fields, in their order; fields without an entry are wanted whole.
    pub wants: Vec<Want>,
    /// The slot whose texts are read as ISO 8601 times at once, because nothing else is done with them.
    pub time: Option<usize>,
    /// Texts that kept cells are compared with: each has the same place in all rows.
    pub texts: Vec<Arc<str>>,
    /// Parts of kept fields that have cells of their own, behind those of the kept fields.
    paths: Vec<Path>,
    /// By kept field: the way to its parts, for a field that is looked at by paths alone. Its own cell holds it
    /// only where its parts are not as the paths expect them.
    branches: Vec<Option<Branch>>,
}

impl Columns {
    /// Fields that are kept, whole.
    pub fn of(kept: impl IntoIterator<Item = Arc<str>>) -> Columns {
        Columns { kept: kept.into_iter().collect(), ..Columns::default() }
    }

    /// The columns of a plan that needs whole events.
    pub fn whole() -> Columns {
        Columns { whole: true, ..Columns::default() }
    }

    /// Gives paths cells. All of a field's paths must be there, and the field must be kept.
    pub fn set_paths(&mut self, paths: Vec<Path>) {
        let mut branches: Vec<Option<Branch>> = vec![None; self.kept.len()];
        for (place, path) in paths.iter().enumerate() {
            if let Some(root) = self.kept.iter().position(|name| *name == path.root) {
                branches[root].get_or_insert_default().grow(&path.steps, self.kept.len() + place);
            }
        }
        (self.paths, self.branches) = (paths, branches);
    }

    /// Cells of a row that are kept.
    pub fn kept_width(&self) -> usize {
        if self.whole { 1 } else { self.kept.len() + self.paths.len() }
    }

    pub(crate) fn path_cells(&self) -> impl Iterator<Item = usize> {
        (0..self.paths.len()).map(|place| self.kept.len() + place)
    }

    /// The way to the parts of a field that is looked at by paths alone.
    #[inline]
    pub fn branch(&self, slot: usize) -> Option<&Branch> {
        self.branches.get(slot)?.as_ref()
    }

    /// Fields with their slots.
    pub fn fields(&self) -> impl Iterator<Item = (usize, &Arc<str>)> {
        let passing = self.passing.iter().enumerate().map(|(place, name)| (self.kept_width() + place, name));
        self.kept.iter().enumerate().chain(passing)
    }

    /// Slot of a field by its name.
    pub fn slot(&self, name: &str) -> Option<usize> {
        self.fields().find(|(_, known)| ***known == *name).map(|(slot, _)| slot)
    }

    /// The cell of a path.
    pub fn path_slot(&self, path: &Path) -> Option<usize> {
        self.paths.iter().position(|known| known == path).map(|place| self.kept.len() + place)
    }

    /// Name of a field's slot.
    pub fn name(&self, slot: usize) -> Option<&str> {
        self.fields().find(|(known, _)| *known == slot).map(|(_, name)| &**name)
    }

    /// The path of a cell.
    pub(crate) fn path(&self, slot: usize) -> Option<&Path> {
        self.paths.get(slot.checked_sub(self.kept.len())?)
    }

    /// Whether rows of these columns hold what a run over rows of `other` needs. What only passed is gone.
    pub fn cover(&self, other: &Columns) -> bool {
        let covers = |(place, name): (usize, &Arc<str>)| {
            let found = self.kept.iter().position(|known| known == name);
            let reaches = |found: usize| self.branch(found).is_none() || other.branch(place).is_some();
            found.is_some_and(|found| reaches(found) && self.want(found).covers(other.want(place)))
        };
        // A part of a field that lies there as a whole is looked for there.
        let holds = |path: &Path| {
            let root = self.kept.iter().position(|known| *known == path.root);
            root.is_some_and(|root| self.branch(root).is_none()) || self.path_slot(path).is_some()
        };
        self.whole == other.whole && other.kept.iter().enumerate().all(covers) && other.paths.iter().all(holds)
    }

    /// What is wanted of a slot's field.
    pub fn want(&self, slot: usize) -> &Want {
        self.wants.get(slot).unwrap_or(&Want::Whole)
    }
}
