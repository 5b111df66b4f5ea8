//! What a run gives: stored records, window rows, what was dropped, what failed inside expressions.

use std::sync::Arc;

use dtc_expr::{DateTime, Value};

use crate::faults::Fault;

/// One stored record of an aggregate.
#[derive(Debug, Clone)]
pub struct Record {
    /// Index of the aggregate in the streaming document.
    pub aggregate: usize,
    /// The rest of the key after identity and aggregate.
    pub key: RecordKey,
    /// In the order of `dtc_lang::scopes::group_fields`.
    pub values: Vec<Value>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RecordKey {
    /// Texts of the dimension values; empty without dimensions.
    Dimensions(Vec<Arc<str>>),
    /// Start of the block; `None` for Blurr's record of a block that no event entered.
    Time(Option<DateTime>),
}

/// A row of the window document.
#[derive(Debug, Clone)]
pub struct WindowRow {
    /// Start of the anchor block.
    pub anchor: Option<DateTime>,
    /// Column → value in order of the document, map fields flattened.
    pub cells: Vec<(Arc<str>, Value)>,
}

/// An anchor that gave no row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DroppedRow {
    pub anchor: Option<DateTime>,
    pub reason: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableKind {
    Identity,
    Session,
    Variable,
    Window,
}

/// The result of a run; identities in order of first appearance.
#[derive(Debug, Clone, Default)]
pub struct Output {
    pub identities: Vec<IdentityOutput>,
    /// Most frequent first.
    pub faults: Vec<Fault>,
    /// Events that were given.
    pub events: u64,
    /// Those of them whose `EventId` another one had before.
    pub repeated: u64,
}

/// Everything about one identity.
#[derive(Debug, Clone, Default)]
pub struct IdentityOutput {
    pub identity: Arc<str>,
    /// In the order of the store: a key keeps the place of its first store.
    pub records: Vec<Record>,
    pub rows: Vec<WindowRow>,
    pub dropped: Vec<DroppedRow>,
}
