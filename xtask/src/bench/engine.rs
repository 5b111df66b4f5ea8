//! `cargo xtask bench engine`: from JSON to identities, sessions and windows, against the floor (parsing the
//! same records and nothing else) and against the same work in DuckDB and Polars.

use std::process::Command;

use anyhow::{Context, Result};

use super::measure::{Measured, alternate};
use super::programs::{PARSERS, PEERS, Programs};
use super::{data, edits, expressions, growth, keystroke, machine, page, shapes};
use crate::args::Args;
use crate::process;
use crate::project::Project;
use crate::timing::step;

/// What was asked to be reached, and what was measured.
pub struct Reach {
    pub what: &'static str,
    pub measured: String,
    pub met: bool,
}

pub fn command(mut args: Args) -> Result<()> {
    let quick = args.flag("--quick");
    let huge = args.flag("--huge");
    let runs: usize = args.option("--runs")?.map_or(Ok(5), |runs| runs.parse())?;
    let only = args.option("--only")?;
    let shape = args.option("--shape")?.unwrap_or_else(|| "offer".to_owned());
    args.done()?;
    let project = Project::find()?;
    let programs = Programs { project: &project };
    step("build", || programs.build())?;
    if quick {
        return self::quick(&programs, &shape, runs);
    }
    let wanted = |name: &str| only.as_deref().is_none_or(|only| only == name);
    if wanted("shapes") {
        step("peers", || programs.install())?;
        step("same rows", || shapes::same_rows(&programs))?;
        section(&project, runs, "JSON to sessions and windows", step("shapes", || shapes::measure(&programs, runs))?)?;
    }
    if wanted("growth") {
        section(&project, runs, "Size", step("growth", || growth::measure(&programs, runs, huge))?)?;
    }
    if wanted("expressions") {
        section(&project, runs, "Expressions", step("expressions", || expressions::measure(&programs, runs))?)?;
    }
    if wanted("edits") {
        section(&project, runs, "Edits", step("edits", || edits::measure(&programs, runs))?)?;
    }
    if wanted("keystroke") {
        section(&project, runs, "Keystroke", step("keystroke", || keystroke::measure(&project, runs))?)?;
    }
    Ok(())
}

/// A section of the page: what was to be reached, then the tables.
fn section(project: &Project, runs: usize, title: &str, (reaches, tables): (Vec<Reach>, String)) -> Result<()> {
    let head = if reaches.is_empty() { "" } else { "| to reach | measured | |\n|---|---|---|\n" };
    let mut text = head.to_owned();
    for Reach { what, measured, met } in reaches {
        text += &format!("| {what} | {measured} | {} |\n", if met { "met" } else { "**not met**" });
    }
    println!("{text}");
    page::write(
        project,
        title,
        &format!("`cargo xtask bench engine` writes this section.\n\n{text}\n{tables}\n{}", about(runs)?),
    )
}

fn about(runs: usize) -> Result<String> {
    let python = process::output(Command::new("python3").arg("--version"))?;
    Ok(format!(
        "Medians of {runs} alternating runs (of ten million events fewer), each in a process of its own, held to its cores; times without starting and \
         importing; memory is the most that was resident. {}, {}; release builds without instructions of this \
         very processor. {}",
        PEERS.join(", "),
        python.trim(),
        machine()
    ))
}

/// Floor and ours on one core, printed.
fn quick(programs: &Programs, shape: &str, runs: usize) -> Result<()> {
    let shape = shapes::SHAPES.iter().find(|known| known.name == shape).context("there is no such shape")?;
    let file = data::file(programs.project, shape.name, shape.events, shape.users)?;
    let documents = programs.documents(shape.name);
    let parsers = &PARSERS[..2];
    let mut measured: Vec<Measured> = parsers.iter().map(|parser| programs.floor(parser, &file, 1)).collect();
    measured.push(programs.ours(&documents, &file, 1, &[]).named("sessions"));
    if shape.windows {
        measured.push(programs.ours(&documents, &file, 1, &["--windows".into()]).named("windows"));
    }
    measured.push(programs.ours(&documents, &file, 2, &[]).named("sessions, 2 cores"));
    let figures = alternate(programs.project, runs, &measured)?;
    let least =
        |of: fn(&super::measure::Figures) -> f64| figures[..parsers.len()].iter().map(of).fold(f64::INFINITY, f64::min);
    let (floor, floor_processor) = (least(|figures| figures.seconds), least(|figures| figures.processor));
    println!("{:22} {:>9} {:>9} {:>9} {:>9} {:>8}", "", "s", "× floor", "cpu s", "× floor", "MB");
    for (measured, figures) in measured.iter().zip(&figures) {
        let read = figures.said.get("read_cpu").filter(|_| measured.cores == 1);
        let read = read.map_or_else(String::new, |read| format!("   (reading {read:.3} cpu s)"));
        println!(
            "{:22} {:9.3} {:9.2} {:9.3} {:9.2} {:8.0}{read}",
            measured.name,
            figures.seconds,
            figures.seconds / floor,
            figures.processor,
            figures.processor / floor_processor,
            figures.peak / 1e6
        );
    }
    Ok(())
}
