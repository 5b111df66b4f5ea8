//! Building the native programs. Always from the same selection of packages: cargo decides
//! features over what is selected, and another selection would compile Polars once more.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::process;
use crate::project::Project;
use crate::timing::step;

/// Everything, whichever program of it is wanted; but for the browser tests, which need what is built.
pub const SELECTION: [&str; 3] = ["--workspace", "--exclude", "e2e"];

/// The command line and HTTP host.
pub const COMMAND_LINE: &str = "dtc";
/// The desktop window.
pub const DESKTOP: &str = "dtc-studio";

/// Builds one program and gives its place.
pub fn build(project: &Project, program: &str) -> Result<PathBuf> {
    step(program, || {
        process::run(project.cargo().arg("build").args(SELECTION).args(["--bin", program]))?;
        Ok(program_path(project, program))
    })
}

pub fn program_path(project: &Project, program: &str) -> PathBuf {
    project.target.join("debug").join(program)
}

/// Tells a program where this checkout keeps what an installed one has beside it.
pub fn environment(project: &Project, command: &mut Command) {
    command.env("DTC_STUDIO_UI", project.dist());
    command.env("DTC_STUDIO_TEMPLATES", project.root.join("dtc-templates"));
    command.env("DTC_LAMBDA_BOOTSTRAP", crate::lambda::bootstrap(project));
    command.env("DTC_WASM_ROWS", crate::wasm_rows::script(project));
}
