//! Which top-level fields of a record a reader keeps; the others are checked but not built.

use std::sync::Arc;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Projection {
    #[default]
    All,
    Fields(Vec<Arc<str>>),
}

impl Projection {
    /// From what a plan says it reads: `None` means all of it.
    pub fn of(fields: Option<Vec<Arc<str>>>) -> Projection {
        fields.map_or(Projection::All, Projection::Fields)
    }

    pub fn keeps(&self, name: &str) -> bool {
        match self {
            Projection::All => true,
            Projection::Fields(fields) => fields.iter().any(|field| field.as_ref() == name),
        }
    }
}
