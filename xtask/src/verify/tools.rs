//! Where each outside judge is, and what brings it when it is not there. All of them are pinned in `setup`.

use std::path::PathBuf;
use std::process::{Command, Output};

use anyhow::{Context, Result, bail};

use crate::process;
use crate::project::Project;
use crate::setup;

/// A program in the environment of cfn-lint, SAM's translator and moto.
pub fn python(project: &Project, program: &str) -> Result<Command> {
    installed(setup::judges(project).join("bin").join(program))
}

pub fn checkov(project: &Project) -> Result<Command> {
    installed(setup::checkov(project).join("bin/checkov"))
}

pub fn guard(project: &Project) -> Result<Command> {
    installed(setup::guard(project).join("bin/cfn-guard"))
}

pub fn asl_validator(project: &Project) -> Result<Command> {
    let script = setup::asl_validator(project).join("node_modules/asl-validator/dist/bin/asl-validator.js");
    let mut node = Command::new(process::which("node").context("node is missing: `cargo xtask setup` installs it")?);
    node.arg(here(script)?);
    Ok(node)
}

fn installed(program: PathBuf) -> Result<Command> {
    Ok(Command::new(here(program)?))
}

fn here(program: PathBuf) -> Result<PathBuf> {
    if !program.exists() {
        bail!("{} is missing: `cargo xtask setup --for test` installs it", program.display());
    }
    Ok(program)
}

/// What a judge printed, however it ended; an error only when it could not run or was killed.
pub fn said(command: &mut Command) -> Result<Output> {
    let output = command.output().with_context(|| format!("cannot start `{}`", process::shown(command)))?;
    if output.status.code().is_none() {
        bail!("`{}` was ended ({})", process::shown(command), output.status);
    }
    Ok(output)
}

/// Its last words, for an error.
pub fn last_words(output: &Output) -> String {
    let text = [String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)].concat();
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(8)..].join("\n")
}
