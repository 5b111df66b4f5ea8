//! The bundle's Makefile: every goal is one that make understands, in every environment; and `verify` is run.

use std::path::Path;
use std::process::Command;

use bundle::Target;
use libtest_mimic::{Failed, Trial};

use super::project::{self, Project};
use super::{TARGETS, tools, write};

const GOALS: [&str; 7] = ["create", "update", "status", "verify", "start", "rollback", "delete"];

pub fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for (target, word) in TARGETS {
        let goals = move || goals(target);
        trials.push(Trial::test(format!("bundles::settings::{word}::make"), goals));
    }
    trials.push(Trial::test("bundles::settings::cloudformation::make_verify", verify));
    trials
}

/// The bundle of the case that has environments, regions, accounts and parameters of its own.
fn exported(target: Target, folder: &Path) -> Result<(), Failed> {
    let project = Project::read(&project::folder().join("settings"))?;
    write(&project.export(target, b"\x7fELF stands for the program")?, folder)?;
    Ok(())
}

fn goals(target: Target) -> Result<(), Failed> {
    let scratch = tempfile::tempdir()?;
    exported(target, scratch.path())?;
    for environment in ["test", "live"] {
        for goal in GOALS {
            let said = make(scratch.path(), &["-n", goal, &format!("ENV={environment}"), "ARTIFACT_BUCKET=mine"])?;
            let stack = format!("settings-{environment}");
            let names_it = said.contains(&stack) || said.contains(&format!("--config-env {environment}"));
            if goal != "verify" && !names_it {
                return Err(format!("make {goal} does not name {stack}:\n{said}").into());
            }
            // Commands are shown with the shell's own dollars, never with make's.
            if said.contains("$$") || said.contains("$(call") {
                return Err(format!("make {goal} leaves something unfilled:\n{said}").into());
            }
        }
    }
    let said = make(scratch.path(), &["-n", "create", "ENV=live", "ARTIFACT_BUCKET=mine"])?;
    if said.contains("123456789012") { Ok(()) } else { Err(format!("the account is not asked for:\n{said}").into()) }
}

fn verify() -> Result<(), Failed> {
    let scratch = tempfile::tempdir()?;
    exported(Target::CloudFormation, scratch.path())?;
    make(scratch.path(), &["verify"]).map(drop)
}

/// What make prints; an error where it does not end well. cfn-lint is the tests' own.
fn make(folder: &Path, arguments: &[&str]) -> Result<String, Failed> {
    let mut make = Command::new("make");
    let lint = tools::tool("cfn-lint");
    if let Some(beside) = lint.parent().filter(|folder| folder.is_absolute()) {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(beside.to_owned()).chain(std::env::split_paths(&path));
        make.env("PATH", std::env::join_paths(folders)?);
    }
    let output = make.arg("-C").arg(folder).args(arguments).output()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(said);
    }
    Err(format!("make {arguments:?}: {said}{}", String::from_utf8_lossy(&output.stderr)).into())
}
