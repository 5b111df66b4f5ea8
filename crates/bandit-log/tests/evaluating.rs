//! A log whose policies have a known worth: estimates find it, guards refuse what the log cannot tell.

use bandit::evaluate::{Estimator, Question, Verdict, of_name};
use bandit_log::{Ask, Evaluation, Log, Policy, evaluate, figures, report, window_sensitivity};
use charts::theme::file_style;

use crate::Place;

/// A plain generator, so that the log is the same everywhere.
struct Random(u64);

impl Random {
    fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as f64) / (1u64 << 31) as f64
    }
}

/// Action a pays with 0.2 (context 0) or 0.6 (context 1), b with 0.5 always; a is logged with 0.3.
fn table(rows: usize, told: impl Fn(f64) -> f64) -> String {
    let mut random = Random(7);
    let mut text = String::from("key,time,action,probability,reward,kind\n");
    for row in 0..rows {
        let kind = f64::from(u8::from(random.share() < 0.5));
        let (action, p) = if random.share() < 0.3 { ("a", 0.3) } else { ("b", 0.7) };
        let pays = if action == "b" { 0.5 } else { 0.2 + 0.4 * kind };
        let reward = u8::from(random.share() < pays);
        let (minute, second) = (row / 60 % 60, row % 60);
        text += &format!(
            "k{row},2026-01-01T{:02}:{minute:02}:{second:02}Z,{action},{},{reward},{kind}\n",
            row / 3600,
            told(p)
        );
    }
    text
}

fn worth(log: &Log, policy: &str, question: &Question) -> Evaluation {
    let by = ["kind".to_owned()];
    evaluate(log, &Policy::of_text(policy).unwrap(), &Ask { question, model_by: &by, bin: None }).unwrap()
}

#[test]
fn estimates_find_the_truth() {
    let log = Place::make().log("log.csv", &table(20_000, |p| p));
    let question = Question { resamples: 50, ..Question::default() };
    let cases = [
        ("constant:a", 0.4),
        ("constant:b", 0.5),
        ("uniform", 0.45),
        ("expression:'a' if context.kind == 1 else 'b'", 0.55),
    ];
    for (policy, truth) in cases {
        let found = worth(&log, policy, &question);
        assert!(found.report.refused.is_empty(), "{:?}", found.report.guards);
        for name in ["ipw", "snipw", "dm", "dr", "sndr", "mrdr", "cressieread"] {
            let value = found.report.estimates.iter().find(|one| one.name == name).unwrap().value.clone().unwrap();
            assert!((value - truth).abs() < 0.02, "{name} of {policy} is {value}, the truth {truth}");
        }
        let last =
            found.kept.bins.cumulative(question.estimators.iter().position(|one| one.name == "ipw").unwrap(), 0.05);
        let whole = found.report.estimates.iter().find(|one| one.name == "ipw").unwrap().value.clone().unwrap();
        assert!((last.last().unwrap().value.unwrap() - whole).abs() < 1e-9, "the curve ends at the estimate");
    }
}

#[test]
fn false_probabilities_are_refused() {
    let place = Place::make();
    let log = place.log("log.csv", &table(5_000, |p| if p < 0.5 { 0.9 } else { 0.1 }));
    let found = worth(&log, "uniform", &Question { resamples: 2, ..Question::default() });
    let guard = found.report.guards.iter().find(|guard| guard.name == "calibration").unwrap();
    assert_eq!(guard.verdict, Verdict::Refused, "{guard:?}");
    assert!(guard.reason.contains("Action `b`"), "{}", guard.reason);
    // What was logged is the mean of what was seen.
    assert!(worth(&log, "logged", &Question { resamples: 2, ..Question::default() }).report.refused.is_empty());
}

#[test]
fn probabilities_that_do_not_sum_to_one_are_refused() {
    let log = Place::make().log("log.csv", &table(2_000, |p| p));
    let found =
        worth(&log, "expression:0.6 if action == 'a' else 0.6", &Question { resamples: 2, ..Question::default() });
    let guard = found.report.guards.iter().find(|guard| guard.name == "sum_of_probabilities").unwrap();
    assert!(guard.verdict == Verdict::Refused && guard.reason.contains("sum to 1.2"), "{guard:?}");
}

/// A log that keeps every row of reward 1 and one in four of the others, and says so.
#[test]
fn what_a_log_leaves_out_is_weighed_in_again() {
    let place = Place::make();
    let line = |cost: u8, dropped: &str| {
        format!(
            r#"{{"_label_cost":-{cost},"_label_probability":0.5,"_label_Action":1,"a":[1,2],"p":[0.5,0.5],"pdrop":{dropped},"c":{{}}}}"#
        )
    };
    let lines: Vec<String> = (0..400).map(|n| if n % 2 == 0 { line(1, "0") } else { line(0, "0.75") }).collect();
    let log = place.log("log.dsjson", &lines.join("\n"));
    let found = worth(&log, "logged", &Question { resamples: 2, ..Question::default() });
    for name in ["ipw", "snipw"] {
        let value = found.report.estimates.iter().find(|one| one.name == name).unwrap().value.clone().unwrap();
        assert!((value - 0.2).abs() < 1e-9, "{name}: 200 rows of 1 beside 800 of 0 are worth {value}");
    }
}

#[test]
fn a_log_of_events_is_joined_at_every_window_and_drawn() {
    let mut random = Random(3);
    let mut text = String::from("kind,key,ts_ms,reward,action,probability\n");
    for row in 0..400 {
        let action = if random.share() < 0.5 { "quick" } else { "slow" };
        let decided = row * 60_000;
        let delay = if action == "quick" { 3_000 } else { 200_000 };
        text += &format!("decision,k{row},{decided},,{action},0.5\nreward,k{row},{},1,,\n", decided + delay);
    }
    let log = Place::make().log("events.csv", &text);
    let policies = [Policy::constant("quick"), Policy::constant("slow")];
    let windows = window_sensitivity(&log, &policies, &|| true).unwrap();
    assert!(window_sensitivity(&log, &policies, &|| false).unwrap().is_empty());
    let at = |policy: &str, window: i64| {
        windows.iter().find(|one| one.policy == policy && one.window_ms == window).unwrap().value.unwrap()
    };
    assert_eq!((at("always quick", 5_000), at("always slow", 5_000)), (1.0, 0.0));
    assert_eq!((at("always quick", 300_000), at("always slow", 300_000)), (1.0, 1.0));
    let estimators: Vec<Estimator> = ["ipw", "snipw", "dr"].iter().filter_map(|name| of_name(name)).collect();
    let question = Question { estimators, resamples: 20, ..Question::default() };
    let found: Vec<Evaluation> = policies
        .iter()
        .map(|policy| evaluate(&log, policy, &Ask { question: &question, model_by: &[], bin: None }).unwrap())
        .collect();
    let all = figures(&log, &found, &windows, &question);
    let ids: Vec<&str> = all.iter().map(|figure| figure.id.as_str()).collect();
    let wanted = [
        "values",
        "cumulative",
        "windowed",
        "estimators-1",
        "estimators-2",
        "windows",
        "weights-1",
        "weights-2",
        "delays",
        "actions",
    ];
    assert_eq!(ids, wanted);
    for figure in &all {
        let chart = figure.draw(&file_style(false), 800).unwrap_or_else(|| panic!("{} is not drawn", figure.id));
        assert!(!chart.svg.contains("NaN") && !chart.hits.is_empty(), "{}", figure.id);
        assert!(figure.table().csv().lines().count() > 1, "{}", figure.id);
    }
    let page = report(&log, &found, &windows, &question);
    assert!(page.starts_with("<!doctype html>") && !page.contains("<script") && !page.contains("src=\"http"));
}
