//! What a pattern says, as a tree.

use super::characters::Class;

#[derive(Debug, Clone)]
pub(super) enum Tree {
    /// One character.
    One(One),
    Assert(Assertion),
    /// A group that captures.
    Group(usize, Box<Tree>),
    /// `(?:…)`, kept apart so that `(?:a*)*` is not a repeat of a repeat.
    Plain(Box<Tree>),
    Backreference(usize, Fold),
    Repeat(Box<Tree>, Times),
    Alternatives(Vec<Tree>),
    Sequence(Vec<Tree>),
    /// What is inside matches here, or ends here when it is so many characters long.
    Look {
        back: Option<usize>,
        negate: bool,
        inside: Box<Tree>,
    },
    /// Once matched, never tried otherwise.
    Atomic(Box<Tree>),
    /// Has the group matched? One way or the other.
    Choice(usize, Box<Tree>, Box<Tree>),
}

/// A test of one character.
#[derive(Debug, Clone)]
pub(super) enum One {
    Exactly(char),
    /// Equal but for case; lower case already.
    Folded(char, Fold),
    Any,
    AnyButLineEnd,
    Class(Box<Class>),
}

/// How letters of different case are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fold {
    Not,
    Ascii,
    Unicode,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Assertion {
    TextStart,
    LineStart,
    TextEnd,
    /// Or before the line end that ends the text.
    LastLineEnd,
    LineEnd,
    WordEdge {
        ascii: bool,
    },
    NoWordEdge {
        ascii: bool,
    },
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    pub least: u32,
    /// `u32::MAX` is without end.
    pub most: u32,
    pub lazy: bool,
}

/// How many characters a tree may match, at least and at most.
pub(super) type Width = (u64, u64);

/// More than any text has.
pub(super) const ENDLESS: u64 = u32::MAX as u64;

impl Tree {
    /// `groups` are the widths of the groups that are closed.
    pub(super) fn width(&self, groups: &[Option<Width>]) -> Width {
        let (least, most) = match self {
            Tree::One(_) => (1, 1),
            Tree::Assert(_) | Tree::Look { .. } => (0, 0),
            Tree::Group(_, inside) | Tree::Plain(inside) | Tree::Atomic(inside) => inside.width(groups),
            Tree::Backreference(group, _) => groups.get(*group).copied().flatten().unwrap_or((0, ENDLESS)),
            Tree::Repeat(inside, times) => {
                let (least, most) = inside.width(groups);
                (least.saturating_mul(times.least.into()), most.saturating_mul(times.most.into()))
            }
            Tree::Alternatives(ways) => widest(ways.iter().map(|way| way.width(groups))),
            Tree::Choice(_, one, other) => widest([one.width(groups), other.width(groups)].into_iter()),
            Tree::Sequence(parts) => parts.iter().fold((0, 0), |(least, most): Width, part| {
                let (more, much) = part.width(groups);
                (least.saturating_add(more), most.saturating_add(much))
            }),
        };
        (least.min(ENDLESS), most.min(ENDLESS))
    }
}

fn widest(widths: impl Iterator<Item = Width>) -> Width {
    widths.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).unwrap_or((0, 0))
}
