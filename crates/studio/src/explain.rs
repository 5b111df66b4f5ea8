//! Answers about how a run's cells came to their values.

use std::sync::Arc;

use dtc_engine::Stopped;
use dtc_engine::trace::{Limits, Untold, explain, steps};
use dtc_lang::nearest;
use studio_api::*;

use crate::dispatch::Answer;
use crate::error::{conflict, external, internal, invalid, not_found};
use crate::runs::Run;
use crate::runs::made::Made;
use crate::story::Teller;
use crate::studio::Studio;

/// Steps of one answer.
const MOST_STEPS: u32 = 50;

impl Answer<Explain> for Studio {
    fn answer(&self, command: Explain) -> Result<Story, ApiError> {
        let run = self.explained(&command.run)?;
        let made = made(&run)?;
        let row = row_of(&run, &command)?;
        let table = made.tables.iter().position(|name| *name == command.table).ok_or_else(|| {
            invalid(format!("The rows of {} are not computed by a document, so they have no story.", command.table))
        })?;
        let found = made.numbers.find(table, row);
        let (identity, row_of) =
            found.ok_or_else(|| not_found(format!("The table {} has no row {}.", command.table, row + 1)))?;
        let events = made.events(&self.runs.cache, &identity)?;
        let story = explain(&made.plan, &events, row_of, &command.field, Limits::default());
        let story = story.map_err(|untold| refusal(untold, &command))?;
        let files = made.file_names();
        Ok(made.teller(&files).story(&story, (&command.table, row)))
    }
}

impl Answer<ReadSteps> for Studio {
    fn answer(&self, command: ReadSteps) -> Result<Steps, ApiError> {
        if command.count > MOST_STEPS {
            return Err(invalid(format!("At most {MOST_STEPS} steps at once.")));
        }
        let run = self.explained(&command.run)?;
        let made = made(&run)?;
        let events = made.events(&self.runs.cache, &command.identity)?;
        if events.is_empty() {
            let known = made.numbers.identities().iter().map(|identity| &**identity);
            return Err(not_found(unknown_identity(&command.identity, known)));
        }
        let from = usize::try_from(command.from).unwrap_or(usize::MAX).min(events.len());
        let until = from.saturating_add(command.count as usize).min(events.len());
        let raws = made.raw(&events, from..until)?;
        let steps = steps(&made.plan, &events, command.from, command.count as usize);
        let steps = steps.map_err(|stopped| refusal_of_run(&stopped))?;
        let files = made.file_names();
        Ok(made.teller(&files).steps(&steps, raws))
    }
}

impl Studio {
    /// A run whose rows are let go cannot be explained by another one.
    fn explained(&self, run: &RunId) -> Result<Arc<Run>, ApiError> {
        self.runs.find(run).map_err(|_| {
            conflict("These rows are of an older run, whose events were let go. Wait for the new rows, then ask again.")
        })
    }
}

impl Made {
    fn file_names(&self) -> Vec<String> {
        self.files.iter().map(|file| file.name.clone()).collect()
    }

    fn teller<'a>(&'a self, files: &'a [String]) -> Teller<'a> {
        Teller {
            plan: &self.plan,
            streaming: (&self.streaming.0, &self.streaming.1),
            window: self.window.as_ref().map(|(name, text)| (name.as_str(), text.as_str())),
            files,
            numbers: &self.numbers,
            tables: &self.tables,
        }
    }
}

fn made(run: &Run) -> Result<&Made, ApiError> {
    run.made.get().ok_or_else(|| invalid("This run has no rows: it has not finished."))
}

/// The row's place in the table itself.
fn row_of(run: &Run, command: &Explain) -> Result<u64, ApiError> {
    let frames = run.frames.get().ok_or_else(|| invalid("This run has no rows: it has not finished."))?;
    let frame = frames.get(&command.table);
    let frame = frame.ok_or_else(|| not_found(format!("This run has no table {:?}.", command.table)))?;
    let sort = command.sort.as_ref().map(|sort| (sort.column.as_str(), sort.descending));
    let row =
        frame.place(command.row, sort, command.filter.as_deref()).map_err(|error| external(format!("{error}.")))?;
    row.ok_or_else(|| not_found(format!("The table {} has no row {}.", command.table, command.row + 1)))
}

fn refusal(untold: Untold, command: &Explain) -> ApiError {
    match untold {
        Untold::Stopped(stopped) => refusal_of_run(&stopped),
        Untold::NoRow => conflict("The row is not in the data any more. Run again, then ask for the story."),
        Untold::NoColumn(columns) => not_found(unknown_field(&command.field, &columns)),
    }
}

fn refusal_of_run(stopped: &Stopped) -> ApiError {
    match stopped {
        Stopped::Cancelled | Stopped::FieldsNotRead => internal("The trace was cancelled."),
        Stopped::Aborted { place, error } => {
            invalid(format!("The run ends at {place}: {}: {}.", error.kind.name(), error.message))
        }
    }
}

/// E.g. for the command line too: what is not there, and what may be meant.
pub fn unknown_field(field: &str, columns: &[String]) -> String {
    let known = columns.iter().map(String::as_str);
    match nearest(field, known) {
        Some(near) => format!("There is no field {field:?}; did you mean {near:?}?"),
        None => format!("There is no field {field:?}; there are {}.", columns.join(", ")),
    }
}

pub fn unknown_identity<'n>(identity: &str, known: impl Iterator<Item = &'n str>) -> String {
    match nearest(identity, known) {
        Some(near) => format!("The data has no events of {identity:?}; did you mean {near:?}?"),
        None => format!("The data has no events of {identity:?}."),
    }
}
