//! The cumulative average reward: a join document over records.

use std::path::Path;

use bandit::{Aggregation, Decisions, Log, Overrides, Rule};
use dtc_expr::{DateTime, Functions};
use dtc_lang::document::Join;
use studio_api::{ActionReward, ApiError, JoinCounters, RewardPoint, RewardReport};

use super::expressions::{Data, each_record};
use super::join_programs::{JoinPrograms, Joinable};
use super::worth::worth;

const MOST_POINTS: usize = 2_000;

pub(super) fn report(
    name: &str,
    document: &Join,
    functions: &Functions,
    data: &Data<'_>,
    root: &Path,
) -> Result<RewardReport, ApiError> {
    let (programs, projection) = JoinPrograms::compile(name, document, functions)?;
    let mut found = Joinable::default();
    let (mut unusable, mut line) = (0, 0);
    let unread = each_record(data, &projection, document.header.mode, |record| {
        line += 1;
        unusable += u64::from(programs.take((0, line), record, &mut found).is_none());
    })?;
    let rule = join_rule_of_logs(document);
    let log = bandit::join(&rule, &found.events);
    Ok(RewardReport {
        worth: document
            .probability
            .as_ref()
            .map(|_| worth(found, document, functions, root, data.cancel))
            .transpose()?,
        points: points(&log),
        actions: actions(&log),
        counters: counters(&log, unread.count + unusable),
        rule: format!(
            "reward within {} s of its decision, {}, {} without",
            document.window_seconds,
            chosen(rule.aggregation),
            document.default_reward
        ),
        unread: unread.told(),
    })
}

/// The rule by which finished logs are joined: no key is forgotten.
pub fn join_rule_of_logs(document: &Join) -> Rule {
    Rule { remember_ms: i64::MAX, ..join_rule(document) }
}

/// The rule that a document states.
pub fn join_rule(document: &Join) -> Rule {
    let millis = |seconds: f64| (seconds * 1_000.0) as i64;
    Rule {
        window_ms: millis(document.window_seconds),
        early_ms: millis(document.early_seconds),
        default_reward: document.default_reward,
        aggregation: Aggregation::of_name(document.aggregation).unwrap_or_default(),
        decisions: if document.every_decision { Decisions::Every } else { Decisions::First },
        overrides: if document.override_in_window { Overrides::InWindow } else { Overrides::UntilEnd },
        activation: document.activation_when.is_some(),
        remember_ms: millis(document.remember_seconds),
        ..Rule::default()
    }
}

fn chosen(aggregation: Aggregation) -> &'static str {
    match aggregation {
        Aggregation::Last => "last one wins",
        Aggregation::First => "first one wins",
        Aggregation::Sum => "their sum",
        Aggregation::Mean => "their mean",
        Aggregation::Median => "their median",
        Aggregation::Min => "smallest one wins",
        Aggregation::Max => "largest one wins",
        Aggregation::Each => "a record for each",
    }
}

fn points(log: &Log) -> Vec<RewardPoint> {
    let points = bandit::curve(&log.records, MOST_POINTS).into_iter();
    points
        .map(|point| RewardPoint {
            decisions: point.decisions,
            time: DateTime { micros: point.emitted_ms.saturating_mul(1_000), offset: Some(0) }.isoformat(),
            mean: point.mean,
            low: point.interval.map(|(low, _)| low),
            high: point.interval.map(|(_, high)| high),
        })
        .collect()
}

fn actions(log: &Log) -> Vec<ActionReward> {
    let means = bandit::actions(&log.records).into_iter();
    means.map(|mean| ActionReward { action: mean.action, decisions: mean.decisions, mean: mean.mean }).collect()
}

fn counters(log: &Log, unusable: u64) -> JoinCounters {
    let counted = log.counters;
    JoinCounters {
        decisions: counted.decisions,
        joined: counted.joined,
        defaulted: counted.defaulted,
        duplicates: counted.duplicate_decisions,
        overridden: counted.overridden,
        early_rewards: counted.early_rewards,
        late_rewards: counted.late_rewards,
        orphan_rewards: counted.orphan_rewards,
        unusable: unusable + counted.unusable_rewards,
    }
}
