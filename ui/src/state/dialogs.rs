//! Which dialog is open: at most one.

use studio_api::{DocumentKind, Sample};

use super::projects::Destination;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dialog {
    /// Commands and documents; `documents`: only those (Ctrl-P).
    Palette {
        documents: bool,
    },
    /// The file changed since it was read.
    Conflict {
        document: String,
    },
    NewDocument {
        kind: DocumentKind,
    },
    RemoveSample {
        sample: Sample,
    },
    /// Texts that are not saved would be lost.
    Leave {
        to: Destination,
    },
    Keys,
}
