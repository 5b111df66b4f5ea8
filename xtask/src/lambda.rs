//! `cargo xtask lambda`: the function of an exported bundle as one file that needs no library of
//! the machine it runs on.

use std::path::PathBuf;

use anyhow::Result;

use crate::args::Args;
use crate::files;
use crate::process;
use crate::project::Project;
use crate::timing::step;

/// Bundles declare this architecture.
const TARGET: &str = "x86_64-unknown-linux-gnu";

pub fn command(args: Args) -> Result<()> {
    args.done()?;
    let bootstrap = build(&Project::find()?)?;
    println!("{} ({} bytes)", bootstrap.display(), bootstrap.metadata()?.len());
    Ok(())
}

/// Where the finished program is.
pub fn bootstrap(project: &Project) -> PathBuf {
    project.target.join("lambda-dist/bootstrap")
}

pub fn build(project: &Project) -> Result<PathBuf> {
    step("lambda", || {
        let target = project.target.join("lambda");
        let mut cargo = project.cargo();
        cargo.args(["build", "--package", "dtc-lambda", "--profile", "lambda", "--target", TARGET]);
        // With --target given, the flags reach the function only, not its build scripts and macros.
        cargo.env("RUSTFLAGS", "-C target-feature=+crt-static").env_remove("CARGO_ENCODED_RUSTFLAGS");
        cargo.env("CARGO_TARGET_DIR", &target);
        process::run(&mut cargo)?;
        let built = target.join(TARGET).join("lambda/dtc-lambda");
        let place = bootstrap(project);
        let new = place.with_extension("new");
        files::copy(&built, &new)?;
        std::fs::rename(&new, &place)?;
        Ok(place)
    })
}
