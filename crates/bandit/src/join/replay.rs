//! A finished log through the machine: all of it is seen before the first record leaves.

use super::counters::Counters;
use super::machine::{Emitted, Machine};
use super::rule::Rule;
use super::sample::Sample;

#[derive(Debug, Clone, PartialEq)]
pub struct Event<P = String> {
    pub key: String,
    pub time_ms: i64,
    pub kind: EventKind<P>,
}

/// A decision carries what its record shall hold beside the reward: its action, or more.
#[derive(Debug, Clone, PartialEq)]
pub enum EventKind<P = String> {
    Decision(P),
    Reward(f64),
    Override,
    Activation,
}

/// A decision with its reward.
#[derive(Debug, Clone, PartialEq)]
pub struct Joined<P = String> {
    pub key: String,
    pub decision: P,
    /// Place of the decision among the events.
    pub event: usize,
    pub decided_ms: i64,
    /// d+W: when it can be known.
    pub emitted_ms: i64,
    pub reward: f64,
    /// Of the reward that joined; `None` for the default reward.
    pub delay_ms: Option<i64>,
}

/// What a join gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Log<P = String> {
    /// By `emitted_ms`, ties by the decision's arrival.
    pub records: Vec<Joined<P>>,
    pub counters: Counters,
    pub samples: Vec<Sample>,
}

impl<P: Clone> From<Emitted<'_, P>> for Joined<P> {
    fn from(emitted: Emitted<'_, P>) -> Joined<P> {
        Joined {
            key: emitted.key.to_owned(),
            decision: emitted.decision.clone(),
            event: emitted.arrival as usize,
            decided_ms: emitted.decided_ms,
            emitted_ms: emitted.emitted_ms,
            reward: emitted.reward,
            delay_ms: emitted.delay_ms,
        }
    }
}

/// Joins events that are given in the order of arrival.
pub fn join<P: Clone>(rule: &Rule, events: &[Event<P>]) -> Log<P> {
    let mut machine = Machine::new(*rule);
    for event in events {
        machine.take(&event.key, event.time_ms, event.kind.clone());
    }
    let mut records = Vec::new();
    machine.finish(&mut |emitted: Emitted<'_, P>| records.push(emitted.into()));
    Log { records, counters: *machine.counters(), samples: machine.samples().cloned().collect() }
}
