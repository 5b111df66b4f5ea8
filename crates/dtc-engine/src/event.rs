//! Intake: from a raw record to an event with identity and time, or the reason why not.

use std::sync::Arc;

use dtc_expr::{DateTime, Value};

use crate::plan::Plan;

/// A record that may enter a run.
#[derive(Debug, Clone)]
pub struct Event {
    pub identity: Arc<str>,
    pub time: DateTime,
    /// The whole event, `Flavor::Record`.
    pub source: Value,
    /// Which source file (index in the caller's list) and line (from 1) it came from.
    pub file: u32,
    pub line: u64,
}

/// Why a record cannot enter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unusable {
    pub reason: String,
}

/// Evaluates Identity and Time for one record after the other. One per reading thread.
pub struct Intake<'p> {
    plan: &'p Plan,
}

impl<'p> Intake<'p> {
    pub fn new(plan: &'p Plan) -> Intake<'p> {
        Intake { plan }
    }
    /// `source` must be a `Flavor::Record` dict (anything else is unusable).
    pub fn accept(&mut self, _source: Value, _file: u32, _line: u64) -> Result<Event, Unusable> {
        let _ = self.plan;
        Err(Unusable { reason: String::new() })
    }
}
