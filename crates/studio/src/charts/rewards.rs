//! The cumulative average reward: a join document over records.

use std::path::Path;

use bandit::{Aggregation, Decisions, Event, EventKind, Log, Overrides, Rule};
use bandit_log::Logged;
use dtc_expr::{DateTime, Functions, Program, Value};
use dtc_lang::document::{Join, Policy, PolicyKind};
use num_traits::ToPrimitive;
use studio_api::{ActionReward, ApiError, JoinCounters, RewardPoint, RewardReport};

use super::expressions::{Compiler, Data, Record, each_record};
use super::worth::Decided;
use crate::error::invalid;

const MOST_POINTS: usize = 2_000;

struct Programs {
    when: Option<Program>,
    key: Program,
    time: Program,
    decision_when: Program,
    action: Program,
    reward_when: Program,
    reward: Program,
    override_when: Option<Program>,
    activation_when: Option<Program>,
    probability: Option<Program>,
    context: Option<Program>,
}

/// Whether a policy looks at whole records.
fn reads_records(document: &Join) -> bool {
    let reads = |policy: &Policy| match &policy.kind {
        PolicyKind::Expression(value) | PolicyKind::Column(value) => value.text.contains("source"),
        PolicyKind::File(_) => true,
        _ => false,
    };
    document.policies.iter().any(reads)
}

pub(super) fn report(
    name: &str,
    document: &Join,
    functions: &Functions,
    data: &Data<'_>,
    root: &Path,
) -> Result<RewardReport, ApiError> {
    let scope = dtc_lang::scopes::join(document, functions);
    let mut compiler = Compiler::new(name, &scope);
    let when = document.header.when.as_ref().map(|when| compiler.compile(when));
    let override_when = document.override_when.as_ref().map(|when| compiler.compile(when));
    let activation_when = document.activation_when.as_ref().map(|when| compiler.compile(when));
    let probability = document.probability.as_ref().map(|probability| compiler.compile(probability));
    let context = document.context.as_ref().map(|context| compiler.compile(context));
    if document.probability.is_some() && reads_records(document) {
        compiler.read_all();
    }
    let needed = [
        &document.key,
        &document.time,
        &document.decision_when,
        &document.action,
        &document.reward_when,
        &document.reward_value,
    ];
    let needed: Option<Vec<Program>> = needed.map(|expression| compiler.compile(expression)).into_iter().collect();
    let projection = compiler.finish()?;
    let needed = needed.and_then(|programs| <[Program; 6]>::try_from(programs).ok());
    let [key, time, decision_when, action, reward_when, reward] =
        needed.ok_or_else(|| invalid(format!("{name} has expressions that do not compile.")))?;
    let programs = Programs {
        when: when.flatten(),
        key,
        time,
        decision_when,
        action,
        reward_when,
        reward,
        override_when: override_when.flatten(),
        activation_when: activation_when.flatten(),
        probability: probability.flatten(),
        context: context.flatten(),
    };
    let mut events = Vec::new();
    let mut decided = Decided::default();
    let mut unusable = 0;
    let bad = each_record(data, &projection, document.header.mode, |record| {
        unusable += u64::from(programs.take(record, &mut events, &mut decided).is_none());
    })?;
    // As a finished log is joined: no key is forgotten.
    let rule = Rule { remember_ms: i64::MAX, ..join_rule(document) };
    let log = bandit::join(&rule, &events);
    let worth = programs.probability.as_ref().map(|_| decided.worth(&events, &rule, document, functions, root));
    Ok(RewardReport {
        worth,
        points: points(&log),
        actions: actions(&log),
        counters: counters(&log, bad + unusable),
        rule: format!(
            "reward within {} s of its decision, {}, {} without",
            document.window_seconds,
            chosen(rule.aggregation),
            document.default_reward
        ),
    })
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

impl Programs {
    /// Adds what the record says; `None`: it cannot be used.
    fn take(&self, record: &mut Record, events: &mut Vec<Event>, decided: &mut Decided) -> Option<()> {
        if let Some(when) = &self.when
            && !record.holds(when)?
        {
            return Some(());
        }
        let mut kinds = Vec::new();
        if record.holds(&self.decision_when)? {
            kinds.push(EventKind::Decision(record.text(&self.action)?));
        }
        if record.holds(&self.reward_when)? {
            kinds.push(EventKind::Reward(number(&record.value(&self.reward)?)?));
        }
        if let Some(when) = &self.override_when
            && record.holds(when)?
        {
            kinds.push(EventKind::Override);
        }
        if let Some(when) = &self.activation_when
            && record.holds(when)?
        {
            kinds.push(EventKind::Activation);
        }
        if kinds.is_empty() {
            return Some(());
        }
        let key = record.text(&self.key)?;
        let time_ms = record.millis(&self.time)?;
        for kind in &kinds {
            if let (EventKind::Decision(action), Some(program)) = (kind, &self.probability) {
                let probability = record.value(program).as_ref().and_then(number);
                let context = self.context.as_ref().and_then(|program| record.value(program)).unwrap_or_default();
                decided.add(Logged {
                    key: key.clone(),
                    time_ms: Some(time_ms),
                    action: action.clone(),
                    probability: probability.unwrap_or(f64::NAN),
                    context,
                    record: record.whole(),
                    ..Logged::default()
                });
            }
        }
        events.extend(kinds.into_iter().map(|kind| Event { key: key.clone(), time_ms, kind }));
        Some(())
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(number) => Some(*number as f64),
        Value::Big(number) => number.to_f64(),
        Value::Float(number) => Some(*number),
        Value::Bool(number) => Some(f64::from(u8::from(*number))),
        _ => None,
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
