//! This run beside an earlier one, as its JSON has it.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use attribution::doubt::{Compared, Run, Share, compare};
use dtc_io::IoError;
use serde_json::{Value, json};

use super::Said;
use crate::failure::{Failure, Outcome};

/// Errors: a file that is no output of `dtc attribute --format json`.
pub fn read(path: &Path) -> Outcome<Value> {
    let text = fs::read_to_string(path).map_err(|cause| IoError::system(path, "read", cause))?;
    let no_run = "compare with what `dtc attribute --format json` printed";
    let object: Value = serde_json::from_str(&text)
        .map_err(|error| Failure::Message(format!("{}: {error}; {no_run}", path.display())))?;
    if object.get("reconciliation").is_none() {
        return Err(Failure::Message(format!("{} is no run; {no_run}", path.display())));
    }
    Ok(object)
}

pub fn compared(earlier: &Value, said: &Said<'_>) -> Vec<Compared> {
    let now = run(said);
    let then = now.models.iter().filter_map(|(key, _)| Some((key.clone(), earlier_shares(earlier, key)?)));
    compare(&Run { models: then.collect() }, &now)
}

fn run(said: &Said<'_>) -> Run {
    let names = &said.given.paths.names;
    let conversions = said.given.paths.sample().totals().conversions;
    let models = said.answers.iter().filter_map(|(asked, answer)| {
        let credit = answer.as_ref().ok()?.credit(conversions)?.conversions;
        let all: f64 = credit.iter().sum();
        let stability = said.doubts.as_ref().and_then(|doubts| doubts.of(&asked.key));
        let share = |channel: u32| -> Share {
            let error = stability.map(|stability| stability.share[channel as usize].error);
            (names.name(channel).to_owned(), credit[channel as usize] / all, error)
        };
        Some((asked.key.clone(), names.sorted().into_iter().map(share).collect()))
    });
    Run { models: models.collect() }
}

/// The shares of a model in an earlier run's JSON: its credits of conversions, or a game's values.
fn earlier_shares(earlier: &Value, key: &str) -> Option<Vec<Share>> {
    let result = earlier.get(format!("{key}/conv")).or_else(|| earlier.get(key)?.get("conversions"));
    let result = result.or_else(|| earlier.get(key))?;
    let credits = result.get("credit").unwrap_or(result).as_object()?;
    // An ordered model has a credit by position.
    let credit = |value: &Value| match value {
        Value::Object(positions) => positions.values().filter_map(Value::as_f64).sum(),
        value => value.as_f64().unwrap_or_default(),
    };
    let all: f64 = credits.values().map(credit).sum();
    let error = |channel: &str| earlier["doubt"]["models"][key]["channels"][channel]["share_error"].as_f64();
    Some(credits.iter().map(|(name, value)| (name.clone(), credit(value) / all, error(name))).collect())
}

pub fn object(compared: &[Compared]) -> Value {
    let line = |line: &Compared| {
        json!({
            "model": line.model,
            "channel": line.channel,
            "before": line.before,
            "after": line.after,
            "clear": line.clear,
        })
    };
    Value::Array(compared.iter().map(line).collect())
}

pub fn human(compared: &[Compared], out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\nShares before and after")?;
    for line in compared {
        let clear = match line.clear {
            Some(true) => "beyond chance",
            Some(false) => "within chance",
            None => "",
        };
        let (before, after) = (100.0 * line.before, 100.0 * line.after);
        writeln!(out, "  {} {}: {before:.1} % to {after:.1} % {clear}", line.model, line.channel)?;
    }
    Ok(())
}
