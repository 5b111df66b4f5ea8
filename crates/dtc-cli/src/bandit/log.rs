//! Logs of decisions as `dtc bandit` takes them: read whole, what is wrong with lines told on standard error.

use ::bandit::Rule;
use bandit_log::{Log, ReadOptions, read as read_log};

use crate::args::BanditLog;
use crate::failure::{Failure, Outcome};

/// Faults that are told one by one.
const TOLD: usize = 10;

pub fn read(arguments: &BanditLog) -> Outcome<Log> {
    if arguments.log.is_empty() {
        return Err(Failure::Usage("name a log: --log FILE".to_owned()));
    }
    let seconds = arguments.window;
    if !(seconds.is_finite() && seconds >= 0.0) {
        return Err(Failure::Usage(format!("--window is {seconds}; it is a number of seconds from 0 on")));
    }
    let column = |text: &String| match text.split_once('=') {
        Some((what, name)) => Ok((what.trim().to_owned(), name.trim().to_owned())),
        None => Err(Failure::Usage(format!("--column is `{text}`; write it as action=NAME"))),
    };
    let columns = arguments.column.iter().map(column).collect::<Outcome<Vec<_>>>()?;
    let rule = Rule { window_ms: (seconds * 1_000.0) as i64, ..Rule::default() };
    let log = read_log(&arguments.log, &ReadOptions { columns, rule })?;
    for fault in log.faults.iter().take(TOLD) {
        eprintln!("warning: {fault}");
    }
    let more = log.unusable.saturating_sub(TOLD as u64);
    if more > 0 {
        eprintln!("warning: {more} more lines cannot be used");
    }
    if log.decisions.is_empty() {
        let files: Vec<&str> = log.files.iter().map(AsRef::as_ref).collect();
        return Err(Failure::Message(format!("{} has no decision that can be used", files.join(", "))));
    }
    Ok(log)
}
