//! Intake: from a raw record to an event with identity and time, or the reason why not.

use std::sync::Arc;

use dtc_expr::{DateTime, EvalError, Frame, Mode, Program, Value};
use dtc_lang::scopes;

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
    /// Events of one identity share its text; most files hold runs of the same few.
    last: Option<Arc<str>>,
}

impl<'p> Intake<'p> {
    pub fn new(plan: &'p Plan) -> Intake<'p> {
        let frame = Frame { variables: vec![None; scopes::VARIABLES], ..Frame::default() };
        Intake { plan, frame, last: None }
    }

    /// `source` must be a `Flavor::Record` dict (anything else is unusable).
    pub fn accept(&mut self, source: Value, file: u32, line: u64) -> Result<Event, Unusable> {
        if !matches!(source, Value::Dict(..)) {
            return Err(Unusable { reason: format!("an event must be a JSON object, this is {}", source.type_name()) });
        }
        let slot = scopes::SOURCE.0 as usize;
        self.frame.variables[slot] = Some(source);
        let identity =
            self.eval(&self.plan.identity, "Identity").and_then(|value| identity_text(value, self.plan.mode));
        let time = self.eval(&self.plan.time, "Time").and_then(event_time);
        let id = match &self.plan.event_id {
            Some(event_id) => self.eval(event_id, "EventId").and_then(event_id_text),
            None => Ok(None),
        };
        let source = self.frame.variables[slot].take().unwrap_or_default();
        let identity = self.share(identity?);
        Ok(Event { identity, time: time?, id: id?, source, file, line })
    }

    fn eval(&mut self, program: &Program, attribute: &str) -> Result<Value, Unusable> {
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
