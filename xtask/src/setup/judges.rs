//! The judges of exported bundles that are not in the tests' own environment: checkov in one of its own, because it pins what
//! others need newer; asl-validator from npm; cfn-guard from crates.io, built once without optimising, which costs it 0.2 s a run.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::files;
use crate::process;
use crate::project::Project;
use crate::stamp::{Inputs, Stamp};

const CHECKOV: &str = "checkov==3.3.30";
const ASL_VALIDATOR: &str = "asl-validator@4.0.0";
const GUARD: &str = "cfn-guard@3.2.1";

pub fn checkov(project: &Project) -> PathBuf {
    project.target.join("checkov")
}

pub fn asl_validator(project: &Project) -> PathBuf {
    project.target.join("asl-validator")
}

pub fn guard(project: &Project) -> PathBuf {
    project.target.join("cfn-guard")
}

pub fn prepare(project: &Project) -> Result<()> {
    super::environment(&checkov(project), &[CHECKOV])?;
    once(&asl_validator(project), ASL_VALIDATOR, |folder| {
        let npm = process::which("npm").context("npm is not installed")?;
        let mut npm = Command::new(npm);
        npm.args(["install", "--no-fund", "--no-audit", "--no-save", "--loglevel=error", "--prefix"]);
        process::run(npm.arg(folder).arg(ASL_VALIDATOR))
    })?;
    once(&guard(project), GUARD, |folder| {
        let mut cargo = process::cargo(&project.root);
        cargo.args(["install", GUARD, "--locked", "--debug", "--quiet", "--root"]).arg(folder);
        let build = folder.join("build");
        // Without what only a debugger reads, a third of the space and of the linking.
        cargo.env("CARGO_TARGET_DIR", &build).env("CARGO_PROFILE_DEV_DEBUG", "false").env_remove("RUSTFLAGS");
        process::run(&mut cargo)?;
        std::fs::remove_dir_all(&build).with_context(|| format!("cannot remove {}", build.display()))
    })
}

/// Fills a fresh folder with what `name` names, unless it is there.
fn once(folder: &Path, name: &str, fill: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let stamp = Stamp::new(folder.join("xtask-stamp"), Inputs::of("judge 1").text(name));
    if stamp.is_current() {
        return Ok(());
    }
    println!("  {name}");
    files::fresh(folder)?;
    fill(folder)?;
    stamp.write()
}
