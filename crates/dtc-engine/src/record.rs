//! What a worker tells of its work while it runs. A run listens with [`Silence`], which the compiler takes
//! away; `trace` listens to one identity. So both are the same code and cannot drift apart.

use dtc_expr::{DateTime, Frame, Value};

use crate::output::RecordKey;
use crate::plan_window::Bounds;
use crate::window::Block;

/// Hears what happens, with the values as they are at that moment.
pub(crate) trait Recorder {
    /// Whether it hears anything: what is done only to be told is left out otherwise.
    const LISTENS: bool = true;

    fn note(&mut self, frame: &Frame, note: Note<'_>);
}

/// Hears nothing.
#[derive(Debug, Default)]
pub(crate) struct Silence;

impl Recorder for Silence {
    const LISTENS: bool = false;

    #[inline(always)]
    fn note(&mut self, _frame: &Frame, _note: Note<'_>) {}
}

/// Aggregates by their group in the frame: those of the window document come behind the streaming ones.
pub(crate) enum Note<'a> {
    /// An event is at hand; nothing has looked at it yet.
    Event { file: u32, line: u64, time: DateTime },
    /// The document's `When` refused the event.
    Refused,
    /// The event is through.
    Done,
    /// All events are through: what is open will be closed.
    Finish,
    /// An expression is about to be evaluated.
    Asked { place: u32 },
    /// It failed, or its value is not the field's type.
    Fault { place: u32, cause: &'a str },
    /// A condition was asked.
    Condition { place: u32, held: bool },
    /// An event passed the aggregate's conditions: its fields are next.
    Enter { aggregate: usize },
    /// A field is about to be given a new value.
    Set { aggregate: usize, slot: usize },
    /// The aggregate's `Split` was true, or the time since its block was longer than the gap.
    Parted { aggregate: usize, by_gap: bool },
    /// The current record is stored.
    Closed { aggregate: usize, key: &'a RecordKey },
    /// Another record is the current one: `stored` was there before, with what it held. A block's key is not
    /// known before its first event.
    Opened { aggregate: usize, key: Option<&'a RecordKey>, stored: bool },
    /// The current record was stored at this place of the store.
    Stored { aggregate: usize, place: usize },
    /// What is stored at this place is the current record again.
    Restored { aggregate: usize, place: usize },
    /// A stored block is tried as an anchor.
    Tried { block: &'a Block },
    /// `Max` leaves it out untested.
    Full,
    /// The blocks in the window of one of the document's aggregates.
    Members { aggregate: usize, bounds: &'a Bounds, anchor: &'a Block, members: &'a [(&'a Block, &'a [Value])] },
    /// There are not enough of them.
    Missing { aggregate: usize, bounds: &'a Bounds, anchor: &'a Block, reason: &'a str },
    /// The anchor gave a row.
    Row,
}
