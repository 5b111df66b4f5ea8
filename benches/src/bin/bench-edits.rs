//! `bench-edits FOLDER FILE THREADS`: a first run with the documents of the offer shape, from the file to sessions
//! and windows, then an edit of each field's expression in turn, of both documents, from the new text to all rows.
//! Prints `first S`, of the edits of each document the median and the dearest (`field S`, `field_most S`,
//! `window S`, `window_most S`), each edit as `edit.AGGREGATE.FIELD S`, and `seconds S`, the sum. Each edit's rows
//! must be those of a run from the beginning.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use benches::arguments::Arguments;
use benches::project::{Documents, edits, events};
use dtc_engine::{Cancel, Events, Live, Plan, Silent, Stopped};

fn main() -> Result<()> {
    let mut arguments = Arguments::from_env();
    let folder = PathBuf::from(arguments.word("the documents' folder")?);
    let file = PathBuf::from(arguments.word("the file")?);
    let threads: usize = arguments.word("the number of threads")?.parse().context("the number of threads")?;
    arguments.done()?;
    let documents = Documents::of(&folder, true)?;
    let start = Instant::now();
    let mut live = Edited::first(&documents, &file, threads)?;
    let first = start.elapsed().as_secs_f64();
    let mut seconds = first;
    println!("first {first:.6}");
    let text = documents.window.as_deref().context("there is no window document")?;
    let of_streaming = edits(&documents.streaming).into_iter();
    let of_window = edits(text).into_iter();
    let edited = [
        ("field", of_streaming.map(|(name, text)| (name, documents.with_streaming(text))).collect::<Vec<_>>()),
        ("window", of_window.map(|(name, text)| (name, documents.with_window(text))).collect()),
    ];
    for (which, edits) in edited {
        let mut times = Vec::new();
        for (name, edited) in &edits {
            let took = live.checked_edit(edited, &file).with_context(|| name.clone())?;
            println!("edit.{name} {took:.6}");
            times.push(took);
            live.edit(&documents)?;
        }
        times.sort_by(f64::total_cmp);
        seconds += times.iter().sum::<f64>();
        let most = times.last().context("there are no fields")?;
        println!("{which} {:.6}\n{which}_most {most:.6}", times[times.len() / 2]);
    }
    println!("seconds {seconds:.6}");
    Ok(())
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

    /// Seconds that an edit took. It must have changed rows, and to what a run from the beginning gives.
    fn checked_edit(&mut self, documents: &Documents, file: &Path) -> Result<f64> {
        let before = rows(self);
        // As the studio does once rows are shown.
        self.live.tidy();
        let start = Instant::now();
        self.edit(documents)?;
        let took = start.elapsed().as_secs_f64();
        let after = rows(self);
        if after == before || after != rows(&Edited::first(documents, file, self.threads)?) {
            bail!("after the edit the rows are not those of a run from the beginning");
        }
        Ok(took)
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
