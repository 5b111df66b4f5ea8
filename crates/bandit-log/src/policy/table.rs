//! A policy as a file: one row for each action (or decision and action), with the probability, or without one where
//! it takes the action for certain. Every other column says which decisions the row is for: `key`, or a field of the
//! context or the record of that name.

use std::path::Path;

use dtc_expr::{Dict, Mode, Value};
use dtc_io::{Input, Projection};
use rustc_hash::FxHashMap;

use super::{Answer, Asked, PolicyError};
use crate::value::{fields, number, text};

#[derive(Debug)]
pub struct PolicyTable {
    name: String,
    /// Columns that say for which decisions a row is.
    by: Vec<String>,
    /// Their values, then actions with probabilities.
    rows: FxHashMap<Vec<String>, Vec<(String, f64)>>,
}

const KEYS: [&str; 5] = ["key", "EventId", "event_id", "id", "i"];

impl PolicyTable {
    pub fn read(path: &Path) -> Result<PolicyTable, PolicyError> {
        let name = path.display().to_string();
        let input =
            Input::open(path, &Projection::All, Mode::Studio).map_err(|error| PolicyError(error.to_string()))?;
        let mut table = PolicyTable { name: name.clone(), by: Vec::new(), rows: FxHashMap::default() };
        let mut first = true;
        for record in input {
            let record = record.map_err(|bad| PolicyError(format!("{name}:{}: {}", bad.line, bad.reason)))?;
            let Some(row) = fields(&record.value) else { continue };
            if first {
                let other = |key: &String| key != "action" && key != "probability";
                table.by = row.keys().filter_map(|key| key.as_str().map(str::to_owned)).filter(other).collect();
                first = false;
            }
            table.add(row).map_err(|what| PolicyError(format!("{name}:{}: {what}", record.line)))?;
        }
        match table.rows.is_empty() {
            true => Err(PolicyError(format!("{name} has no rows; give it the columns action and probability"))),
            false => Ok(table),
        }
    }

    fn add(&mut self, row: &Dict) -> Result<(), String> {
        let action = row.get("action").and_then(text).ok_or("there is no `action`")?;
        let probability = match row.get("probability") {
            None => 1.0,
            Some(value) => {
                let p = number(value).filter(|p| (0.0..=1.0).contains(p));
                p.ok_or_else(|| format!("`probability` is {}, not between 0 and 1", crate::value::shown(value)))?
            }
        };
        let by = self.by.iter().map(|name| row.get(name.as_str()).and_then(text).unwrap_or_default()).collect();
        let known: &mut Vec<(String, f64)> = self.rows.entry(by).or_default();
        if known.iter().any(|(other, _)| *other == action) {
            return Err(format!("`{action}` has a probability already; a decision and action has one row"));
        }
        known.push((action, probability));
        Ok(())
    }

    pub(super) fn ask(&self, asked: Asked<'_>) -> Result<Answer, String> {
        let Asked { log, decision, offered } = asked;
        let of = |value: &Value, name: &str| fields(value).and_then(|fields| fields.get(name)).and_then(text);
        let value = |name: &String| {
            let own = KEYS.contains(&name.as_str()).then(|| decision.key.clone());
            own.or_else(|| of(&decision.context, name)).or_else(|| of(&decision.record, name)).unwrap_or_default()
        };
        let by: Vec<String> = self.by.iter().map(value).collect();
        let rows = self.rows.get(&by).ok_or_else(|| {
            let wanted: Vec<String> = self.by.iter().zip(&by).map(|(name, value)| format!("{name} {value}")).collect();
            format!("{} has no row for {}", self.name, wanted.join(", "))
        })?;
        let of = |action: &usize| rows.iter().find(|(name, _)| *name == log.actions[*action]).map_or(0.0, |(_, p)| *p);
        Ok(Answer::All(offered.iter().map(of).collect()))
    }
}
