//! Join cases: `bandit/NAME.json` holds a rule, events in order of arrival, and what is expected of them;
//! the logs under `../shared/data/bandit` hold reference joins by four semantics and their counters.

use std::path::Path;

use bandit::{
    Aggregation, Counters, Decisions, Event, EventKind, Log, Overrides, Rule, Semantics, actions, curve, join,
};
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

/// `{rule: {window_ms, default, …}, events: [[kind, key, time, action or reward?]], points?, expected}`
fn own_case(path: &Path) -> Result<(), Failed> {
    let case: Value = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    let rule = rule(&case["rule"])?;
    let mut events = Vec::new();
    for event in case["events"].as_array().ok_or("no events")? {
        let (kind, key) = (event[0].as_str().ok_or("no kind")?, event[1].as_str().ok_or("no key")?);
        // `null` stands for a reward that is no number.
        let kind = kind_of(kind, event[3].as_str().unwrap_or(""), event[3].as_f64().unwrap_or(f64::NAN))?;
        events.push(Event { key: key.to_string(), time_ms: event[2].as_i64().ok_or("no time")?, kind });
    }
    let log = join(&rule, &events);
    check_sums(&log, &rule)?;
    let points = case["points"].as_u64().unwrap_or(2000) as usize;
    compare_expected(path, case, describe(&log, points))
}

/// What is not told is as by default.
fn rule(told: &Value) -> Result<Rule, Failed> {
    let plain = Rule::default();
    let aggregation = match told["aggregation"].as_str() {
        Some(name) => Aggregation::of_name(name).ok_or_else(|| format!("no such aggregation: {name}"))?,
        None => plain.aggregation,
    };
    let overrides = match told["overrides"].as_str() {
        None | Some("until_end") => Overrides::UntilEnd,
        Some("in_window") => Overrides::InWindow,
        Some("ignored") => Overrides::Ignored,
        Some(other) => return Err(format!("no such overrides: {other}").into()),
    };
    Ok(Rule {
        window_ms: told["window_ms"].as_i64().ok_or("no window_ms")?,
        default_reward: told["default"].as_f64().ok_or("no default")?,
        early_ms: told["early_ms"].as_i64().unwrap_or(0),
        strict: told["strict"].as_bool().unwrap_or(false),
        aggregation,
        overrides,
        decisions: if told["every"].as_bool() == Some(true) { Decisions::Every } else { Decisions::First },
        activation: told["activation"].as_bool().unwrap_or(false),
        most_rewards: told["most_rewards"].as_u64().map_or(plain.most_rewards, |most| most as usize),
        ..plain
    })
}

fn kind_of(kind: &str, action: &str, reward: f64) -> Result<EventKind, Failed> {
    match kind {
        "decision" => Ok(EventKind::Decision(action.to_string())),
        "reward" => Ok(EventKind::Reward(reward)),
        "override" => Ok(EventKind::Override),
        "activation" => Ok(EventKind::Activation),
        other => Err(format!("no such event: {other}").into()),
    }
}

fn describe(log: &Log, points: usize) -> Value {
    let records = log
        .records
        .iter()
        .map(|record| json!([record.key, record.decision, record.emitted_ms, record.reward, record.delay_ms]));
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
    counters
        .named()
        .into_iter()
        .map(|(name, count)| (name.to_string(), json!(count)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// Nine digits: enough to see a fault, few enough not to pin the order of additions.
fn rounded(value: f64) -> f64 {
    (value * 1e9).round() / 1e9
}

/// Every decision is emitted once or accounted for.
fn check_sums(log: &Log, rule: &Rule) -> Result<(), Failed> {
    let found = &log.counters;
    let again = if rule.decisions == Decisions::First { found.duplicate_decisions } else { 0 };
    let whole = found.decisions == found.emitted() + found.overridden + found.inactive + again;
    if whole && found.records == log.records.len() as u64 && found.open == 0 {
        return Ok(());
    }
    Err(format!("decisions do not add up: {found:?}, {} records", log.records.len()).into())
}

fn long_curve() -> Result<(), Failed> {
    let decision = |n: i64| {
        let key = format!("d{n}");
        let reward = f64::from((n % 7) as i32);
        [
            Event { key: key.clone(), time_ms: n, kind: EventKind::Decision("a".to_string()) },
            Event { key, time_ms: n + 1, kind: EventKind::Reward(reward) },
        ]
    };
    let events: Vec<Event> = (0..10_000).flat_map(decision).collect();
    let log = join(&Rule { window_ms: 10, ..Rule::default() }, &events);
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

/// `seq,kind,key,ts_ms,reward,action,probability,context` against the four semantics and `counters`.
fn reference(folder: &Path) -> Result<(), Failed> {
    let mut events = Vec::new();
    for line in std::fs::read_to_string(folder.join("events.csv"))?.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [_, kind, key, time, reward, action, ..] = cells[..] else { return Err(line.into()) };
        let kind = kind_of(kind, action, reward.parse().unwrap_or(f64::NAN))?;
        events.push(Event { key: key.to_string(), time_ms: time.parse()?, kind });
    }
    let reference: Value = serde_json::from_str(&std::fs::read_to_string(folder.join("expected.json"))?)?;
    for (name, semantics) in Semantics::ALL {
        let log = join(&semantics.rule(), &events);
        check_sums(&log, &semantics.rule())?;
        same_records(name, &reference[name], &log)?;
        if semantics == Semantics::SeedSpec {
            same_counters(&reference["counters"], &log.counters)?;
        }
    }
    let used = join(&Semantics::DemoV1.rule(), &events).counters;
    let unused = used.rewards - used.used_rewards;
    let defaulted = join(&Semantics::DemoV2.rule(), &events).counters.defaulted;
    for (name, found) in [("rewards_never_joined_v1", unused), ("decisions_default_reward_v2", defaulted)] {
        if reference["counters"][name] != json!(found) {
            return Err(format!("{name}: expected {}, found {found}", reference["counters"][name]).into());
        }
    }
    Ok(())
}

/// Record for record. The reference lists them by key; here they leave in order of time.
fn same_records(name: &str, reference: &Value, log: &Log) -> Result<(), Failed> {
    let line = |record: &Value| {
        let of = |name: &str| record[name].clone();
        json!([of("emit_ts"), of("decision_seq"), of("key"), of("action"), of("reward"), of("reward_delta_ms")])
    };
    let mut wanted: Vec<Value> = reference.as_array().ok_or("no records")?.iter().map(line).collect();
    wanted.sort_by_key(|record| (record[0].as_i64(), record[1].as_i64(), record[5].as_i64()));
    let found = log.records.iter().map(|record| {
        json!([record.emitted_ms, record.event, record.key, record.decision, record.reward, record.delay_ms])
    });
    let found: Vec<Value> = found.collect();
    if let Some((wanted, found)) = wanted.iter().zip(&found).find(|(wanted, found)| wanted != found) {
        return Err(format!("{name}: expected {wanted}, found {found}").into());
    }
    if wanted.len() != found.len() {
        return Err(format!("{name}: {} records expected, {} found", wanted.len(), found.len()).into());
    }
    Ok(())
}

fn same_counters(reference: &Value, counters: &Counters) -> Result<(), Failed> {
    let pairs = [
        ("decisions", counters.decisions),
        ("distinct_keys", counters.distinct_keys),
        ("duplicate_decisions", counters.duplicate_decisions),
        ("rewards", counters.rewards),
        ("overrides", counters.overrides),
        ("rewards_without_any_decision", counters.orphan_rewards),
        ("early_rewards", counters.early_rewards),
        ("late_rewards", counters.late_rewards),
    ];
    match pairs.into_iter().find(|(name, found)| reference[name] != json!(found)) {
        Some((name, found)) => Err(format!("{name}: expected {}, found {found}", reference[name]).into()),
        None => Ok(()),
    }
}
