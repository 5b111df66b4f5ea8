//! `cargo xtask bench`: measures, and writes each benchmark's section of docs/BENCHMARKS.md. Ratios are what
//! counts there: both sides of each come from the same alternating runs.

mod attribution;
mod check;
mod data;
mod edits;
mod engine;
mod expressions;
mod growth;
mod join;
mod keystroke;
mod lambda;
mod measure;
mod page;
mod programs;
mod shapes;
mod stores;

use std::fs;

use anyhow::{Result, bail};

use crate::args::Args;
use crate::project::Project;

pub fn command(mut args: Args) -> Result<()> {
    match args.next_word().as_deref() {
        Some("check") => {
            args.done()?;
            check::run(&Project::find()?)
        }
        Some("attribution") => attribution::command(args),
        Some("engine") => engine::command(args),
        Some("join") => join::command(args),
        Some("lambda") => lambda::command(args),
        Some("stores") => {
            args.done()?;
            stores::run(&Project::find()?)
        }
        _ => bail!(
            "what is to be measured? `cargo xtask bench attribution`, `check`, `engine`, `join`, `lambda` or `stores`"
        ),
    }
}

/// What every section ends with.
fn machine() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    let (model, system) = (model.map_or("unknown", |(_, model)| model), std::env::consts::OS);
    format!(
        "Machine: {model}, {cores} cores, {system}. Times differ with the machine and its load, the ratios less so."
    )
}
