//! `dtc bandit evaluate --log`: what policies are worth by a log, with curves, figures and a report.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use ::bandit::evaluate::{BinPoint, Question};
use bandit_log::{
    Ask, Evaluation, Log, Policy, PolicyError, WindowPoint, evaluate, figures, report, window_sensitivity,
};
use serde_json::{Map, Value, json};

use super::evaluate::{json_of, print_human, tell_guards};
use crate::args::{BanditEvaluate, ReportFormat};
use crate::failure::{Failure, Outcome, printing};

impl From<PolicyError> for Failure {
    fn from(error: PolicyError) -> Failure {
        Failure::Message(error.to_string())
    }
}

/// Pixels of a figure in a file.
const WIDTH: u32 = 920;

pub fn run(arguments: &BanditEvaluate, question: &Question) -> Outcome {
    let policies = policies(&arguments.policy)?;
    let log = super::log::read(&arguments.input)?;
    let ask = Ask { question, model_by: &arguments.model_by, bin: None };
    let found = policies.iter().map(|policy| evaluate(&log, policy, &ask)).collect::<Result<Vec<_>, _>>()?;
    let windows = window_sensitivity(&log, &policies)?;
    if let Some(path) = &arguments.report {
        write(path, &report(&log, &found, &windows, question))?;
    }
    if let Some(folder) = &arguments.figures {
        write_figures(folder, &log, &found, &windows, question)?;
    }
    let mut out = io::stdout().lock();
    match arguments.format {
        ReportFormat::Json => writeln!(out, "{}", json(&log, &found, &windows, question)),
        ReportFormat::Human => found.iter().try_for_each(|one| {
            writeln!(out, "policy {}", one.policy)?;
            print_human(&mut out, &one.report)?;
            writeln!(out)
        }),
    }
    .map_err(|error| printing(&error))?;
    found.iter().for_each(|one| tell_guards(&one.report, &format!("policy {}: ", one.policy)));
    match found.iter().all(|one| one.report.refused.is_empty()) {
        true => Ok(()),
        false => Err(Failure::Reported),
    }
}

/// Those that were named, or the one that was logged and chance.
fn policies(named: &[String]) -> Outcome<Vec<Policy>> {
    if named.is_empty() {
        return Ok(vec![Policy::logged(), Policy::uniform()]);
    }
    let mut policies: Vec<Policy> = Vec::new();
    for text in named {
        let policy = Policy::of_text(text).map_err(|error| Failure::Usage(error.to_string()))?;
        if policies.iter().any(|known| known.name == policy.name) {
            let name = &policy.name;
            return Err(Failure::Usage(format!("two policies are called `{name}`; name one: --policy OTHER={text}")));
        }
        policies.push(policy);
    }
    Ok(policies)
}

fn write(path: &Path, text: &str) -> Outcome {
    fs::write(path, text).map_err(|error| Failure::Message(format!("cannot write {}: {error}", path.display())))
}

fn write_figures(
    folder: &Path,
    log: &Log,
    found: &[Evaluation],
    windows: &[WindowPoint],
    question: &Question,
) -> Outcome {
    fs::create_dir_all(folder)
        .map_err(|error| Failure::Message(format!("cannot make the folder {}: {error}", folder.display())))?;
    for figure in figures(log, found, windows, question) {
        if let Some(chart) = figure.draw(&charts::page::light(), WIDTH) {
            write(&folder.join(format!("{}.svg", figure.id)), &chart.svg)?;
            write(&folder.join(format!("{}.csv", figure.id)), &figure.csv())?;
        }
    }
    Ok(())
}

fn json(log: &Log, found: &[Evaluation], windows: &[WindowPoint], question: &Question) -> Value {
    let set_aside: Map<String, Value> =
        log.set_aside.iter().map(|(kind, count)| ((*kind).to_owned(), json!(count))).collect();
    let policies = found.iter().map(|one| {
        let mut policy = json_of(&one.report);
        policy["name"] = json!(one.policy);
        policy["action_share"] = json!(one.shares.as_ref().map(|shares| {
            log.actions.iter().cloned().zip(shares.iter().map(|share| json!(share))).collect::<Map<_, _>>()
        }));
        policy["curve"] = curves(one, question);
        policy
    });
    let windows = windows.iter().map(|point| {
        json!({"window_ms": point.window_ms, "policy": point.policy, "value": point.value,
               "ci": point.interval.map(|one| [one.low, one.high]), "share_with_reward": point.rewarded})
    });
    json!({
        "log": {
            "decisions": log.decisions.len(), "actions": log.actions, "unusable": log.unusable,
            "set_aside": set_aside, "files": log.files.iter().map(AsRef::as_ref).collect::<Vec<&str>>(),
            "layouts": log.layouts, "faults": log.faults.iter().map(ToString::to_string).collect::<Vec<_>>(),
        },
        "policies": policies.collect::<Vec<_>>(),
        "windows": windows.collect::<Vec<_>>(),
    })
}

/// By estimator with terms: cumulative points of all bins.
fn curves(one: &Evaluation, question: &Question) -> Value {
    if !one.report.refused.is_empty() {
        return Value::Null;
    }
    let point = |point: &BinPoint| {
        json!({"until": point.end, "n": point.rows, "ess": point.effective, "value": point.value,
               "ci": point.interval.map(|one| [one.low, one.high])})
    };
    let known = ["ipw", "snipw", "dr"];
    let named =
        question.estimators.iter().enumerate().filter(|(_, estimator)| known.contains(&estimator.name.as_str()));
    let answered = named.filter(|(place, _)| one.report.estimates[*place].value.is_ok());
    let curve = answered.map(|(place, estimator)| {
        let points: Vec<Value> = one.bins.cumulative(place, question.miss).iter().map(point).collect();
        (estimator.name.clone(), json!(points))
    });
    Value::Object(curve.collect())
}
