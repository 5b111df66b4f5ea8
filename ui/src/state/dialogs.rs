//! Which dialog is open: at most one.

use studio_api::{DocumentKind, Sample};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dialog {
    /// Commands and documents; `documents`: only those (Ctrl-P).
    Palette { documents: bool },
    /// The file changed since it was read.
    Conflict { document: String },
    NewDocument { kind: DocumentKind },
    RemoveSample { sample: Sample },
    Keys,
}
