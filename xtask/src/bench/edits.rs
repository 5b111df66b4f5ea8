//! What an edit costs, against the first run: of a field's expression, and of the window document.

use anyhow::{Context, Result};

use super::data;
use super::engine::Reach;
use super::measure::alternate;
use super::programs::Programs;

const EVENTS: u64 = 100_000;

pub fn measure(programs: &Programs, runs: usize) -> Result<(Vec<Reach>, String)> {
    let file = data::file(programs.project, "offer", EVENTS, EVENTS / 50)?;
    let edits = programs.edits(&programs.documents("offer"), &file, 1);
    let said = alternate(programs.project, runs, &[edits])?.remove(0).said;
    let told = |name: &str| said.get(name).copied().with_context(|| format!("bench-edits told no `{name}`"));
    let first = told("first")?;
    let mut text = String::from(
        "The offer shape, 100,000 events, one core. The first run reads the file, checks the documents and gives \
         sessions and windows; an edit is a new text of one document, from the text to all rows. The rows after \
         each edit are those of a first run with the edited documents.\n\n\
         | | ms | of the first run |\n|---|---|---|\n",
    );
    text += &format!("| first run | {:.1} | 1 |\n", first * 1e3);
    let mut reaches = Vec::new();
    for (name, what, reach, most) in [
        ("field", "edit of a field's expression", "an edit of one field at most 1/10 of the first run", 10.0),
        ("window", "edit of the window document", "an edit of the window document at most 1/20", 20.0),
    ] {
        let took = told(name)?;
        text += &format!("| {what} | {:.1} | 1/{:.1} |\n", took * 1e3, first / took);
        reaches.push(Reach { what: reach, measured: format!("1/{:.1}", first / took), met: first / took >= most });
    }
    Ok((reaches, text))
}
