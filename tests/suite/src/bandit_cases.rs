//! Join cases: `bandit/NAME.json` holds a rule, events in order of arrival, and what is expected of them;
//! the logs under `../shared/data/bandit` hold reference joins (`seed_spec`) and their counters.

use std::path::Path;

use bandit::{Counters, Event, EventKind, Log, Rule, actions, curve, join};
use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};

use crate::attribution_cases::{compare_expected, json_files};
use crate::runs::{cases, folder};

pub fn trials() -> Vec<Trial> {
    let mut trials: Vec<Trial> = json_files(&folder("bandit"))
        .into_iter()
        .map(|(name, path)| Trial::test(format!("bandit::{name}"), move || own_case(&path)))
        .collect();
    trials.push(Trial::test("bandit::curve of 10,000 records keeps its ends", long_curve));
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/bandit");
    let logs: Vec<_> = cases(&shared).into_iter().filter(|(_, path)| path.join("events.csv").exists()).collect();
    if logs.is_empty() {
        println!("bandit: reference joins skipped, {} is not there", shared.display());
    }
    for (name, path) in logs {
        trials.push(Trial::test(format!("bandit::reference::{name}"), move || reference(&path)));
    }
    trials
}

/// `{rule: {window_ms, default}, events: [[kind, key, time, action or reward?]], points?, expected}`
fn own_case(path: &Path) -> Result<(), Failed> {
    let case: Value = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    let rule = Rule {
        window_ms: case["rule"]["window_ms"].as_i64().ok_or("no window_ms")?,
        default_reward: case["rule"]["default"].as_f64().ok_or("no default")?,
    };
    let mut events = Vec::new();
    for event in case["events"].as_array().ok_or("no events")? {
        let (kind, key) = (event[0].as_str().ok_or("no kind")?, event[1].as_str().ok_or("no key")?);
        // `null` stands for a reward that is no number.
        let kind = kind_of(kind, event[3].as_str().unwrap_or(""), event[3].as_f64().unwrap_or(f64::NAN))?;
        events.push(Event { key: key.to_string(), time_ms: event[2].as_i64().ok_or("no time")?, kind });
    }
    let log = join(&rule, &events);
    check_sums(&log)?;
    let points = case["points"].as_u64().unwrap_or(2000) as usize;
    compare_expected(path, case, describe(&log, points))
}

fn kind_of(kind: &str, action: &str, reward: f64) -> Result<EventKind, Failed> {
    match kind {
        "decision" => Ok(EventKind::Decision { action: action.to_string() }),
        "reward" => Ok(EventKind::Reward(reward)),
        "override" => Ok(EventKind::Override),
        other => Err(format!("no such event: {other}").into()),
    }
}

fn describe(log: &Log, points: usize) -> Value {
    let records = log
        .records
        .iter()
        .map(|record| json!([record.key, record.action, record.emitted_ms, record.reward, record.delay_ms]));
    let curve = curve(&log.records, points).into_iter().map(|point| {
        let interval = point.interval.map(|(low, high)| json!([rounded(low), rounded(high)]));
        json!([point.decisions, rounded(point.mean), interval])
    });
    let actions =
        actions(&log.records).into_iter().map(|line| json!([line.action, line.decisions, rounded(line.mean)]));
    json!({
        "records": records.collect::<Vec<_>>(),
        "counters": counters(&log.counters),
        "curve": curve.collect::<Vec<_>>(),
        "actions": actions.collect::<Vec<_>>(),
    })
}

fn counters(counters: &Counters) -> Value {
    json!({
        "decisions": counters.decisions, "duplicate_decisions": counters.duplicate_decisions,
        "overridden": counters.overridden, "joined": counters.joined, "defaulted": counters.defaulted,
        "overrides": counters.overrides, "rewards": counters.rewards, "early_rewards": counters.early_rewards,
        "late_rewards": counters.late_rewards, "orphan_rewards": counters.orphan_rewards,
        "unusable_rewards": counters.unusable_rewards,
    })
}

/// Nine digits: enough to see a fault, few enough not to pin the order of additions.
fn rounded(value: f64) -> f64 {
    (value * 1e9).round() / 1e9
}

/// Every decision is emitted once or accounted for.
fn check_sums(log: &Log) -> Result<(), Failed> {
    let found = &log.counters;
    let emitted = found.joined + found.defaulted;
    let whole = found.decisions == emitted + found.duplicate_decisions + found.overridden;
    if whole && emitted == log.records.len() as u64 {
        return Ok(());
    }
    Err(format!("decisions do not add up: {found:?}, {} records", log.records.len()).into())
}

fn long_curve() -> Result<(), Failed> {
    let decision = |n: i64| {
        let key = format!("d{n}");
        let reward = f64::from((n % 7) as i32);
        [
            Event { key: key.clone(), time_ms: n, kind: EventKind::Decision { action: "a".to_string() } },
            Event { key, time_ms: n + 1, kind: EventKind::Reward(reward) },
        ]
    };
    let events: Vec<Event> = (0..10_000).flat_map(decision).collect();
    let log = join(&Rule { window_ms: 10, default_reward: 0.0 }, &events);
    let all = curve(&log.records, usize::MAX);
    let thin = curve(&log.records, 2_000);
    if all.len() != 10_000 || thin.len() != 2_000 || thin.first() != all.first() || thin.last() != all.last() {
        return Err(format!("{} and {} points", all.len(), thin.len()).into());
    }
    if thin.iter().any(|point| all[point.decisions as usize - 1] != *point) {
        return Err("a thinned curve moved a point".into());
    }
    for limit in [0, 1, 2, 3] {
        let few = curve(&log.records, limit);
        if few.len() != limit.max(1) || few.last() != all.last() {
            return Err(format!("limit {limit} gave {} points", few.len()).into());
        }
    }
    Ok(())
}

/// `seq,kind,key,ts_ms,reward,action,probability,context` against `seed_spec` and `counters`.
fn reference(folder: &Path) -> Result<(), Failed> {
    let mut events = Vec::new();
    for line in std::fs::read_to_string(folder.join("events.csv"))?.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [_, kind, key, time, reward, action, ..] = cells[..] else { return Err(line.into()) };
        let kind = kind_of(kind, action, reward.parse().unwrap_or(f64::NAN))?;
        events.push(Event { key: key.to_string(), time_ms: time.parse()?, kind });
    }
    let log = join(&Rule { window_ms: 10_000, default_reward: 0.0 }, &events);
    check_sums(&log)?;
    let reference: Value = serde_json::from_str(&std::fs::read_to_string(folder.join("expected.json"))?)?;
    let mut wanted: Vec<Value> = reference["seed_spec"]
        .as_array()
        .ok_or("no seed_spec")?
        .iter()
        .map(|record| {
            json!([
                record["emit_ts"],
                record["decision_seq"],
                record["key"],
                record["action"],
                record["reward"],
                record["reward_delta_ms"]
            ])
        })
        .collect();
    wanted.sort_by_key(|record| (record[0].as_i64(), record[1].as_i64()));
    let found: Vec<Value> = log
        .records
        .iter()
        .map(|record| {
            json!([record.emitted_ms, record.event, record.key, record.action, record.reward, record.delay_ms])
        })
        .collect();
    if let Some((wanted, found)) = wanted.iter().zip(&found).find(|(wanted, found)| wanted != found) {
        return Err(format!("expected {wanted}, found {found}").into());
    }
    if wanted.len() != found.len() {
        return Err(format!("{} records expected, {} found", wanted.len(), found.len()).into());
    }
    let counters = &log.counters;
    let pairs = [
        ("decisions", counters.decisions),
        ("duplicate_decisions", counters.duplicate_decisions),
        ("rewards", counters.rewards),
        ("overrides", counters.overrides),
        ("rewards_without_any_decision", counters.orphan_rewards),
        ("early_rewards", counters.early_rewards),
        ("late_rewards", counters.late_rewards),
    ];
    match pairs.into_iter().find(|(name, found)| reference["counters"][name] != json!(found)) {
        Some((name, found)) => Err(format!("{name}: expected {}, found {found}", reference["counters"][name]).into()),
        None => Ok(()),
    }
}
