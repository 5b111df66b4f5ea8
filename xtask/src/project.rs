//! Where things are: the checkout and its target folder, as cargo sees them. Nothing else in
//! xtask names `./target`, because CI keeps it outside the checkout.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::process;

pub struct Project {
    pub root: PathBuf,
    pub target: PathBuf,
    metadata: Value,
}

impl Project {
    pub fn find() -> Result<Self> {
        let mut cargo = process::cargo(Path::new("."));
        cargo.args(["metadata", "--no-deps", "--format-version", "1"]);
        if let Some(manifest) = std::env::var_os("CARGO_MANIFEST_DIR") {
            cargo.current_dir(manifest);
        }
        let metadata: Value = serde_json::from_str(&process::output(&mut cargo)?).context("cargo metadata's answer")?;
        let path = |key: &str| {
            metadata[key].as_str().map(PathBuf::from).with_context(|| format!("cargo metadata has no {key}"))
        };
        Ok(Self { root: path("workspace_root")?, target: path("target_directory")?, metadata })
    }

    /// `cargo` for this checkout.
    pub fn cargo(&self) -> Command {
        let mut cargo = process::cargo(&self.root);
        cargo.env("CARGO_TARGET_DIR", &self.target);
        cargo
    }

    pub fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    pub fn dist(&self) -> PathBuf {
        self.ui().join("dist")
    }

    /// The members' part of `cargo metadata`.
    pub fn packages(&self) -> &[Value] {
        self.metadata["packages"].as_array().map_or(&[], Vec::as_slice)
    }
}
