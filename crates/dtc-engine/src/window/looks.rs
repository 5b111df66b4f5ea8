//! What programs of the window document look at: only that is brought into the frame for them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use dtc_expr::Program;
use dtc_lang::document::AsOf;
use dtc_lang::scopes::ANCHOR;

use crate::plan::AggregatePlan;

/// Slots by aggregate of the streaming document.
type Slots = BTreeMap<usize, BTreeSet<usize>>;

#[derive(Debug, Clone, Default)]
pub(crate) struct Looks {
    /// Of the aggregate whose blocks are anchors.
    pub(crate) block: Vec<usize>,
    /// Of identity aggregates as of the anchor: their place among the remembered ones, their index, slots.
    pub(crate) past: Vec<(usize, usize, Vec<usize>)>,
    /// Of aggregates as they are in the end, those of the anchor among them: Blurr may ask before there is one.
    pub(crate) last: Vec<(usize, Vec<usize>)>,
    /// Columns of `anchor`, with their slots.
    pub(crate) anchor: Vec<(usize, Arc<str>)>,
}

/// What decides where a value comes from.
#[derive(Clone, Copy)]
pub(crate) struct Sight<'a> {
    pub(crate) aggregates: &'a [AggregatePlan],
    pub(crate) anchor: usize,
    pub(crate) remembered: &'a [usize],
    pub(crate) as_of: AsOf,
    /// Whether identity aggregates are seen as of the anchor at all.
    pub(crate) with_past: bool,
}

impl Looks {
    pub(crate) fn of<'a>(programs: impl IntoIterator<Item = &'a Program>, sight: Sight<'_>) -> Looks {
        let mut slots = Slots::new();
        let mut columns: Option<BTreeSet<Arc<str>>> = Some(BTreeSet::new());
        for program in programs {
            for (group, field) in program.field_reads().into_iter().chain(program.field_changes()) {
                slots.entry(usize::from(group.0)).or_default().insert(usize::from(field.0));
            }
            columns = columns.zip(program.source_fields(ANCHOR)).map(|(mut columns, more)| {
                columns.extend(more);
                columns
            });
        }
        slots.retain(|group, _| *group < sight.aggregates.len());
        let all = sight.aggregates[sight.anchor].columns.iter().enumerate();
        let shown = all.filter(|(_, (name, _))| columns.as_ref().is_none_or(|columns| columns.contains(name)));
        let anchor = shown.map(|(slot, (name, _))| (slot, name.clone())).collect();
        let list = |slots: &BTreeSet<usize>| slots.iter().copied().collect::<Vec<usize>>();
        let past = sight.remembered.iter().enumerate().filter(|_| sight.with_past && sight.as_of != AsOf::Final);
        Looks {
            block: slots.get(&sight.anchor).map_or_else(Vec::new, list),
            past: past.filter_map(|(place, index)| Some((place, *index, list(slots.get(index)?)))).collect(),
            last: slots.iter().map(|(index, slots)| (*index, list(slots))).collect(),
            anchor,
        }
    }

    /// What is not looked at by `other`.
    pub(crate) fn without(mut self, other: &Looks) -> Looks {
        self.block.retain(|slot| !other.block.contains(slot));
        for (place, _, slots) in &mut self.past {
            let known = other.past.iter().find(|(other, ..)| other == place);
            slots.retain(|slot| !known.is_some_and(|(.., known)| known.contains(slot)));
        }
        self.past.retain(|(.., slots)| !slots.is_empty());
        self
    }
}
