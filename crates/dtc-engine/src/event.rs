//! Intake: from a raw record to an event with identity and time, or the reason why not.

use std::sync::Arc;

use dtc_expr::{DateTime, EvalError, Frame, Mode, Program, RowAt, Rows, RowsBuilder, Value};
use dtc_lang::scopes;
use rustc_hash::FxHashMap;

use crate::arrivals::{Arrivals, NOBODY, Part};
use crate::plan::Plan;

/// A record that may enter a run.
#[derive(Debug, Clone)]
pub struct Event {
    pub identity: Arc<str>,
    /// Always with an offset: a time without one is taken as UTC.
    pub time: DateTime,
    /// What `EventId` gave; `None` without one, or where the event has none.
    pub id: Option<Arc<str>>,
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
    frame: Frame,
    /// Of identities that are not plain texts of the event.
    numbers: FxHashMap<Arc<str>, u32>,
    /// Events of one identity often follow one another.
    last: Option<Arc<str>>,
}

/// The rows of one part of the input, with what the intake found for each.
#[derive(Debug, Default)]
pub struct Taken {
    pub(crate) part: Part,
    records: usize,
    /// Records that cannot enter.
    pub unusable: Vec<Refused>,
}

/// A record of a part that cannot enter.
#[derive(Debug, Clone)]
pub struct Refused {
    /// Counted as the part's lines are.
    pub line: u32,
    pub reason: String,
    /// What was read of it, a record.
    pub event: Value,
}

/// Identity, time and id.
type Entry = (Arc<str>, DateTime, Option<Arc<str>>);

impl Taken {
    /// Records, those that cannot enter too.
    pub fn len(&self) -> usize {
        self.records
    }

    pub fn is_empty(&self) -> bool {
        self.records == 0
    }
}

impl<'p> Intake<'p> {
    pub fn new(plan: &'p Plan) -> Intake<'p> {
        let frame = Frame { variables: vec![None; scopes::VARIABLES], ..Frame::default() };
        Intake { plan, frame, numbers: FxHashMap::default(), last: None }
    }

    /// `source` must be a `Flavor::Record` dict (anything else is unusable).
    pub fn accept(&mut self, source: Value, file: u32, line: u64) -> Result<Event, Unusable> {
        if !matches!(source, Value::Dict(..)) {
            return Err(Unusable { reason: format!("an event must be a JSON object, this is {}", source.type_name()) });
        }
        let mut row = RowsBuilder::new(self.plan.columns());
        row.set_event(&source, self.plan.columns());
        row.push();
        self.stand_on(row.finish());
        let (identity, time, id) = self.look()?;
        let identity = self.share(identity);
        Ok(Event { identity, time, id, source, file, line })
    }

    /// Takes a part's rows; `line` has one line for each, counted from wherever the caller likes.
    pub fn part(&mut self, rows: &mut Rows, line: Vec<u32>) -> Taken {
        let records = rows.len();
        self.stand_on(std::mem::take(rows));
        self.numbers.clear();
        let mut arrivals = Arrivals::with_capacity(records);
        let mut unusable = Vec::new();
        let mut places = Vec::new();
        for row in 0..records {
            self.frame.row.row = row;
            if self.enter_plain(&mut arrivals, &mut places) {
                continue;
            }
            let id = match self.look() {
                Ok((identity, time, id)) => {
                    let number = *self.numbers.entry(identity).or_insert_with_key(|name| arrivals.name(name));
                    arrivals.enter(number, time);
                    id
                }
                Err(refused) => {
                    let line = line.get(row).copied().unwrap_or(0);
                    let event = self.frame.row.event(self.plan.columns());
                    unusable.push(Refused { line, reason: refused.reason, event });
                    arrivals.enter(NOBODY, DateTime { micros: 0, offset: Some(0) });
                    None
                }
            };
            if self.plan.event_id.is_some() {
                arrivals.with_id(id);
            }
        }
        *rows = Arc::unwrap_or_clone(std::mem::take(&mut self.frame.row.parts)).pop().unwrap_or_default();
        Taken { part: arrivals.arranged(rows, &line), records, unusable }
    }

    /// Identity a text of the event, the time one that the reader has read, no id: what most events are.
    /// `places` has the numbers of identities by the number of their text.
    #[inline]
    fn enter_plain(&mut self, arrivals: &mut Arrivals, places: &mut Vec<u32>) -> bool {
        let (Some(slot), Some(time), None) = (self.plan.identity.part(), self.plan.columns().time, &self.plan.event_id)
        else {
            return false;
        };
        let row = &self.frame.row;
        let (Some((text, name)), Value::DateTime(time)) = (row.text(slot), &*row.get(time)) else { return false };
        let number = match places.get(text).copied().filter(|number| *number != NOBODY) {
            Some(number) => number,
            None => {
                if name.trim().is_empty() {
                    return false;
                }
                if places.len() <= text {
                    places.resize(text + 1, NOBODY);
                }
                places[text] = arrivals.name(name);
                places[text]
            }
        };
        arrivals.enter(number, DateTime { micros: time.micros, offset: Some(time.offset.unwrap_or(0)) });
        true
    }

    fn stand_on(&mut self, rows: Rows) {
        self.frame.row = RowAt { parts: Arc::new(vec![rows]), part: 0, row: 0 };
    }

    /// Identity, time and id of the row at hand.
    fn look(&mut self) -> Result<Entry, Unusable> {
        if self.plan.columns().whole {
            self.frame.variables[scopes::SOURCE.0 as usize] = Some(self.frame.row.get(0).into_value());
        }
        let plan = self.plan;
        let identity = self.eval(&plan.identity, "Identity").and_then(|value| identity_text(value, plan.mode));
        let time = self.eval(&plan.time, "Time").and_then(event_time);
        let id = match &plan.event_id {
            Some(event_id) => self.eval(event_id, "EventId").and_then(event_id_text),
            None => Ok(None),
        };
        Ok((identity?, time?, id?))
    }

    fn eval(&mut self, program: &Program, attribute: &str) -> Result<Value, Unusable> {
        // A time that the reader has read already.
        if let (Some(slot), "Time") = (self.plan.columns().time, attribute)
            && let Value::DateTime(time) = *self.frame.row.get(slot)
        {
            return Ok(Value::DateTime(time));
        }
        program.eval(&mut self.frame).map_err(|error| failed(attribute, &error))
    }

    fn share(&mut self, identity: Arc<str>) -> Arc<str> {
        match &self.last {
            Some(last) if **last == *identity => last.clone(),
            _ => {
                self.last = Some(identity.clone());
                identity
            }
        }
    }
}

fn failed(attribute: &str, error: &EvalError) -> Unusable {
    Unusable { reason: format!("{attribute} failed: {}: {}", error.kind.name(), error.message) }
}

fn identity_text(value: Value, mode: Mode) -> Result<Arc<str>, Unusable> {
    let missing = || Unusable { reason: "Identity is missing or blank".to_string() };
    match value {
        Value::None => Err(missing()),
        Value::Str(text) if text.trim().is_empty() => Err(missing()),
        Value::Str(text) => Ok(text),
        Value::Bool(_) | Value::Int(_) | Value::Big(_) | Value::Float(_) if mode == Mode::Studio => {
            Ok(Arc::from(value.to_text()))
        }
        other => {
            Err(Unusable { reason: format!("Identity must be text, this is {}: {}", other.type_name(), other.repr()) })
        }
    }
}

fn event_id_text(value: Value) -> Result<Option<Arc<str>>, Unusable> {
    match value {
        Value::None => Ok(None),
        Value::Str(text) => Ok(Some(text).filter(|text| !text.is_empty())),
        Value::Bool(_) | Value::Int(_) | Value::Big(_) | Value::Float(_) | Value::Tuple(_) | Value::DateTime(_) => {
            Ok(Some(Arc::from(value.to_text())))
        }
        other => {
            Err(Unusable { reason: format!("EventId must be text, this is {}: {}", other.type_name(), other.repr()) })
        }
    }
}

fn event_time(value: Value) -> Result<DateTime, Unusable> {
    match value {
        Value::DateTime(time) => Ok(DateTime { micros: time.micros, offset: Some(time.offset.unwrap_or(0)) }),
        Value::None => Err(Unusable { reason: "Time is missing or could not be read".to_string() }),
        other => Err(Unusable {
            reason: format!("Time must be a datetime, this is {}: {}", other.type_name(), other.repr()),
        }),
    }
}
