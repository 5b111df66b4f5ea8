//! `bench-edits FOLDER FILE THREADS`: a first run with the documents of the offer shape, from the file to sessions
//! and windows, then an edit of one field's expression and one of the window document, from the new text to all
//! rows. Prints `first S`, `field S`, `window S` and `seconds S`, the sum. Each edit's rows must be those of a
//! run from the beginning.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use benches::arguments::Arguments;
use benches::project::{Documents, events};
use dtc_engine::{Cancel, Events, Output, Plan, Silent};

fn main() -> Result<()> {
    let mut arguments = Arguments::from_env();
    let folder = PathBuf::from(arguments.word("the documents' folder")?);
    let file = PathBuf::from(arguments.word("the file")?);
    let threads: usize = arguments.word("the number of threads")?.parse().context("the number of threads")?;
    arguments.done()?;
    let documents = Documents::of(&folder, true)?;
    let mut field = documents.clone();
    field.streaming = edited(&documents.streaming, "game_stats.games_played + 1", "game_stats.games_played + 2")?;
    let mut window = field.clone();
    let text = window.window.as_deref().context("there is no window document")?;
    window.window = Some(edited(text, "sum(source.games_played)", "sum(source.games_played) + 1")?);

    let start = Instant::now();
    let mut live = Live::first(&documents, &file, threads)?;
    let first = start.elapsed().as_secs_f64();
    let mut seconds = first;
    println!("first {first:.6}");
    for (name, documents) in [("field", &field), ("window", &window)] {
        let before = rows(&live);
        let start = Instant::now();
        live.edit(documents)?;
        let took = start.elapsed().as_secs_f64();
        println!("{name} {took:.6}");
        seconds += took;
        let anew = Live::first(documents, &file, threads)?;
        let after = rows(&live);
        if after == before || after != rows(&anew) {
            bail!("after the edit `{name}` the rows are not those of a run from the beginning");
        }
    }
    println!("seconds {seconds:.6}");
    Ok(())
}

fn edited(text: &str, from: &str, to: &str) -> Result<String> {
    if !text.contains(from) {
        bail!("`{from}` is not in the document");
    }
    Ok(text.replacen(from, to, 1))
}

/// What stays between edits: the events that were read.
struct Live {
    plan: Plan,
    events: Events,
    output: Output,
    threads: usize,
}

impl Live {
    fn first(documents: &Documents, file: &Path, threads: usize) -> Result<Live> {
        let plan = documents.plan()?;
        let events = events(&plan, file, threads)?;
        let output = run(&plan, &events, threads)?;
        Ok(Live { plan, events, output, threads })
    }

    fn edit(&mut self, documents: &Documents) -> Result<()> {
        self.plan = documents.plan()?;
        self.output = run(&self.plan, &self.events, self.threads)?;
        Ok(())
    }
}

fn run(plan: &Plan, events: &Events, threads: usize) -> Result<Output> {
    match dtc_engine::run(plan, events, threads, &Cancel::default(), &Silent) {
        Ok(output) => Ok(output),
        Err(stopped) => bail!("the run stopped: {stopped:?}"),
    }
}

/// Every table as text.
fn rows(live: &Live) -> String {
    format!("{:?}", live.output.tables(&live.plan))
}
