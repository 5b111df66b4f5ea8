//! A table with one decision a row (CSV, Parquet, JSON Lines), the join service's records among them: which column
//! holds what is known by its name, or told.

use dtc_expr::{Dict, Value};

use super::{Item, probability};
use crate::log::Logged;
use crate::value::{fields, millis, number, of_json, shown, text};

/// Names by what they hold, the first that a table has.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Columns {
    pub action: Option<String>,
    pub probability: String,
    pub reward: String,
    pub key: Option<String>,
    pub time: Option<String>,
    pub context: Option<String>,
    pub delay: Option<String>,
}

const ACTION: [&str; 4] = ["action", "chosen_action", "arm", "item_id"];
const PROBABILITY: [&str; 7] =
    ["probability", "pscore", "propensity", "propensity_score", "logged_probability", "prob", "p"];
const REWARD: [&str; 3] = ["reward", "r", "click"];
const KEY: [&str; 7] = ["key", "EventId", "event_id", "decision_id", "id", "i", "index"];
const TIME: [&str; 6] = ["decided_ms", "time", "timestamp", "Timestamp", "ts_ms", "event_time"];
const CONTEXT: [&str; 2] = ["context", "features"];
const DELAY: [&str; 2] = ["reward_delta_ms", "delay_ms"];

/// What may be told: `action=column`.
const PARTS: [&str; 7] = ["action", "probability", "reward", "key", "time", "context", "delay"];

impl Columns {
    pub fn of(record: &Dict, renamed: &[(String, String)]) -> Result<Columns, String> {
        if let Some((part, _)) = renamed.iter().find(|(part, _)| !PARTS.contains(&part.as_str())) {
            return Err(format!("a column cannot be told for `{part}`; there are {}", PARTS.join(", ")));
        }
        let has = |name: &str| record.contains_key(name);
        let listed = || {
            let names: Vec<String> = record.keys().take(12).map(Value::to_text).collect();
            names.join(", ")
        };
        let find = |part: &str, known: &[&str]| -> Result<Option<String>, String> {
            match renamed.iter().find(|(told, _)| told == part) {
                Some((_, name)) if has(name) => Ok(Some(name.clone())),
                Some((_, name)) => Err(format!("there is no column `{name}` for the {part}; there are {}", listed())),
                None => Ok(known.iter().find(|name| has(name)).map(|name| (*name).to_owned())),
            }
        };
        let needed = |part: &str, known: &[&str]| -> Result<String, String> {
            find(part, known)?.ok_or_else(|| {
                format!(
                    "no column holds the {part}; there are {}. Name it {}, or say which it is: --column {part}=NAME",
                    listed(),
                    known[..known.len().min(3)].join(", ")
                )
            })
        };
        Ok(Columns {
            action: find("action", &ACTION)?,
            probability: needed("probability", &PROBABILITY)?,
            reward: needed("reward", &REWARD)?,
            key: find("key", &KEY)?,
            time: find("time", &TIME)?,
            context: find("context", &CONTEXT)?,
            delay: find("delay", &DELAY)?,
        })
    }

    pub fn is_service(&self) -> bool {
        self.time.as_deref() == Some("decided_ms") && self.delay.as_deref() == Some("reward_delta_ms")
    }

    pub fn item(&self, number_of_line: usize, record: &Value, line: &Dict) -> Item {
        match self.logged(number_of_line, record, line) {
            Ok(logged) => Item::Decision(Box::new(logged)),
            Err(what) => Item::Fault(what),
        }
    }

    fn logged(&self, number_of_line: usize, record: &Value, line: &Dict) -> Result<Logged, String> {
        let get = |name: &Option<String>| name.as_ref().and_then(|name| line.get(name.as_str()));
        let action = match &self.action {
            Some(name) => line
                .get(name.as_str())
                .and_then(text)
                .ok_or_else(|| format!("`{name}` is empty; it names the action"))?,
            // A table may hold the policy's probabilities already.
            None => "?".to_owned(),
        };
        let reward = line.get(self.reward.as_str());
        let reward = reward.and_then(number).ok_or_else(|| {
            let found =
                reward.map_or("missing".to_owned(), |value| format!("{}, which is no finite number", shown(value)));
            format!("`{}` is {found}; a decision without a reward has the default reward, mostly 0", self.reward)
        })?;
        let time_ms = match get(&self.time) {
            None | Some(Value::None) => None,
            Some(value) => Some(millis(value).ok_or_else(|| {
                let name = self.time.as_deref().unwrap_or_default();
                format!("`{name}` is {}, which is no time; write it as 2026-01-31T12:00:00Z", shown(value))
            })?),
        };
        Ok(Logged {
            key: get(&self.key).and_then(text).unwrap_or_else(|| number_of_line.to_string()),
            time_ms,
            action,
            probability: probability(&self.probability, line.get(self.probability.as_str()))?,
            reward,
            context: match get(&self.context) {
                Some(value) => context(value),
                None => self.rest(line),
            },
            record: record.clone(),
            delay_ms: get(&self.delay).and_then(number).map(|delay| delay as i64),
            ..Logged::default()
        })
    }
}

/// What was decided and what came of it is no context of it.
const OF_POLICIES: [&str; 3] = ["pi_e", "q_logged", "q_pi"];

impl Columns {
    /// The columns that hold nothing else.
    fn rest(&self, line: &Dict) -> Value {
        let held = [&self.action, &self.key, &self.time, &self.delay];
        let other = |name: &Value| {
            let Some(name) = name.as_str() else { return false };
            let known = held.iter().any(|held| held.as_deref() == Some(name)) || OF_POLICIES.contains(&name);
            !known && name != self.probability && name != self.reward
        };
        Value::dict(
            line.iter().filter(|(name, _)| other(name)).map(|(name, value)| (name.clone(), value.clone())).collect(),
        )
    }
}

/// An object, also one that a cell of a table holds as JSON.
pub fn context(value: &Value) -> Value {
    match value.as_str().and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok()) {
        Some(json) if json.is_object() => of_json(&json),
        _ if fields(value).is_some() => value.clone(),
        _ => Value::None,
    }
}
