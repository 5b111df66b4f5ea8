//! Parts of events that names and places lead to (`source.order.lines[0].sku`), so that a reader puts each into
//! a cell of its own instead of building what lies around it. Refuses parts that only the run knows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::compile::Program;
use crate::node::{Call, Element, Node};
use crate::scope::VariableId;
use crate::value::Value;
use crate::wants::{is_len, is_method};

/// One step from a part to a part of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// A field of an object.
    Name(Arc<str>),
    /// An item of a list, from 0.
    Item(u32),
    /// The number of a list's items; always the last step.
    Length,
}

/// A part of an event, by the field it begins with. Has at least one step.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path {
    pub root: Arc<str>,
    pub steps: Vec<Step>,
}

/// What programs look at of each field: parts, or (`None`) more than that.
pub type Looked = BTreeMap<Arc<str>, Option<BTreeSet<Path>>>;

/// Where the parts of a field go, as a tree of steps.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Branch {
    /// The cell of this part; there are no further steps then.
    pub cell: Option<usize>,
    /// The cell of the number of items.
    pub length: Option<usize>,
    pub names: Vec<(Arc<str>, Branch)>,
    pub items: Vec<(u32, Branch)>,
}

/// More fields of one object are not told apart.
const MOST_NAMES: usize = 64;

impl Path {
    fn begins_with(&self, other: &Path) -> bool {
        self.root == other.root && self.steps.starts_with(&other.steps)
    }
}

impl Program {
    /// Adds what the program looks at of `source.NAME`, by name. `source` must be read by names alone.
    pub fn looks(&self, source: VariableId, looked: &mut Looked) {
        // Visiting children wants them to be changeable; nothing is changed.
        look(&mut self.root.as_ref().clone(), source, looked);
    }
}

fn look(node: &mut Node, source: VariableId, looked: &mut Looked) {
    let Some((root, steps)) = steps(node, source) else {
        return node.each_child_mut(&mut |child| look(child, source, looked));
    };
    if steps.is_empty() {
        looked.insert(root, None);
    } else if let Some(paths) = looked.entry(root.clone()).or_insert_with(|| Some(BTreeSet::new())) {
        paths.insert(Path { root, steps });
    }
}

/// The way from the event to a node that is a part of it; no steps to a field as a whole.
fn steps(node: &Node, source: VariableId) -> Option<(Arc<str>, Vec<Step>)> {
    let further = |object: &Node, step: Step| {
        let (root, mut all) = steps(object, source)?;
        all.push(step);
        Some((root, all))
    };
    match node {
        Node::VariableMember(variable, member, _) if *variable == source => Some((member.name.clone(), Vec::new())),
        Node::Attribute(object, member) if !is_method(member) => further(object, Step::Name(member.name.clone())),
        Node::Index(operands) => match &operands.1 {
            Node::Const(Value::Str(name)) => further(&operands.0, Step::Name(name.clone())),
            Node::Const(Value::Int(place)) => further(&operands.0, Step::Item(u32::try_from(*place).ok()?)),
            _ => None,
        },
        Node::Call(call) => further(counted(call)?, Step::Length),
        _ => None,
    }
}

/// The field that a node is, and the path where it is a part of it.
pub(crate) fn part(node: &Node, source: VariableId) -> Option<(Arc<str>, Option<Path>)> {
    let (root, steps) = steps(node, source)?;
    let path = (!steps.is_empty()).then(|| Path { root: root.clone(), steps });
    Some((root, path))
}

/// What `len` is asked of.
fn counted(call: &Call) -> Option<&Node> {
    match (&*call.arguments.positional, &*call.arguments.keywords) {
        ([Element::One(counted)], []) if is_len(&call.callee) => Some(counted),
        _ => None,
    }
}

/// The paths that get cells: of fields that are looked at by paths alone, without those that go on from
/// another one.
pub fn celled(looked: &Looked) -> Vec<Path> {
    let mut all = Vec::new();
    for paths in looked.values().flatten() {
        let first = |path: &&Path| !paths.iter().any(|other| *path != other && path.begins_with(other));
        let paths: Vec<Path> = paths.iter().filter(first).cloned().collect();
        let mut tree = Branch::default();
        paths.iter().enumerate().for_each(|(cell, path)| tree.grow(&path.steps, cell));
        if tree.is_narrow() {
            all.extend(paths);
        }
    }
    all
}

impl Branch {
    /// Adds a way to a cell.
    pub(crate) fn grow(&mut self, steps: &[Step], cell: usize) {
        match steps.split_first() {
            None => self.cell = Some(cell),
            Some((Step::Length, _)) => self.length = Some(cell),
            Some((Step::Name(name), rest)) => child(&mut self.names, name).grow(rest, cell),
            Some((Step::Item(place), rest)) => child(&mut self.items, place).grow(rest, cell),
        }
    }

    fn is_narrow(&self) -> bool {
        self.names.len() <= MOST_NAMES
            && self
                .names
                .iter()
                .map(|(_, inner)| inner)
                .chain(self.items.iter().map(|(_, inner)| inner))
                .all(Branch::is_narrow)
    }

    /// Every cell that it leads to.
    pub(crate) fn each_cell(&self, take: &mut dyn FnMut(usize)) {
        self.cell.iter().chain(&self.length).for_each(|cell| take(*cell));
        self.names.iter().for_each(|(_, inner)| inner.each_cell(take));
        self.items.iter().for_each(|(_, inner)| inner.each_cell(take));
    }

    /// The part again, as far as its cells hold it.
    pub(crate) fn value(&self, cell: &dyn Fn(usize) -> Value) -> Value {
        if let Some(own) = self.cell {
            return cell(own);
        }
        if self.items.is_empty() && self.length.is_none() {
            let fields = self.names.iter().map(|(name, inner)| (Value::Str(name.clone()), inner.value(cell)));
            return Value::dict(fields.filter(|(_, value)| !value.is_none()).collect());
        }
        let length = match self.length.map(cell) {
            Some(Value::Int(length)) => usize::try_from(length).unwrap_or(0),
            _ => self.items.iter().map(|(place, _)| *place as usize + 1).max().unwrap_or(0),
        };
        let mut items = vec![Value::None; length];
        for (place, inner) in &self.items {
            if let Some(item) = items.get_mut(*place as usize) {
                *item = inner.value(cell);
            }
        }
        Value::list(items)
    }
}

fn child<'b, K: Clone + PartialEq>(children: &'b mut Vec<(K, Branch)>, key: &K) -> &'b mut Branch {
    let place = children.iter().position(|(known, _)| known == key).unwrap_or_else(|| {
        children.push((key.clone(), Branch::default()));
        children.len() - 1
    });
    &mut children[place].1
}

/// Makes a node read cells: of whole paths where `cell` knows one, of fields (by `field`) elsewhere.
pub(crate) fn bind(
    node: &mut Node,
    source: VariableId,
    field: &dyn Fn(&str) -> Option<usize>,
    cell: &dyn Fn(&Path) -> Option<usize>,
) {
    let found = steps(node, source).filter(|(_, steps)| !steps.is_empty());
    let slot = found.and_then(|(root, steps)| u16::try_from(cell(&Path { root, steps })?).ok());
    if let Some(slot) = slot {
        let mut otherwise = node.clone();
        bind(&mut otherwise, source, field, &|_| None);
        *node = Node::Path(slot, Box::new(otherwise));
        return;
    }
    match node {
        Node::VariableMember(variable, member, _) if *variable == source => {
            if let Some(slot) = field(&member.name).and_then(|slot| u16::try_from(slot).ok()) {
                *node = Node::Cell(slot);
            }
        }
        node => node.each_child_mut(&mut |child| bind(child, source, field, cell)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile::compile;
    use crate::scope::Scope;

    fn shown(texts: &[&str]) -> String {
        let mut scope = Scope::new();
        scope.add_variable("source", VariableId(0));
        let mut looked = Looked::new();
        texts.iter().for_each(|text| compile(text, &scope).unwrap().looks(VariableId(0), &mut looked));
        let step = |step: &Step| match step {
            Step::Name(name) => format!(".{name}"),
            Step::Item(place) => format!("[{place}]"),
            Step::Length => "#".to_owned(),
        };
        let path = |path: &Path| format!("{}{}", path.root, path.steps.iter().map(step).collect::<String>());
        celled(&looked).iter().map(path).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn paths_end_where_names_and_places_do() {
        assert_eq!(shown(&["source.a.b.c + source.a.d"]), "a.b.c a.d");
        assert_eq!(shown(&["source['a']['b c'][2].d"]), "a.b c[2].d");
        assert_eq!(shown(&["len(source.l) + source.l[0].n"]), "l[0].n l#");
        assert_eq!(shown(&["source.a.t.upper() + source.a[source.k]"]), "");
        assert_eq!(shown(&["source.a.t.upper()"]), "a.t");
        assert_eq!(shown(&["source.l[-1].n"]), "");
        assert_eq!(shown(&["source.a.b", "source.a"]), "");
        assert_eq!(shown(&["source.a.b", "source.a.b.c"]), "a.b");
        assert_eq!(shown(&["source.a.items()"]), "");
        assert_eq!(shown(&["sum(x.n for x in source.o.l)"]), "o.l");
    }
}
