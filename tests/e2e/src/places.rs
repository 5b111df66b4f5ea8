//! Where the built programs and the checkout's files are.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// The checkout.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// Cargo's target folder: this program lies in its `debug/deps`.
pub fn target() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    program.ancestors().nth(3).map(Path::to_owned).context("the test lies in no target folder")
}

/// One of our programs, built before.
pub fn program(name: &str) -> Result<PathBuf> {
    let path = target()?.join("debug").join(name);
    if !path.is_file() {
        bail!("{} is not built; `cargo xtask test` builds it", path.display());
    }
    Ok(path)
}

pub fn sample(name: &str) -> PathBuf {
    root().join("sample-data").join(name)
}

pub fn template(name: &str) -> PathBuf {
    root().join("dtc-templates").join(name)
}

/// Where pictures go.
pub fn pictures() -> Result<PathBuf> {
    let folder = target()?.join("e2e");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// What tells our programs where the checkout keeps its parts.
pub fn environment() -> Result<Vec<(&'static str, PathBuf)>> {
    Ok(vec![
        ("DTC_STUDIO_UI", root().join("ui/dist")),
        ("DTC_STUDIO_TEMPLATES", root().join("dtc-templates")),
        ("DTC_LAMBDA_BOOTSTRAP", target()?.join("lambda-dist/bootstrap")),
    ])
}
