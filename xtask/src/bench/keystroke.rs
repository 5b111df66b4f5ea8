//! From a key in the editor to new rows on screen: headless Chromium over the HTTP host, both as
//! `cargo xtask studio` has them.

use anyhow::{Context, Result};

use super::data;
use super::engine::Reach;
use crate::project::Project;
use crate::{native, process, ui};

const EVENTS: u64 = 100_000;
/// Keys a run: a median of several of its own.
const KEYS: usize = 4;

pub fn measure(project: &Project, runs: usize) -> Result<(Vec<Reach>, String)> {
    ui::build(project, false)?;
    native::build(project, native::COMMAND_LINE)?;
    let file = data::file(project, "offer", EVENTS, EVENTS / 50)?;
    let mut program = project.cargo();
    // In the profile of the host, beside which it looks for it.
    program.args(["bench", "--quiet", "--profile", "dev", "--package", "e2e", "--bench", "keystroke", "--"]);
    program.arg(&file).arg((runs * KEYS).to_string());
    let said = process::output(&mut program)?;
    let told = |name: &str| {
        let mut lines = said.lines().filter_map(|line| line.split_once(' ')).filter(move |(known, _)| *known == name);
        lines.next().map(|(_, number)| number.trim().to_owned())
    };
    let median = told("keystroke").with_context(|| format!("keystroke told no time: {said}"))?;
    let events = told("events").with_context(|| format!("keystroke told no events: {said}"))?;
    let mut times: Vec<f64> =
        said.lines().filter_map(|line| line.strip_prefix("key ")).filter_map(|time| time.parse().ok()).collect();
    times.sort_by(f64::total_cmp);
    let (least, most) = (times.first().context("no key was measured")?, times.last().context("no key was measured")?);
    let text = format!(
        "The template `offer-ai` with {events} events in the studio's page, in headless Chromium over the HTTP host \
         (`dtc` of the dev profile, whose engine is optimised). A digit is typed behind \
         `game_stats.games_played + 1` and taken back; from the key going down to the first frame that shows other \
         rows of `game_stats`. In it: 150 ms in which the page waits for the next key, the check of the documents, \
         the run, all tables, the way of the rows to the page, drawing.\n\n\
         | | ms |\n|---|---|\n| median of {} keys | {median} |\n| least | {least:.1} |\n| most | {most:.1} |\n",
        times.len()
    );
    Ok((Vec::new(), text))
}
