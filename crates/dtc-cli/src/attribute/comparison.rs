//! This run beside an earlier one, as its JSON or the store that took its scores has it.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use attribution::Model;
use dtc_io::IoError;
use serde_json::{Value, json};
use studio::{RunScores, compare_runs, model_key};
use studio_api::{Change, RunComparison};

use super::{Given, stores};
use crate::failure::{Failure, Outcome};

/// A run that was kept, and what it is called.
pub struct Earlier {
    name: String,
    scores: RunScores,
}

/// A file, or `STORE:RUN` of the document. Errors: a file that is no output of `dtc attribute --format json`; a store
/// without the run.
pub fn read(named: &str, given: &Given) -> Outcome<Earlier> {
    let path = Path::new(named);
    if let Some((store, run)) = named.split_once(':').filter(|_| !path.exists()) {
        return Ok(Earlier { name: run.to_owned(), scores: stores::earlier(given, store, run)? });
    }
    let text = fs::read_to_string(path).map_err(|cause| IoError::system(path, "read", cause))?;
    let refused = |why: String| {
        Failure::Message(format!("{}: {why}; compare with what `dtc attribute --format json` printed", path.display()))
    };
    let name = path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    Ok(Earlier { name, scores: RunScores::read(&text).map_err(refused)? })
}

/// `now`: this run as JSON. Touch points are in the order of their names.
pub fn compared(earlier: &Earlier, now: &Value) -> Outcome<RunComparison> {
    let now = RunScores::read(&now.to_string()).map_err(Failure::Message)?;
    let names = now.models.iter().take(1).flat_map(|model| &model.channels).map(|score| score.channel.clone());
    let names: Vec<String> = names.collect();
    Ok(compare_runs(&earlier.name, &earlier.scores, &now, &names))
}

/// Model, touch point and share of those that either run credits.
fn lines(compared: &RunComparison) -> impl Iterator<Item = (&str, &str, Change)> {
    let of_model = |model: &'_ studio_api::ModelChange| model.share.clone();
    compared.models.iter().flat_map(move |model| {
        let changes = compared.channels.iter().zip(of_model(model));
        changes.map(|(channel, change)| (model.model.as_str(), channel.as_str(), change))
    })
}

/// Under the keys that results have.
pub fn object(compared: &RunComparison) -> Value {
    let key = |model: &str| Model::read(model).map_or_else(|_| model.to_owned(), |model| model_key(&model));
    let line = |(model, channel, change): (&str, &str, Change)| {
        json!({
            "model": key(model),
            "channel": channel,
            "before": change.before,
            "after": change.now,
            "clear": change.clear,
        })
    };
    Value::Array(lines(compared).map(line).collect())
}

pub fn human(compared: &RunComparison, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\nShares in {} and now", compared.name)?;
    for (model, channel, change) in lines(compared) {
        let clear = match change.clear {
            Some(true) => " beyond chance",
            Some(false) => " within chance",
            None => "",
        };
        let (before, now) = (100.0 * change.before, 100.0 * change.now);
        writeln!(out, "  {model} {channel}: {before:.1} % to {now:.1} %{clear}")?;
    }
    for (models, which) in [(&compared.alone.0, "only then"), (&compared.alone.1, "only now")] {
        if !models.is_empty() {
            writeln!(out, "  {which}: {}", models.join(", "))?;
        }
    }
    Ok(())
}
