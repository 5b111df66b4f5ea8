//! How much the answer hangs on the window: a log of events joined by other windows, and evaluated again.

use bandit::evaluate::{Interval, Question, of_name};
use bandit::{Event, Rule};

use crate::evaluation::{Ask, evaluate};
use crate::log::Log;
use crate::policy::{Policy, PolicyError};

/// 5 s to 1 h.
pub const WINDOWS_MS: [i64; 9] = [5_000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000];

/// A policy's value by one window.
#[derive(Debug, Clone, PartialEq)]
pub struct WindowPoint {
    pub window_ms: i64,
    pub policy: String,
    /// By SNIPS; `None` where it is refused.
    pub value: Option<f64>,
    pub interval: Option<Interval>,
    pub decisions: u64,
    /// Share of decisions with a reward in time.
    pub rewarded: f64,
}

/// Nothing for logs that were joined before they came here: what came after their window is not in them. As soon as
/// `go_on` says no it ends with what it has.
pub fn window_sensitivity(
    log: &Log,
    policies: &[Policy],
    go_on: &dyn Fn() -> bool,
) -> Result<Vec<WindowPoint>, PolicyError> {
    let mut points = Vec::new();
    if log.events.is_empty() {
        return Ok(points);
    }
    let mut windows = WINDOWS_MS.to_vec();
    windows.push(log.rule.window_ms);
    windows.sort_unstable();
    windows.dedup();
    for window_ms in windows {
        if !go_on() {
            break;
        }
        let joined = joined_again(log, Rule { window_ms, ..log.rule });
        let rewarded = joined.decisions.iter().filter(|decision| decision.delay_ms.is_some()).count();
        let rewarded = rewarded as f64 / joined.decisions.len().max(1) as f64;
        let decisions = joined.decisions.len() as u64;
        let question =
            Question { estimators: of_name("snipw").into_iter().collect(), resamples: 0, ..Question::default() };
        for policy in policies {
            let found = evaluate(&joined, policy, &Ask { question: &question, model_by: &[], bin: None })?;
            let value = found.report.estimates.first().and_then(|one| one.value.clone().ok());
            let interval = found.report.intervals.iter().find(|one| one.kind == "normal").map(|one| one.interval);
            points.push(WindowPoint { window_ms, policy: policy.name.clone(), value, interval, decisions, rewarded });
        }
    }
    Ok(points)
}

/// The decisions of the log with the rewards that another rule gives them. Those that it suppresses are gone.
fn joined_again(log: &Log, rule: Rule) -> Log {
    let events: &[Event<usize>] = &log.events;
    let joined = bandit::join(&rule, events);
    let decisions = joined.records.iter().filter_map(|record| {
        let mut decision = log.decision_of(record.decision)?.clone();
        (decision.reward, decision.delay_ms) = (record.reward, record.delay_ms);
        Some(decision)
    });
    log.with_decisions(decisions.collect())
}
