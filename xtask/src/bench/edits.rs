//! What an edit costs, against the first run: of each field's expression, in both documents.

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
         sessions and windows; an edit is a new text of one document, from the text to all rows. Each field's \
         expression is edited in turn. The rows after each edit are those of a first run with the edited \
         documents.\n\n\
         | | ms | of the first run |\n|---|---|---|\n",
    );
    text += &format!("| first run | {:.1} | 1 |\n", first * 1e3);
    let mut reaches = Vec::new();
    for (name, what, reach, wanted) in [
        ("field", "a field's expression", "an edit of one field at most 1/10 of the first run", 10.0),
        ("window", "an expression of the window document", "an edit of the window document at most 1/20", 20.0),
    ] {
        let (median, most) = (told(name)?, told(&format!("{name}_most"))?);
        text += &format!("| {what}, median | {:.1} | 1/{:.1} |\n", median * 1e3, first / median);
        text += &format!("| {what}, the dearest | {:.1} | 1/{:.1} |\n", most * 1e3, first / most);
        let measured = format!("1/{:.1}, the dearest 1/{:.1}", first / median, first / most);
        reaches.push(Reach { what: reach, measured, met: first / most >= wanted });
    }
    let mut edits: Vec<(&str, f64)> =
        said.iter().filter_map(|(name, took)| Some((name.strip_prefix("edit.")?, *took))).collect();
    edits.sort_by(|a, b| b.1.total_cmp(&a.1));
    text += "\n| edited | ms | of the first run |\n|---|---|---|\n";
    for (name, took) in edits {
        text += &format!("| `{name}` | {:.1} | 1/{:.1} |\n", took * 1e3, first / took);
    }
    Ok((reaches, text))
}
