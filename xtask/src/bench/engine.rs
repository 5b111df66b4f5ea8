//! `cargo xtask bench engine`: from JSON to identities, sessions and windows, against the floor (parsing the
//! same records and nothing else).

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::data;
use super::measure::{Figures, Measured, alternate};
use crate::args::Args;
use crate::process;
use crate::project::Project;
use crate::timing::step;

/// Parsers that could be the fastest, by bench-floor's names for them.
const PARSERS: [&str; 2] = ["sonic-rs", "simd-json-tape"];

pub fn command(mut args: Args) -> Result<()> {
    let quick = args.flag("--quick");
    let runs: usize = args.option("--runs")?.map_or(Ok(5), |runs| runs.parse())?;
    args.done()?;
    let project = Project::find()?;
    step("build", || build(&project))?;
    if quick {
        return self::quick(&project, runs);
    }
    Ok(())
}

/// Floor and ours on one core, printed.
fn quick(project: &Project, runs: usize) -> Result<()> {
    let file = data::file(project, "offer", 1_000_000, 20_000)?;
    let documents = documents(project, "offer");
    let mut measured: Vec<Measured> = PARSERS.iter().map(|parser| floor(project, parser, &file, 1)).collect();
    measured.push(ours(project, "sessions", &documents, &file, 1, &[]));
    measured.push(ours(project, "windows", &documents, &file, 1, &["--windows"]));
    let figures = alternate(project, runs, &measured)?;
    let fastest = figures[..PARSERS.len()].iter().map(|figures| figures.seconds).fold(f64::INFINITY, f64::min);
    for (measured, figures) in measured.iter().zip(&figures) {
        println!("{}", line(&measured.name, figures, fastest));
    }
    Ok(())
}

fn line(name: &str, figures: &Figures, floor: f64) -> String {
    let read = figures.said.get("read").map_or_else(String::new, |read| format!(", read {read:.3} s"));
    let (seconds, peak) = (figures.seconds, figures.peak / 1e6);
    format!("{name:20} {seconds:8.3} s {:6.2} × the floor {peak:6.0} MB{read}", seconds / floor)
}

fn build(project: &Project) -> Result<()> {
    process::run(project.cargo().args(["build", "--quiet", "--release", "--package", "benches"]))?;
    let mut floor = project.cargo();
    floor.args(["build", "--quiet", "--release", "--locked", "--manifest-path", "benches/floor/Cargo.toml"]);
    process::run(&mut floor)
}

fn documents(project: &Project, shape: &str) -> PathBuf {
    project.root.join("benches/documents").join(shape)
}

fn floor(project: &Project, parser: &str, file: &Path, threads: usize) -> Measured {
    let words: [OsString; 4] =
        [project.target.join("release/bench-floor").into(), parser.into(), file.into(), threads.to_string().into()];
    Measured::new(parser, threads, words)
}

fn ours(project: &Project, name: &str, documents: &Path, file: &Path, threads: usize, more: &[&str]) -> Measured {
    let mut words: Vec<OsString> =
        vec![project.target.join("release/bench-ours").into(), documents.into(), file.into()];
    words.extend(["--threads".into(), threads.to_string().into()]);
    words.extend(more.iter().map(Into::into));
    Measured::new(name, threads, words)
}
