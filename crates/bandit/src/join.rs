//! The join: every decision waits the same window W, then is emitted once with its reward.
//!
//! A decision at d takes the rewards of its key in [d, d+W], the last of them by time, ties by arrival;
//! none gives the default reward. An override of its key at any time up to d+W suppresses it. Of several
//! decisions of a key the first by time counts, ties by arrival. Refuses to drop anything silently:
//! what does not join is counted.

use indexmap::IndexMap;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// W. Below 0 it is taken as 0.
    pub window_ms: i64,
    pub default_reward: f64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub key: String,
    pub time_ms: i64,
    pub kind: EventKind,
}

#[derive(Debug, Clone, PartialEq)]
pub enum EventKind {
    Decision { action: String },
    Reward(f64),
    Override,
}

/// A decision with its reward.
#[derive(Debug, Clone, PartialEq)]
pub struct Joined {
    pub key: String,
    pub action: String,
    /// Place of the decision among the events.
    pub event: usize,
    pub decided_ms: i64,
    /// d+W: when it can be known.
    pub emitted_ms: i64,
    pub reward: f64,
    /// Of the reward that joined; `None` for the default reward.
    pub delay_ms: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counters {
    /// Decision events, duplicates included.
    pub decisions: u64,
    /// Decisions of a key that already had one.
    pub duplicate_decisions: u64,
    /// Decisions that an override suppressed.
    pub overridden: u64,
    /// Emitted with a reward of their own, and with the default one.
    pub joined: u64,
    pub defaulted: u64,
    pub overrides: u64,
    pub rewards: u64,
    /// Rewards before some decision of their key.
    pub early_rewards: u64,
    /// Rewards after the window of every decision of their key.
    pub late_rewards: u64,
    /// Rewards whose key has no decision.
    pub orphan_rewards: u64,
    /// Rewards that are no finite number; they join nothing.
    pub unusable_rewards: u64,
}

/// What a join gives.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Log {
    /// By `emitted_ms`, ties by the decision's arrival.
    pub records: Vec<Joined>,
    pub counters: Counters,
}

/// What is known of one key.
#[derive(Default)]
struct Case<'a> {
    /// Time, place and action of the decision that counts.
    decision: Option<(i64, usize, &'a str)>,
    latest_decision_ms: i64,
    first_override_ms: Option<i64>,
    /// In the order of arrival.
    rewards: Vec<(i64, f64)>,
}

/// Joins events that are given in the order of arrival.
pub fn join(rule: &Rule, events: &[Event]) -> Log {
    let window_ms = rule.window_ms.max(0);
    let mut counters = Counters::default();
    let cases = gather(events, &mut counters);
    let mut records = Vec::new();
    for (key, case) in cases {
        let Some((decided_ms, event, action)) = case.decision else {
            counters.orphan_rewards += case.rewards.len() as u64;
            continue;
        };
        count_rewards(&case, window_ms, &mut counters);
        let emitted_ms = decided_ms.saturating_add(window_ms);
        if case.first_override_ms.is_some_and(|time| time <= emitted_ms) {
            counters.overridden += 1;
            continue;
        }
        let joined = last_between(&case.rewards, decided_ms, emitted_ms);
        match joined {
            Some(_) => counters.joined += 1,
            None => counters.defaulted += 1,
        }
        records.push(Joined {
            key: key.to_owned(),
            action: action.to_owned(),
            event,
            decided_ms,
            emitted_ms,
            reward: joined.map_or(rule.default_reward, |(_, reward)| reward),
            delay_ms: joined.map(|(time, _)| time.saturating_sub(decided_ms)),
        });
    }
    records.sort_by_key(|record| (record.emitted_ms, record.event));
    Log { records, counters }
}

fn gather<'a>(events: &'a [Event], counters: &mut Counters) -> IndexMap<&'a str, Case<'a>> {
    let mut cases: IndexMap<&str, Case> = IndexMap::new();
    for (place, event) in events.iter().enumerate() {
        let time = event.time_ms;
        let case = cases.entry(event.key.as_str()).or_default();
        match &event.kind {
            EventKind::Decision { action } => {
                counters.decisions += 1;
                counters.duplicate_decisions += u64::from(case.decision.is_some());
                case.latest_decision_ms =
                    if case.decision.is_some() { case.latest_decision_ms.max(time) } else { time };
                if case.decision.is_none_or(|(first, _, _)| time < first) {
                    case.decision = Some((time, place, action));
                }
            }
            EventKind::Reward(reward) => {
                counters.rewards += 1;
                if reward.is_finite() {
                    case.rewards.push((time, *reward));
                } else {
                    counters.unusable_rewards += 1;
                }
            }
            EventKind::Override => {
                counters.overrides += 1;
                case.first_override_ms = Some(case.first_override_ms.map_or(time, |first| first.min(time)));
            }
        }
    }
    cases
}

fn count_rewards(case: &Case, window_ms: i64, counters: &mut Counters) {
    let all_windows_end = case.latest_decision_ms.saturating_add(window_ms);
    for (time, _) in &case.rewards {
        counters.early_rewards += u64::from(*time < case.latest_decision_ms);
        counters.late_rewards += u64::from(*time > all_windows_end);
    }
}

/// The last reward of [from, to] by time; of one instant the one that arrived last.
fn last_between(rewards: &[(i64, f64)], from: i64, to: i64) -> Option<(i64, f64)> {
    rewards.iter().filter(|(time, _)| (from..=to).contains(time)).max_by_key(|(time, _)| *time).copied()
}
