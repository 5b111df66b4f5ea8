//! What a trace tells: how one cell came to its value.

use std::sync::Arc;

use dtc_expr::{DateTime, FieldType, Value};

use crate::faults::Place;
use crate::output::RecordKey;

/// How much of a long story is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// From the beginning, and as many again from the end.
    pub each_end: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { each_end: 20 }
    }
}

/// The story of one cell.
#[derive(Debug, Clone)]
pub struct Story {
    pub identity: Arc<str>,
    /// The column as the table names it.
    pub column: String,
    pub field_type: FieldType,
    /// What the run has in the cell.
    pub value: Value,
    pub how: How,
}

#[derive(Debug, Clone)]
pub enum How {
    /// A field of a stored record: the events that entered it.
    Record(Box<RecordStory>),
    /// A field of a window row: the blocks that it was computed from.
    Row(Box<RowStory>),
}

/// An event of the identity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EventAt {
    /// Its place among the identity's events in order of time, from 0.
    pub nth: u64,
    /// Index in the run's list of files, and line from 1.
    pub file: u32,
    pub line: u64,
    pub time: DateTime,
}

#[derive(Debug, Clone)]
pub struct RecordStory {
    pub aggregate: Arc<str>,
    pub key: RecordKey,
    /// The field's expression, and its condition. Neither: the engine itself gives the value.
    pub value: Option<Place>,
    pub when: Option<Place>,
    /// What the field holds in a new record.
    pub start: Value,
    /// Events that entered the record, or changed the field from outside.
    pub entered: u64,
    pub counts: Counts,
    /// Those that did more than be refused by the field's condition.
    pub telling: u64,
    /// All of them in order; where there are too many, of the telling ones the first and the last.
    pub entries: Vec<Entry>,
    /// The last event that entered, and what closed the record.
    pub ending: Ending,
}

/// What the events did to the field.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// They gave it a value, perhaps the same.
    pub set: u64,
    /// Its condition did not hold.
    pub refused: u64,
    /// Its expression gave nothing, so the old value stayed.
    pub nothing: u64,
    /// Its condition or expression failed, so the old value stayed.
    pub failed: u64,
    /// Another expression may have changed its collection in place.
    pub in_place: u64,
    /// The engine kept it as it was (`_start_time` and the like).
    pub kept: u64,
}

/// Why a record was stored for the last time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Ending {
    /// There were no more events.
    NoMoreEvents,
    /// At this event, `Split` was true.
    Split(EventAt),
    /// This event came more than the gap later (or earlier).
    Gap(EventAt),
    /// This event's dimensions are others.
    OtherRecord(EventAt),
}

/// What one event did to the field.
#[derive(Debug, Clone)]
pub struct Entry {
    pub event: EventAt,
    pub before: Value,
    pub after: Value,
    pub evaluation: Evaluation,
    /// Other expressions that may have changed the collection in place.
    pub in_place: Vec<Place>,
}

/// One evaluation of a field.
#[derive(Debug, Clone, Default)]
pub struct Evaluation {
    pub when: Option<Asked>,
    /// `None`: the condition did not hold, or the engine itself gives the value.
    pub value: Option<Asked>,
    pub outcome: Outcome,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Outcome {
    #[default]
    Kept,
    Set,
    Refused,
    Nothing,
    Failed,
}

/// An expression that was evaluated.
#[derive(Debug, Clone)]
pub struct Asked {
    pub place: Place,
    /// Of a condition: whether it held.
    pub held: bool,
    /// What it read, with the values at that moment.
    pub reads: Vec<Read>,
    /// Python's name and message where it failed.
    pub fault: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// E.g. `source.price`, `session.games`, `anchor.games`, `time`.
    pub name: String,
    pub value: Value,
}

/// A window row's cell.
#[derive(Debug, Clone)]
pub struct RowStory {
    /// The block that the row belongs to.
    pub anchor: BlockAt,
    pub condition: Asked,
    /// `None` in the columns `identity` and `anchor`.
    pub cell: Option<WindowCell>,
}

#[derive(Debug, Clone)]
pub struct WindowCell {
    pub aggregate: Arc<str>,
    pub window: Option<WindowStory>,
    /// The aggregate's own condition.
    pub when: Option<Asked>,
    pub before: Value,
    pub after: Value,
    pub evaluation: Evaluation,
    /// The field's expression.
    pub value: Option<Place>,
}

/// A stored block.
#[derive(Debug, Clone, PartialEq)]
pub struct BlockAt {
    /// Index of its aggregate in the streaming document.
    pub aggregate: usize,
    /// Its place among the identity's records of that aggregate, from 0.
    pub nth: usize,
    pub start: Option<DateTime>,
    pub end: Option<DateTime>,
}

#[derive(Debug, Clone)]
pub struct WindowStory {
    /// E.g. `7 days before the anchor`.
    pub words: String,
    /// Where it begins and ends, and whether a block that starts there is in; `None` where blocks are counted.
    pub lower: Option<(DateTime, bool)>,
    pub upper: Option<(DateTime, bool)>,
    /// Columns of the members that the aggregate's expressions read.
    pub columns: Vec<Arc<str>>,
    /// Ascending by start; the first and the last where there are many.
    pub members: Vec<Member>,
    pub member_count: u64,
    /// What was lacking; the fields keep their defaults.
    pub missing: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Member {
    pub block: BlockAt,
    /// One per column.
    pub values: Vec<Value>,
}
