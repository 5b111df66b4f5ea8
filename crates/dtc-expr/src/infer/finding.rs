//! What inference finds wrong or doubtful in an expression.

use std::ops::Range;

use crate::scope::{FieldId, GroupId};

/// Spans are in bytes of the expression's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub kind: FindingKind,
    pub span: Range<usize>,
    /// At most 80 characters, in the user's words, no trailing period.
    pub message: String,
    /// Why, at the place.
    pub label: String,
    /// What to do.
    pub help: String,
    pub cure: Option<Cure>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FindingKind {
    /// A comparison whose types decide it.
    SameOutcome,
    /// An operator that does not work with the types.
    Operands,
    /// `x is 'a'`.
    IsLiteral,
    /// A text such as 'false' where truth is asked.
    TextTruth,
    /// A literal 0 as divisor.
    ZeroDivision,
}

/// A change of the expression's text that cures the finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cure {
    /// Verb first.
    pub title: String,
    pub edits: Vec<(Range<usize>, String)>,
}

impl Cure {
    /// Puts `before` and `after` around a part.
    pub(super) fn around(title: impl Into<String>, part: &Range<usize>, before: &str, after: &str) -> Cure {
        let edits = vec![(part.start..part.start, before.to_owned()), (part.end..part.end, after.to_owned())];
        Cure { title: title.into(), edits }
    }

    pub(super) fn replace(part: &Range<usize>, text: String) -> Cure {
        Cure { title: format!("Replace with `{text}`"), edits: vec![(part.clone(), text)] }
    }
}

/// A division by a number field that no test before it asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Division {
    pub span: Range<usize>,
    pub divisor: Range<usize>,
    pub field: (GroupId, FieldId),
}

/// A field that is read, and where its name stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldRead {
    pub span: Range<usize>,
    pub field: (GroupId, FieldId),
}

/// A field that is compared with a written text by `==` or `!=`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextComparison {
    pub span: Range<usize>,
    pub field: (GroupId, FieldId),
    /// Where the text is written, in its quotes.
    pub written: Range<usize>,
    pub text: String,
    pub equal: bool,
}
