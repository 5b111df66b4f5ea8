//! A service's log read again without the service: the records that it gives, and the events as a table.

use std::path::Path;

use bandit::{Counters, Emitted, EventKind, Machine, Rule};

use crate::error::ServiceError;
use crate::event::Payload;
use crate::log::{Entry, Log};
use crate::record;

/// The records of the log, byte for byte as the service writes them, up to `until_ms`, or all as if the log had ended.
/// A running service is not disturbed.
pub fn records(
    data: &Path,
    rule: Rule,
    until_ms: Option<i64>,
    mut take: impl FnMut(&[u8]),
) -> Result<Counters, ServiceError> {
    let mut machine = Machine::new(rule);
    let (mut begun, mut line) = (false, Vec::new());
    let mut leave = |emitted: Emitted<'_, Payload>| {
        line.clear();
        record::write(&emitted, &mut line);
        take(&line);
    };
    Log::read(&data.join("log"), |number, entry| {
        if !std::mem::replace(&mut begun, true) {
            machine = Machine::new(rule).starting_at(number);
        }
        machine.advance(entry.time_ms, &mut leave);
        again(&mut machine, entry);
    })?;
    match until_ms {
        Some(until_ms) => machine.advance(until_ms, &mut leave),
        None => machine.finish(&mut leave),
    }
    Ok(*machine.counters())
}

/// The event as it was lived: what repeats a decision that is no longer in the log is nothing.
pub(crate) fn again(machine: &mut Machine<Payload>, entry: Entry<'_>) {
    if entry.again && !machine.has_decision(entry.key) {
        machine.pass();
    } else {
        machine.take(entry.key, entry.time_ms, entry.kind);
    }
}

/// The events as lines of CSV with a header, as `dtc bandit join --events` takes them.
pub fn events(data: &Path, mut take: impl FnMut(&str)) -> Result<(), ServiceError> {
    take("seq,kind,key,ts_ms,reward,action,probability\n");
    Log::read(&data.join("log"), |number, entry| {
        let (kind, rest) = match &entry.kind {
            EventKind::Decision(payload) => ("decision", decided(payload)),
            EventKind::Reward(reward) => ("reward", format!("{reward},,")),
            EventKind::Override => ("override", ",,".to_owned()),
            EventKind::Activation => ("activation", ",,".to_owned()),
        };
        take(&format!("{number},{kind},{},{},{rest}\n", cell(entry.key), entry.time_ms));
    })?;
    Ok(())
}

fn decided(payload: &[u8]) -> String {
    let text = format!("{{{}}}", String::from_utf8_lossy(payload));
    let decision: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    let action = match &decision["action"] {
        serde_json::Value::String(action) => cell(action),
        action => cell(&action.to_string()),
    };
    format!(",{action},{}", decision["probability"])
}

fn cell(text: &str) -> String {
    let plain = !text.contains([',', '"', '\n', '\r']) && text.trim() == text;
    if plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}
