//! `bench-edits FOLDER FILE THREADS`: a first run with the documents of the offer shape, from the file to sessions
//! and windows, then an edit of one field's expression and one of the window document, from the new text to all
//! rows. Prints `first S`, `field S`, `window S` and `seconds S`, the sum. Each edit's rows must be those of a
//! run from the beginning.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use benches::arguments::Arguments;
use benches::project::{Documents, events};
use dtc_engine::{Cancel, Events, Live, Plan, Silent, Stopped};

/// As `dtc serve` has it, whose previews these are.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
    let mut live = Edited::first(&documents, &file, threads)?;
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
        let anew = Edited::first(documents, &file, threads)?;
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

/// A run that follows edits.
struct Edited {
    plan: Plan,
    events: Events,
    live: Live,
    threads: usize,
}

impl Edited {
    fn first(documents: &Documents, file: &Path, threads: usize) -> Result<Edited> {
        let plan = documents.plan()?;
        let events = events(&plan, file, threads)?;
        let live = going(Live::start(plan.clone(), &events, threads, &Cancel::default(), &Silent))?;
        Ok(Edited { plan, events, live, threads })
    }

    fn edit(&mut self, documents: &Documents) -> Result<()> {
        self.plan = documents.plan()?;
        let plan = self.plan.clone();
        going(self.live.update(plan, &self.events, self.threads, &Cancel::default(), &Silent))?;
        Ok(())
    }
}

fn going<T>(ran: Result<T, Stopped>) -> Result<T> {
    match ran {
        Ok(ran) => Ok(ran),
        Err(stopped) => bail!("the run stopped: {stopped:?}"),
    }
}

/// Every table as text.
fn rows(edited: &Edited) -> String {
    format!("{:?}", edited.live.output().tables(&edited.plan))
}
