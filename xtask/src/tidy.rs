//! `cargo xtask tidy`: the rules of the house that the compiler does not check. One file a rule;
//! each rule takes what it reads as plain data, so that a test can show it fail.

mod conflicts;
mod dependencies;
mod files;
mod functions;
mod headers;
mod imports;
mod names;
mod source;
mod todos;
mod unwraps;

use anyhow::{Result, bail};

use crate::args::Args;
use crate::process;
use crate::project::Project;
use source::Source;

/// One thing to mend.
#[derive(Debug, PartialEq)]
pub struct Fault {
    pub place: String,
    pub what: String,
}

impl Fault {
    fn new(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into() }
    }

    fn at(source: &Source, line: usize, what: impl Into<String>) -> Self {
        Self::new(format!("{}:{line}", source.path), what)
    }
}

pub fn command(args: Args) -> Result<()> {
    args.done()?;
    let project = Project::find()?;
    run(&project)?;
    println!("tidy");
    Ok(())
}

pub fn run(project: &Project) -> Result<()> {
    let sources = source::all(&project.root)?;
    let mut faults = Vec::new();
    for rule in [files::check, functions::check, headers::check, names::check, todos::check, unwraps::check] {
        faults.extend(sources.iter().flat_map(rule));
    }
    faults.extend(imports::check(project.packages())?);
    faults.extend(dependencies::check(project)?);
    faults.extend(conflicts::check(project)?);
    for long in files::long(&sources) {
        println!("  long: {long}");
    }
    for fault in &faults {
        println!("  {}: {}", fault.place, fault.what);
    }
    // Templates and error pages need the language itself, which xtask does not link so that it
    // stays quick to build: its tests do.
    let language = process::run(project.cargo().args(["test", "--quiet", "--package", "xtask", "--test", "language"]));
    match faults.len() {
        0 => language,
        number => bail!("{number} things to mend"),
    }
}
