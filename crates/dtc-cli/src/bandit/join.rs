//! `dtc bandit join`: a log of decisions, rewards and overrides through the join rule.

use std::io::{self, Write};

use ::bandit::{Emitted, EventKind, Machine, Semantics};
use serde_json::{Map, Value, json};

use super::table::Table;
use crate::args::BanditJoin;
use crate::failure::{Failure, Outcome, printing};

/// What a record shows of its decision, as it stood in the log.
#[derive(Clone)]
struct Decision {
    sequence: i64,
    action: String,
    probability: String,
}

struct Event {
    key: String,
    time_ms: i64,
    kind: EventKind<Decision>,
}

pub fn run(arguments: &BanditJoin) -> Outcome {
    let name = arguments.semantics.as_str();
    let semantics = Semantics::of_name(name).ok_or_else(|| {
        let known: Vec<&str> = Semantics::ALL.iter().map(|(name, _)| *name).collect();
        Failure::Usage(format!("there are no semantics `{name}`; take {}", known.join(", ")))
    })?;
    let events = read(&Table::read(&arguments.events)?)?;
    let found = json!({ name: records(semantics, &events), "counters": counters(&events) });
    let mut out = io::stdout().lock();
    serde_json::to_writer(&mut out, &found).map_err(|error| printing(&error.into()))?;
    writeln!(out).map_err(|error| printing(&error))
}

fn read(table: &Table) -> Outcome<Vec<Event>> {
    let [kind, key, time, reward, action, probability] =
        ["kind", "key", "ts_ms", "reward", "action", "probability"].map(|name| table.needed(name));
    let (kind, key, time) = (kind?, key?, time?);
    let (reward, action, probability) = (reward?, action?, probability?);
    let sequence = table.column("seq");
    let mut events = Vec::new();
    for (place, row) in table.rows().enumerate() {
        let known_key = row.text(key);
        if known_key.trim().is_empty() {
            return Err(row.failure("the event has no key; give each decision's key to its rewards too"));
        }
        let kind = match row.text(kind).trim() {
            "decision" => EventKind::Decision(Decision {
                sequence: sequence.map_or(Ok(place as i64), |column| row.integer(column, "seq"))?,
                action: row.text(action).to_owned(),
                probability: row.text(probability).to_owned(),
            }),
            "reward" => EventKind::Reward(row.number(reward, "reward")?),
            "override" => EventKind::Override,
            "activation" => EventKind::Activation,
            other => {
                let what = format!("`kind` is `{other}`; it may be decision, reward, override or activation");
                return Err(row.failure(&what));
            }
        };
        events.push(Event { key: known_key.to_owned(), time_ms: row.integer(time, "ts_ms")?, kind });
    }
    Ok(events)
}

/// All records once the log has ended, handed to `take` in the order in which they leave.
fn replay(semantics: Semantics, events: &[Event], mut take: impl FnMut(Emitted<'_, Decision>)) -> ::bandit::Counters {
    let mut machine = Machine::new(semantics.rule());
    for event in events {
        machine.take(&event.key, event.time_ms, event.kind.clone());
    }
    machine.finish(&mut take);
    *machine.counters()
}

/// In the order in which their decisions arrived.
fn records(semantics: Semantics, events: &[Event]) -> Vec<Value> {
    let mut records = Vec::new();
    replay(semantics, events, |emitted| {
        let record = json!({
            "key": emitted.key,
            "decision_seq": emitted.decision.sequence,
            "emit_ts": emitted.emitted_ms,
            "action": emitted.decision.action,
            "probability": emitted.decision.probability,
            "reward": emitted.reward,
            "reward_delta_ms": emitted.delay_ms,
        });
        records.push((emitted.arrival, emitted.part, record));
    });
    records.sort_by_key(|(arrival, part, _)| (*arrival, *part));
    records.into_iter().map(|(_, _, record)| record).collect()
}

/// The same whatever the semantics: by name, some are those of one of them.
fn counters(events: &[Event]) -> Value {
    let of = |semantics| replay(semantics, events, |_| {});
    let (ours, first, second) = (of(Semantics::SeedSpec), of(Semantics::DemoV1), of(Semantics::DemoV2));
    let named = [
        ("decisions", ours.decisions),
        ("distinct_keys", ours.distinct_keys),
        ("rewards", ours.rewards),
        ("overrides", ours.overrides),
        ("rewards_without_any_decision", ours.orphan_rewards),
        ("rewards_never_joined_v1", first.rewards - first.used_rewards),
        ("early_rewards", ours.early_rewards),
        ("late_rewards", ours.late_rewards),
        ("decisions_default_reward_v2", second.defaulted),
        ("duplicate_decisions", ours.duplicate_decisions),
    ];
    Value::Object(named.into_iter().map(|(name, count)| (name.to_owned(), json!(count))).collect::<Map<_, _>>())
}
