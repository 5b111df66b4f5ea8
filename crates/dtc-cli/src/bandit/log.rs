//! Logs of decisions as `dtc bandit` takes them: read whole, what is wrong with lines told on standard error. With a join
//! document, raw events are read by its expressions and joined by its rule.

use std::path::{Path, PathBuf};

use ::bandit::Rule;
use bandit_log::{Log, Policy, ReadOptions, is_known, read as read_log};
use dtc_expr::Functions;
use dtc_io::{Input, Projection};
use dtc_lang::document::Join;
use studio::{JoinPrograms, Joinable, Record, document_policies, join_rule_of_logs, joined_log};

use crate::args::BanditLog;
use crate::failure::{Failure, Outcome};
use crate::joining;

/// Faults that are told one by one.
const TOLD: u64 = 10;

/// Seconds in which rewards join where nobody says otherwise.
const WINDOW: f64 = 10.0;

/// The log, and the policies of the document.
pub fn read(arguments: &BanditLog) -> Outcome<(Log, Vec<Policy>)> {
    if arguments.log.is_empty() {
        return Err(Failure::Usage("name a log: --log FILE".to_owned()));
    }
    let read = match &arguments.document {
        Some(path) => of_document(path, arguments)?,
        None => (plain(arguments, rule(arguments.window.unwrap_or(WINDOW))?)?, Vec::new()),
    };
    if read.0.decisions.is_empty() {
        let files: Vec<&str> = read.0.files.iter().map(AsRef::as_ref).collect();
        return Err(Failure::Message(format!("{} has no decision that can be used", files.join(", "))));
    }
    Ok(read)
}

fn rule(seconds: f64) -> Outcome<Rule> {
    if !(seconds.is_finite() && seconds >= 0.0) {
        return Err(Failure::Usage(format!("--window is {seconds}; it is a number of seconds from 0 on")));
    }
    Ok(Rule { window_ms: (seconds * 1_000.0) as i64, ..Rule::default() })
}

/// Files that show by themselves what they are, or tables.
fn plain(arguments: &BanditLog, rule: Rule) -> Outcome<Log> {
    let column = |text: &String| match text.split_once('=') {
        Some((what, name)) => Ok((what.trim().to_owned(), name.trim().to_owned())),
        None => Err(Failure::Usage(format!("--column is `{text}`; write it as action=NAME"))),
    };
    let columns = arguments.column.iter().map(column).collect::<Outcome<Vec<_>>>()?;
    let log = read_log(&arguments.log, &ReadOptions { columns, rule })?;
    log.faults.iter().take(TOLD as usize).for_each(|fault| eprintln!("warning: {fault}"));
    tell_more(log.unusable);
    Ok(log)
}

fn tell_more(unusable: u64) {
    if unusable > TOLD {
        eprintln!("warning: {} more lines cannot be used", unusable - TOLD);
    }
}

fn of_document(path: &Path, arguments: &BanditLog) -> Outcome<(Log, Vec<Policy>)> {
    if arguments.window.is_some() {
        let path = path.display();
        return Err(Failure::Usage(format!("--window and a document: {path} says the window; change it there")));
    }
    let (document, scripts) = joining::document(path)?;
    let functions = &scripts.functions;
    let folder = path.parent().unwrap_or(Path::new(""));
    let policies = document_policies(&document, functions, folder).into_iter().map(|(name, policy)| {
        policy.map_err(|error| Failure::Message(format!("{}: policy {name}: {error}", path.display())))
    });
    let policies = policies.collect::<Outcome<Vec<_>>>()?;
    let known = arguments.log.iter().map(|file| is_known(file)).collect::<Result<Vec<bool>, _>>()?;
    let log = match known.iter().filter(|known| **known).count() {
        _ if !arguments.column.is_empty() => plain(arguments, join_rule_of_logs(&document))?,
        0 => raw(path, &document, functions, &arguments.log)?,
        some if some == known.len() => plain(arguments, join_rule_of_logs(&document))?,
        _ => {
            let raw = known.iter().position(|known| !known).unwrap_or_default();
            let what = format!("{} holds raw events where others hold decisions", arguments.log[raw].display());
            return Err(Failure::Usage(format!("{what}; evaluate them apart")));
        }
    };
    Ok((log, policies))
}

/// Raw events by the document's expressions.
fn raw(path: &Path, document: &Join, functions: &Functions, files: &[PathBuf]) -> Outcome<Log> {
    let name = path.display().to_string();
    if document.probability.is_none() {
        let cure = "say under Decision with which Probability the action was chosen";
        return Err(Failure::Message(format!("{name}: what policies are worth hangs on probabilities; {cure}")));
    }
    let compiled = JoinPrograms::compile(&name, document, functions);
    let (programs, _) = compiled.map_err(|error| Failure::Message(error.message))?;
    let (mut found, mut unusable) = (Joinable::default(), 0);
    for (place, file) in files.iter().enumerate() {
        let mut record = Record::new();
        // Whole records: a policy may ask for any field.
        for read in Input::open(file, &Projection::All, document.header.mode)? {
            let refusal = match read {
                Err(bad) => Some((bad.line, bad.reason)),
                Ok(read) => {
                    record.set(read.value);
                    let taken = programs.take((place, read.line), &mut record, &mut found);
                    taken
                        .is_none()
                        .then(|| (read.line, "no key, time, action or reward; an expression fails".to_owned()))
                }
            };
            if let Some((line, reason)) = refusal {
                unusable += 1;
                if unusable <= TOLD {
                    eprintln!("warning: {}:{line}: {reason}", file.display());
                }
            }
        }
    }
    tell_more(unusable);
    let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (mut log, left_out) = joined_log(found, document, &names);
    log.unusable = unusable;
    if let Some(left_out) = left_out {
        eprintln!("warning: {left_out}");
    }
    Ok(log)
}
