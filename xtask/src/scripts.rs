//! The page's JavaScript and styles: npm's packages, then one esbuild run per kind of output.
//! Every file directly in `ui/js` is an entry and becomes `NAME.js` (and `NAME.css`).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;
use crate::stamp::{Inputs, Stamp};

const WORKER: &str = "monaco-editor/editor/editor.worker.js";

/// Installs npm's packages when the lock file changed.
pub fn packages(ui: &Path) -> Result<()> {
    let inputs = Inputs::of("npm ci").file(&ui.join("package-lock.json"))?.file(&ui.join("package.json"))?;
    let stamp = Stamp::new(ui.join("node_modules/.xtask-stamp"), inputs);
    if stamp.is_current() {
        return Ok(());
    }
    println!("  npm ci");
    let npm = process::which("npm").context("npm is not installed; run `cargo xtask setup`")?;
    process::run(Command::new(npm).current_dir(ui).args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]))?;
    stamp.write()
}

/// The entries, in order.
pub fn entries(ui: &Path) -> Result<Vec<PathBuf>> {
    let folder = ui.join("js");
    let mut found = Vec::new();
    if folder.is_dir() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|kind| kind == "js") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Bundles entries, the editor's worker and the style sheets into `out`.
pub fn bundle(ui: &Path, out: &Path, fast: bool) -> Result<()> {
    let program = ui.join("node_modules/.bin/esbuild");
    if !program.exists() {
        bail!("esbuild is not in ui/node_modules; is it in ui/package.json?");
    }
    let esbuild = || {
        let mut command = Command::new(&program);
        command.current_dir(ui).args([
            "--bundle",
            "--log-level=warning",
            "--target=es2022",
            "--loader:.ttf=file",
            "--loader:.svg=file",
        ]);
        // The licences stand in THIRD-PARTY.txt, once.
        command.args(["--asset-names=[name]-[hash]", "--legal-comments=none"]);
        if !fast {
            command.arg("--minify");
        }
        command.arg(format!("--outdir={}", out.display()));
        command
    };
    let entries = entries(ui)?;
    if !entries.is_empty() {
        // wasm-bindgen's file comes from another step. No pattern: esbuild would match resolved paths too.
        process::run(esbuild().args(&entries).args(["--format=esm", "--external:/ui.js"]))?;
    }
    process::run(esbuild().args([&format!("editor.worker={WORKER}"), "--format=iife"]))?;
    let styles = ui.join("styles/main.css");
    if styles.exists() {
        process::run(esbuild().arg(format!("styles={}", styles.display())))?;
    }
    Ok(())
}
