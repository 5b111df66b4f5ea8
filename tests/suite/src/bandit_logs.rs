//! The same decisions in every layout that logs come in (`bandit-logs/`), each read, evaluated by every kind of policy,
//! and written as dsjson and read again: `expected.json` says what policies are worth, by formulas that are not ours.

use std::path::Path;

use bandit::evaluate::Question;
use bandit_log::{Ask, Evaluation, Log, Policy, ReadOptions, dsjson_line, evaluate, read};
use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::runs::folder;

const LOGS: [(&str, &str); 7] = [
    ("table.csv", "table of decisions"),
    ("table.jsonl", "table of decisions"),
    ("table.parquet", "table of decisions"),
    ("open-bandit.csv", "Open Bandit"),
    ("records.jsonl", "joined records"),
    ("vw.dsjson", "VW dsjson"),
    ("events.csv", "events"),
];
const NEAR: f64 = 1e-9;

pub fn trials() -> Vec<Trial> {
    let of = |(file, layout): (&'static str, &'static str)| {
        Trial::test(format!("bandit::logs::{file}"), move || one(file, layout))
    };
    LOGS.into_iter().map(of).collect()
}

fn one(file: &str, layout: &str) -> Result<(), Failed> {
    let folder = folder("bandit-logs");
    let expected: Value = serde_json::from_str(&std::fs::read_to_string(folder.join("expected.json"))?)?;
    let log = sound(&folder.join(file))?;
    if log.layouts != [layout] {
        return Err(format!("it is read as {:?}", log.layouts).into());
    }
    compare(&folder, &log, &expected, "as it is")?;
    let lines: Vec<String> = log.decisions.iter().map(|decision| dsjson_line(&log, decision)).collect();
    let place = tempfile::tempdir()?;
    let written = place.path().join("again.dsjson");
    std::fs::write(&written, lines.join("\n") + "\n")?;
    let again = sound(&written)?;
    for (one, other) in log.decisions.iter().zip(&again.decisions) {
        let told = |log: &Log, one: &bandit_log::Decision| {
            (one.key.clone(), one.time_ms, log.actions[one.action].clone(), one.context.to_text())
        };
        if told(&log, one) != told(&again, other) {
            return Err(format!("{:?} came back as {:?}", told(&log, one), told(&again, other)).into());
        }
    }
    compare(&folder, &again, &expected, "as dsjson")
}

fn sound(path: &Path) -> Result<Log, Failed> {
    let log = read(&[path.to_path_buf()], &ReadOptions::default())?;
    match log.faults.first() {
        Some(fault) => Err(fault.to_string().into()),
        None => Ok(log),
    }
}

fn compare(folder: &Path, log: &Log, expected: &Value, how: &str) -> Result<(), Failed> {
    if expected["decisions"] != log.decisions.len() {
        return Err(format!("{how}: {} decisions", log.decisions.len()).into());
    }
    for values in expected["policies"].as_object().ok_or("no policies")?.values() {
        let policy = values["policy"].as_str().ok_or("no policy")?;
        // What stood beside the decisions in a column is not written as dsjson.
        if how == "as dsjson" && policy.starts_with("column:") {
            continue;
        }
        let text = policy.replace("file:", &format!("file:{}/", folder.display()));
        let text = text.replace("rhai:", &format!("rhai:{}/", folder.display()));
        let made = Policy::of_text(&text).map_err(|error| error.to_string())?;
        let question = Question { resamples: 2, ..Question::default() };
        let found = evaluate(log, &made, &Ask { question: &question, model_by: &[], bin: None });
        let found = found.map_err(|error| error.to_string())?;
        for (name, wanted) in values.as_object().ok_or("no values")?.iter().filter(|(name, _)| *name != "policy") {
            let (value, wanted) = (value(&found, name)?, wanted.as_f64().ok_or("no number")?);
            if (value - wanted).abs() > NEAR {
                return Err(format!("{how}: {name} of {policy} is {value}, expected {wanted}").into());
            }
        }
    }
    Ok(())
}

fn value(found: &Evaluation, name: &str) -> Result<f64, Failed> {
    if name == "ess" {
        return Ok(found.report.diagnostics.ok_or("no rows")?.effective_size);
    }
    let estimate = found.report.estimates.iter().find(|one| one.name == name).ok_or("no such estimator")?;
    Ok(estimate.value.clone()?)
}
