//! `dtc bandit evaluate --log`: what policies are worth by a log, with curves, figures and a report.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use ::bandit::evaluate::{BinPoint, Question};
use bandit_log::{
    Ask, Evaluation, Log, Policy, PolicyError, WindowPoint, evaluate, figures, report, window_sensitivity,
};
use charts::Figure;
use charts::theme::file_style;
use dtc_io::IoError;
use serde_json::{Map, Value, json};

use super::evaluate::{json_of, print_human, tell_guards};
use crate::args::{BanditEvaluate, ReportFormat};
use crate::failure::{Failure, Outcome, printing};

impl From<PolicyError> for Failure {
    fn from(error: PolicyError) -> Failure {
        Failure::Message(error.to_string())
    }
}

/// Pixels of a figure in a file; PNG has twice as many each way.
const WIDTH: u32 = 1100;
const SHARP: u32 = 2;

/// What was read and found.
struct Seen {
    /// Empty where bins were read.
    log: Log,
    found: Vec<Evaluation>,
    windows: Vec<WindowPoint>,
    question: Question,
}

pub fn run(arguments: &BanditEvaluate, question: Question) -> Outcome {
    let seen = if arguments.bins.is_empty() { of_log(arguments, question)? } else { of_bins(arguments, question)? };
    let Seen { log, found, windows, question } = &seen;
    if let Some(path) = &arguments.keep {
        super::bins::keep(path, found)?;
    }
    if let Some(path) = &arguments.report {
        write(path, report(log, found, windows, question).as_bytes())?;
    }
    if let Some(folder) = &arguments.figures {
        write_figures(folder, &figures(log, found, windows, question))?;
    }
    let mut out = io::stdout().lock();
    match arguments.format {
        ReportFormat::Json => writeln!(out, "{}", json(&seen)),
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

fn of_log(arguments: &BanditEvaluate, question: Question) -> Outcome<Seen> {
    let named = named(&arguments.policy)?;
    let bin = match arguments.bin {
        Some(seconds) if (0.001..1e12).contains(&seconds) => Some((seconds * 1_000.0) as i64),
        Some(seconds) => return Err(Failure::Usage(format!("--bin is {seconds}; it is a number of seconds above 0"))),
        None => arguments.keep.is_some().then_some(super::bins::DAY),
    };
    let (log, mut policies) = super::log::read(&arguments.input)?;
    policies.extend(named);
    if policies.is_empty() {
        policies = vec![Policy::logged(), Policy::uniform()];
    }
    told_apart(&policies)?;
    if arguments.keep.is_some() && !log.is_timed() {
        let cure = "bins are of time; name its column: --column time=NAME";
        return Err(Failure::Message(format!("--keep: some decision of the log has no time; {cure}")));
    }
    let ask = Ask { question: &question, model_by: &arguments.model_by, bin };
    let found = policies.iter().map(|policy| evaluate(&log, policy, &ask)).collect::<Result<Vec<_>, _>>()?;
    let windows = window_sensitivity(&log, &policies, &|| true)?;
    Ok(Seen { log, found, windows, question })
}

fn of_bins(arguments: &BanditEvaluate, question: Question) -> Outcome<Seen> {
    let told = [
        (arguments.estimators != "all", "--estimators"),
        (!arguments.policy.is_empty(), "--policy"),
        (!arguments.model_by.is_empty(), "--model-by"),
        (arguments.bin.is_some(), "--bin"),
    ];
    if let Some((_, flag)) = told.iter().find(|(told, _)| *told) {
        return Err(Failure::Usage(format!("{flag} is for logs; bins answer what they were made for")));
    }
    let (found, question) = super::bins::evaluate(&arguments.bins, question)?;
    Ok(Seen { log: Log::default(), found, windows: Vec::new(), question })
}

fn named(texts: &[String]) -> Outcome<Vec<Policy>> {
    let policy = |text: &String| Policy::of_text(text).map_err(|error| Failure::Usage(error.to_string()));
    texts.iter().map(policy).collect()
}

fn told_apart(policies: &[Policy]) -> Outcome {
    for (place, policy) in policies.iter().enumerate() {
        if policies[..place].iter().any(|known| known.name == policy.name) {
            let name = &policy.name;
            return Err(Failure::Usage(format!("two policies are called `{name}`; name one: --policy OTHER=…")));
        }
    }
    Ok(())
}

fn write(path: &Path, content: &[u8]) -> Outcome {
    Ok(fs::write(path, content).map_err(|cause| IoError::system(path, "write", cause))?)
}

/// Each as SVG, PNG and CSV.
fn write_figures(folder: &Path, figures: &[Figure]) -> Outcome {
    fs::create_dir_all(folder).map_err(|cause| IoError::system(folder, "create", cause))?;
    for figure in figures {
        let Some(chart) = figure.draw(&file_style(false), WIDTH) else { continue };
        let file = |ending: &str| folder.join(format!("{}.{ending}", figure.id));
        write(&file("svg"), chart.svg.as_bytes())?;
        write(&file("csv"), figure.table().csv().as_bytes())?;
        if let Some(picture) = charts::png(&chart, SHARP) {
            write(&file("png"), &picture)?;
        }
    }
    Ok(())
}

fn json(Seen { log, found, windows, question }: &Seen) -> Value {
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
        let points: Vec<Value> = one.kept.bins.cumulative(place, question.miss).iter().map(point).collect();
        (estimator.name.clone(), json!(points))
    });
    Value::Object(curve.collect())
}
