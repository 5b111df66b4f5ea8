//! Explain: how a cell of a run came to its value, and one identity event by event.
//!
//! Values travel as in [`crate::Page`], but for texts, which stand in quotation marks (`"1"` is not `1`);
//! those that are very long are cut and say how long they are.

use dtc_lang::Span;
use serde::{Deserialize, Serialize};

use crate::run::{RunId, Sort};

/// How a cell came to its value → `Story`. `Conflict` where the story would not be the rows' own: the run's
/// events were let go, or its data changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explain {
    pub run: RunId,
    pub table: String,
    /// Its place in the table as sorted and filtered.
    pub row: u64,
    pub field: String,
    pub sort: Option<Sort>,
    pub filter: Option<String>,
}

/// An expression of the run's documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    pub document: String,
    /// Bytes of the text that was run.
    pub span: Span,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Story {
    pub identity: String,
    pub table: String,
    /// The row's place in the table without sort and filter.
    pub row: u64,
    pub field: String,
    /// As the cell shows it.
    pub value: Option<String>,
    /// What made it, in sentences.
    pub summary: Vec<String>,
    /// The field's expression. Without it the engine itself gives the value.
    pub expression: Option<Written>,
    /// The field's `When`.
    pub condition: Option<Written>,
    /// The evaluations that made it, in order. Of very many only the telling ones: those that did more than be
    /// refused by the field's condition.
    pub evaluations: Vec<Evaluation>,
    /// Telling ones that are left out, in the middle.
    pub left_out: u64,
    pub window: Option<StoryWindow>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It gave the field a value.
    Set,
    /// The field's condition did not hold.
    Refused,
    /// It gave nothing, so the old value stayed.
    Nothing,
    /// It failed, so the old value stayed; Blurr would not tell.
    Failed,
    /// Nobody evaluated the field.
    Kept,
}

/// One evaluation of a field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// The field.
    pub name: String,
    /// `None` for a window's.
    pub event: Option<StoryEvent>,
    pub outcome: Outcome,
    pub before: Option<String>,
    pub after: Option<String>,
    /// What the condition gave, where there is one.
    pub held: Option<bool>,
    /// What condition and expression read, with the values at that moment.
    pub reads: Vec<(String, Option<String>)>,
    pub fault: Option<String>,
    /// What else is to be said, e.g. which other expression changed a collection in place.
    pub note: Option<String>,
}

/// An event of the identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoryEvent {
    /// Its place among the identity's events in order of time, from 0.
    pub nth: u64,
    pub time: String,
    pub sample: String,
    pub line: u64,
}

/// The blocks that a window's value was computed from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoryWindow {
    /// E.g. `the blocks of session in the 7 days before the anchor`.
    pub words: String,
    /// Where it begins and ends, in words with the instant; `None` where blocks are counted.
    pub bounds: Option<[String; 2]>,
    /// The members' columns that the expressions read.
    pub columns: Vec<String>,
    /// Ascending by start. The anchor itself comes first and is not counted.
    pub members: Vec<StoryBlock>,
    /// All of them, told or not.
    pub count: u64,
    pub missing: Option<String>,
}

/// A stored block, for [`Explain`] of its own cells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoryBlock {
    /// `None` where its aggregate has no table.
    pub table: Option<String>,
    pub row: u64,
    pub start: Option<String>,
    /// One per column.
    pub values: Vec<Option<String>>,
}

/// One identity's events `from .. from + count` in order of time, each with the state around it → `Steps`.
/// At most 50 at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadSteps {
    pub run: RunId,
    pub identity: String,
    pub from: u64,
    pub count: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Steps {
    /// Events of the identity.
    pub total: u64,
    pub steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub event: StoryEvent,
    /// The whole event as JSON, indented.
    pub raw: String,
    /// Where nothing looked at the event: why.
    pub refused: Option<String>,
    /// Every aggregate in order of the document.
    pub records: Vec<StepRecord>,
}

/// The record that an aggregate has open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepRecord {
    pub aggregate: String,
    /// What the event did to the record as a whole, e.g. `A new record begins: Split was true.`
    pub note: Option<String>,
    /// Every field, its value before and after.
    pub fields: Vec<Evaluation>,
}
