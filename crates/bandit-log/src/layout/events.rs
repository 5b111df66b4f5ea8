//! Decisions, rewards, overrides and activations, each a record (`kind,key,ts_ms,reward,action,probability,context`):
//! joined by a rule, so that a log of events can be evaluated as it stands.

use bandit::{Event, EventKind, Rule};
use dtc_expr::{Dict, Value};

use super::columns::context;
use super::probability;
use crate::log::{LogBuilder, Logged, Placed};
use crate::value::{number, shown, text};

#[derive(Debug, Default)]
pub struct EventReader {
    /// A decision's payload is its place below.
    events: Vec<Event<usize>>,
    decisions: Vec<Placed>,
}

impl EventReader {
    /// `place` is the record's file and line. The error says what is wrong with it.
    pub fn take(&mut self, place: (usize, u64), record: &Value, fields: &Dict) -> Result<(), String> {
        let key = fields.get("key").and_then(text);
        let key = key.ok_or("the event has no `key`; give each decision's key to its rewards too")?;
        let time = fields.get("ts_ms").unwrap_or(&Value::None);
        let time_ms = number(time).ok_or_else(|| format!("`ts_ms` is {}, which is no number", shown(time)))? as i64;
        let kind = match fields.get("kind").and_then(Value::as_str).map(str::trim) {
            Some("decision") => {
                let action = fields.get("action").and_then(text).ok_or("a decision needs an `action`")?;
                let logged = Logged {
                    key: key.clone(),
                    time_ms: Some(time_ms),
                    action,
                    probability: probability("probability", fields.get("probability"))?,
                    context: fields.get("context").map(context).unwrap_or_default(),
                    record: record.clone(),
                    ..Logged::default()
                };
                self.decisions.push((place, logged));
                EventKind::Decision(self.decisions.len() - 1)
            }
            Some("reward") => {
                let reward = fields.get("reward").and_then(number);
                EventKind::Reward(reward.ok_or("a reward needs a finite number as `reward`")?)
            }
            Some("override") => EventKind::Override,
            Some("activation") => EventKind::Activation,
            _ => {
                let found = fields.get("kind").map(shown).unwrap_or_default();
                return Err(format!("`kind` is {found}; it may be decision, reward, override or activation"));
            }
        };
        self.events.push(Event { key, time_ms, kind });
        Ok(())
    }

    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Adds the joined decisions in the order in which they leave.
    pub fn join(self, rule: &Rule, builder: &mut LogBuilder) {
        builder.join(self.events, self.decisions, *rule);
    }
}
