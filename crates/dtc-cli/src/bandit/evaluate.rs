//! `dtc bandit evaluate`: estimates, intervals and diagnostics of one policy over logged decisions.

use std::io::{self, Write};

use ::bandit::evaluate::{Estimator, Model, NAMES, Question, Report, Row, Verdict, evaluate, of_name};
use serde_json::{Map, Value, json};

use super::table::Table;
use crate::args::{BanditEvaluate, ReportFormat};
use crate::failure::{Failure, Outcome, printing};

pub fn run(arguments: &BanditEvaluate) -> Outcome {
    let question = question(arguments)?;
    let Some(path) = &arguments.rows else { return super::policies::run(arguments, question) };
    let rows = read(&Table::read(path)?)?;
    if rows.is_empty() {
        return Err(Failure::Message(format!("{} has no rows below its header", path.display())));
    }
    let report = evaluate(&rows, &question);
    let mut out = io::stdout().lock();
    match arguments.format {
        ReportFormat::Json => writeln!(out, "{}", json_of(&report)),
        ReportFormat::Human => print_human(&mut out, &report),
    }
    .map_err(|error| printing(&error))?;
    tell_guards(&report, "");
    if report.refused.is_empty() { Ok(()) } else { Err(Failure::Reported) }
}

/// What is doubtful or refused; `whose` stands before the reason.
pub fn tell_guards(report: &Report, whose: &str) {
    for guard in report.guards.iter().filter(|guard| guard.verdict != Verdict::Fine) {
        let said = if guard.verdict == Verdict::Refused { "error" } else { "warning" };
        eprintln!("{said}: {whose}{}", guard.reason);
    }
}

fn question(arguments: &BanditEvaluate) -> Outcome<Question> {
    let level = arguments.level;
    if !(0.5..1.0).contains(&level) {
        return Err(Failure::Usage(format!("--level is {level}; it is a probability such as 0.95")));
    }
    let reward_range = match arguments.reward_range.as_deref() {
        None => None,
        Some([low, high]) if low < high && low.is_finite() && high.is_finite() => Some((*low, *high)),
        Some(_) => return Err(Failure::Usage("--reward-range takes two numbers, the smaller first: 0,1".to_owned())),
    };
    let plain = Question::default();
    let estimators = match arguments.estimators.as_str() {
        "all" => plain.estimators,
        names => names.split(',').map(|name| estimator(name.trim())).collect::<Outcome<Vec<Estimator>>>()?,
    };
    let (resamples, seed) = (arguments.resamples, arguments.seed);
    // 1 - 0.95 is not 0.05 in doubles; nine digits are what a level can mean.
    let miss = ((1.0 - level) * 1e9).round() / 1e9;
    Ok(Question { estimators, miss, resamples, seed, reward_range })
}

fn estimator(name: &str) -> Outcome<Estimator> {
    of_name(name).ok_or_else(|| Failure::Usage(format!("there is no estimator `{name}`; there are all, {NAMES}")))
}

fn read(table: &Table) -> Outcome<Vec<Row>> {
    let [reward, logged, evaluated] = ["reward", "pscore", "pi_e"].map(|name| table.needed(name));
    let (reward, logged, evaluated) = (reward?, logged?, evaluated?);
    let model = match (table.column("q_logged"), table.column("q_pi")) {
        (Some(logged), Some(policy)) => Some((logged, policy)),
        (None, None) => None,
        (Some(_), None) => return table.needed("q_pi").map(|_| Vec::new()),
        (None, Some(_)) => return table.needed("q_logged").map(|_| Vec::new()),
    };
    let mut rows = Vec::new();
    for row in table.rows() {
        let logged = row.number(logged, "pscore")?;
        if !(logged > 0.0 && logged <= 1.0) {
            let what = format!(
                "`pscore` is {logged}; a logged action had a probability above 0 and up to 1. Leave the row out, or log \
                 the probability of the action that was taken"
            );
            return Err(row.failure(&what));
        }
        let evaluated = row.number(evaluated, "pi_e")?;
        if !(0.0..=1.0).contains(&evaluated) {
            return Err(row.failure(&format!("`pi_e` is {evaluated}; a probability lies between 0 and 1")));
        }
        let model = match model {
            Some((logged, policy)) => {
                Some(Model { logged: row.number(logged, "q_logged")?, policy: row.number(policy, "q_pi")? })
            }
            None => None,
        };
        let reward = row.number(reward, "reward")?;
        rows.push(Row { model, ..Row::new(reward, logged, evaluated) });
    }
    Ok(rows)
}

pub fn json_of(report: &Report) -> Value {
    let (mut estimates, mut unavailable) = (Map::new(), Map::new());
    for one in &report.estimates {
        match &one.value {
            Ok(value) => estimates.insert(one.name.clone(), json!(value)),
            Err(reason) => unavailable.insert(one.name.clone(), json!(reason)),
        };
    }
    let intervals = report.intervals.iter().map(|one| (one.name.clone(), json!([one.interval.low, one.interval.high])));
    let diagnostics = report.diagnostics.map(|found| {
        json!({
            "n": found.rows, "ess": found.effective_size, "mean_w": found.mean_weight,
            "max_w": found.largest_weight, "share_w0": found.zero_share,
            "mean_logged_reward": found.mean_logged_reward, "max_w_share": found.largest_share,
            "reward_range": [report.reward_range.0, report.reward_range.1],
        })
    });
    let guards = report.guards.iter().map(|guard| {
        let verdict = match guard.verdict {
            Verdict::Fine => "fine",
            Verdict::Doubtful => "doubtful",
            Verdict::Refused => "refused",
        };
        json!({"name": guard.name, "value": guard.value, "limit": guard.limit, "verdict": verdict, "reason": guard.reason})
    });
    json!({
        "estimates": estimates,
        "ci": intervals.collect::<Map<_, _>>(),
        "diagnostics": diagnostics,
        "guards": guards.collect::<Vec<_>>(),
        "refused": report.refused,
        "unavailable": unavailable,
    })
}

pub fn print_human(out: &mut impl Write, report: &Report) -> io::Result<()> {
    for one in &report.estimates {
        match &one.value {
            Ok(value) => writeln!(out, "{:<14} {value:.6}", one.name)?,
            Err(reason) => writeln!(out, "{:<14} - ({reason})", one.name)?,
        }
        for interval in report.intervals.iter().filter(|interval| interval.estimator == one.name) {
            writeln!(out, "    {:<20} {:.6} to {:.6}", interval.kind, interval.interval.low, interval.interval.high)?;
        }
    }
    let Some(found) = &report.diagnostics else { return Ok(()) };
    writeln!(
        out,
        "{} rows, worth {:.1}; mean weight {:.4}, largest {:.4}; mean logged reward {:.6}",
        found.rows, found.effective_size, found.mean_weight, found.largest_weight, found.mean_logged_reward
    )
}
