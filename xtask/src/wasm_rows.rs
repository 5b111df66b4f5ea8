//! The engine as a module that node runs: the suite compares its rows with those of the native one.

use std::path::PathBuf;

use anyhow::Result;

use crate::args::Args;
use crate::project::Project;
use crate::timing::step;
use crate::{bindgen, wasm};

pub fn command(args: Args) -> Result<()> {
    args.done()?;
    build(&Project::find()?)
}

/// The module's script.
pub fn script(project: &Project) -> PathBuf {
    project.target.join("wasm-rows/wasm_rows.js")
}

pub fn build(project: &Project) -> Result<()> {
    step("the engine in wasm", || {
        let raw = wasm::build(project, "wasm-rows", wasm::PROFILE)?;
        bindgen::generate_for_node(&raw, &project.target.join("wasm-rows"))
    })
}
