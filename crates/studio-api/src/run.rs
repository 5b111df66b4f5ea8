//! Runs: started at once, watched by numbered events, their rows pulled by page.

use dtc_lang::Span;
use serde::{Deserialize, Serialize};

use crate::error::ApiError;
use crate::project::{Draft, ProjectId};

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RunId(pub String);

/// Runs the project's streaming document, and its window document where it has one, over the selected
/// samples → `RunId`. Documents with errors are refused with `Invalid` and their diagnostics.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StartRun {
    pub project: ProjectId,
    /// Which streaming document; `None`: the only or first one.
    pub streaming: Option<String>,
    /// Texts in the editor that are to be used instead of the files.
    pub drafts: Vec<Draft>,
    /// Stop reading after so many events (a preview of a big file), as text.
    pub limit: Option<String>,
}

/// → `()`. The run's last event confirms it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CancelRun {
    pub run: RunId,
}

/// Frees a run's rows → `()`
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ForgetRun {
    pub run: RunId,
}

/// Feed: replays the events with `seq > after`, then follows until the run has ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WatchRun {
    pub run: RunId,
    pub after: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunEvent {
    /// From 1, without gaps.
    pub seq: u64,
    #[serde(flatten)]
    pub what: RunStep,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum RunStep {
    Started,
    Progress(RunProgress),
    Finished { summary: RunSummary },
    Cancelled,
    Failed { error: ApiError },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunProgress {
    pub phase: RunPhase,
    /// Share of the phase done, 0 to 1; `None` where it cannot be known.
    pub share: Option<f64>,
    /// Events read so far, as text.
    pub events: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunPhase {
    Reading,
    Transforming,
    Windowing,
    Preparing,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunSummary {
    /// Counts as text.
    pub events: String,
    pub identities: String,
    pub unusable: String,
    /// Anchors whose row was dropped because a window lacked data.
    pub dropped_rows: String,
    pub notices: Vec<String>,
    pub tables: Vec<TableInfo>,
    /// Failures inside expressions, most frequent first.
    pub faults: Vec<ExpressionFaultCount>,
    pub milliseconds: RunTimes,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunTimes {
    pub reading: f64,
    pub transforming: f64,
    pub total: f64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpressionFaultCount {
    /// `aggregate.field`, `aggregate (When)` or a header attribute.
    pub place: String,
    /// The document that the expression stands in, and where (bytes of the text that was run).
    pub document: String,
    pub span: Span,
    /// Python's name and message, e.g. `ZeroDivisionError: division by zero`.
    pub cause: String,
    pub count: String,
    /// Name of the sample with the first event that caused it.
    pub sample: String,
    /// That event's line.
    pub line: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableKind {
    Identity,
    /// Block, Session or Activity.
    Session,
    Variable,
    Window,
    /// Records that could not be used: file, line, reason, text.
    Unusable,
    /// Anchors without a row: identity, anchor, reason.
    Dropped,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableInfo {
    /// Name for `ReadRows`.
    pub name: String,
    pub kind: TableKind,
    pub columns: Vec<ColumnInfo>,
    pub rows: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnInfo {
    pub name: String,
    /// integer float string boolean datetime map list set
    pub field_type: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sort {
    pub column: String,
    pub descending: bool,
}

/// Rows `from .. from + count` after filter and sort → `Page`
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReadRows {
    pub run: RunId,
    pub table: String,
    pub from: u64,
    pub count: u32,
    pub sort: Option<Sort>,
    /// Keeps rows in which any cell's text contains this, without regard to case.
    pub filter: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    pub from: u64,
    /// Rows after the filter.
    pub total: u64,
    /// One per row, one cell per column, as text: integers and floats in full, datetimes in RFC 3339,
    /// collections as JSON. `None` is a missing value.
    pub rows: Vec<Vec<Option<String>>>,
}

/// The last row of one identity in each table that has rows of it → `Vec<IdentityRow>`
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReadIdentity {
    pub run: RunId,
    pub identity: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityRow {
    pub table: String,
    /// Rows of the identity in the table.
    pub rows: u64,
    /// Of the last of them; cells as in [`Page`].
    pub columns: Vec<String>,
    pub cells: Vec<Option<String>>,
}
