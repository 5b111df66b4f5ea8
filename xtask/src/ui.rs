//! `cargo xtask ui`: the page, from Rust, JavaScript and styles to `ui/dist`. Each part is built
//! apart under the target folder and skipped when its inputs did not change; the finished folder
//! is put in place by one rename, so that a host never serves half a page.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::args::Args;
use crate::project::Project;
use crate::stamp::{Inputs, Stamp};
use crate::timing::step;
use crate::{bindgen, files, gzip, scripts, wasm};

/// The most that the page's own wasm may weigh, raw and packed.
const BUDGET: u64 = 4_950_000;
const BUDGET_PACKED: u64 = 1_860_000;
const PLACEHOLDER: &str = "<!doctype html>\n<html lang=\"en\"><title>DTC Studio</title><p>The page is not built yet: run <code>cargo xtask ui</code>.</p></html>\n";

pub fn command(mut args: Args) -> Result<()> {
    let fast = args.flag("--fast");
    let check = args.flag("--check");
    args.done()?;
    let project = Project::find()?;
    build(&project, fast)?;
    sizes(&project.dist())?;
    if check { within_budget(&project.dist()) } else { Ok(()) }
}

/// Builds what changed.
pub fn build(project: &Project, fast: bool) -> Result<()> {
    let ui = project.ui();
    let parts = project.target.join(if fast { "page-fast" } else { "page" });
    placeholder(project)?;
    step("page: npm packages", || scripts::packages(&ui))?;
    let scripts = step("page: scripts and styles", || script_part(&ui, &parts, fast))?;
    let raw = step("page: wasm", || wasm::build(project, "ui", if fast { wasm::FAST } else { wasm::PROFILE }))?;
    let code = step("page: bindings", || code_part(&raw, &parts, fast))?;
    step("page: put together", || assemble(project, &parts, &[scripts, code]))
}

/// Something for src-tauri to compile against before the first page is built.
pub fn placeholder(project: &Project) -> Result<()> {
    let index = project.dist().join("index.html");
    if !index.exists() {
        fs::create_dir_all(project.dist())?;
        fs::write(index, PLACEHOLDER)?;
    }
    Ok(())
}

/// A finished part: its folder and the hash of what went in.
struct Part {
    folder: PathBuf,
    inputs: String,
}

fn part(folder: PathBuf, inputs: Inputs, fast: bool, make: impl FnOnce(&Path) -> Result<()>) -> Result<Part> {
    let stamp = Stamp::new(folder.with_extension("stamp"), inputs);
    if !stamp.is_current() || !folder.is_dir() {
        let new = folder.with_extension("new");
        files::fresh(&new)?;
        make(&new)?;
        gzip::folder(&new, fast)?;
        files::swap_in(&new, &folder)?;
        stamp.write()?;
    }
    Ok(Part { folder, inputs: stamp.value().to_owned() })
}

fn script_part(ui: &Path, parts: &Path, fast: bool) -> Result<Part> {
    let index = ui.join("index.html");
    let inputs = Inputs::of(include_str!("scripts.rs"))
        .folder(&ui.join("js"))?
        .folder(&ui.join("styles"))?
        .folder(&ui.join("assets"))?
        .file(&ui.join("package-lock.json"))?
        .file(&index)
        .context("the page has no ui/index.html")?;
    part(parts.join("scripts"), inputs, fast, |out| {
        scripts::bundle(ui, out, fast)?;
        files::copy(&index, &out.join("index.html"))?;
        files::copy_all(&ui.join("assets"), out)?;
        licences(ui, out)
    })
}

/// What the bundled packages ask to be shown.
fn licences(ui: &Path, out: &Path) -> Result<()> {
    let mut text = String::new();
    for (name, file) in [
        ("monaco-editor", "monaco-editor/LICENSE"),
        ("monaco-editor, third parties", "monaco-editor/ThirdPartyNotices.txt"),
        ("@tauri-apps/api", "@tauri-apps/api/LICENSE-MIT"),
    ] {
        let path = ui.join("node_modules").join(file);
        let licence = fs::read_to_string(&path).with_context(|| format!("no licence at {}", path.display()))?;
        text.push_str(&format!("==== {name}\n\n{licence}\n\n"));
    }
    fs::write(out.join("THIRD-PARTY.txt"), text)?;
    Ok(())
}

fn code_part(raw: &Path, parts: &Path, fast: bool) -> Result<Part> {
    part(parts.join("code"), Inputs::of(include_str!("bindgen.rs")).file(raw)?, fast, |out| {
        bindgen::generate(raw, out, fast)
    })
}

fn assemble(project: &Project, parts: &Path, all: &[Part]) -> Result<()> {
    let dist = project.dist();
    let inputs = all.iter().fold(Inputs::of(&parts.to_string_lossy()), |inputs, part| inputs.text(&part.inputs));
    // Inside dist: whoever deletes the page deletes the claim that it is current.
    let stamp = Stamp::new(dist.join(".stamp"), inputs);
    if stamp.is_current() {
        println!("  nothing changed");
        return Ok(());
    }
    let new = project.ui().join(".dist-new");
    files::fresh(&new)?;
    for part in all {
        files::copy_all(&part.folder, &new)?;
    }
    files::swap_in(&new, &dist)?;
    stamp.write()
}

fn sizes(dist: &Path) -> Result<()> {
    println!("{:>12} {:>12}", "bytes", "packed");
    for file in files::below(dist)? {
        let packed = gzip::beside(&file);
        if packed.exists() {
            let name = file.strip_prefix(dist).unwrap_or(&file);
            println!("{:>12} {:>12}  {}", file.metadata()?.len(), packed.metadata()?.len(), name.display());
        }
    }
    Ok(())
}

pub fn within_budget(dist: &Path) -> Result<()> {
    let wasm = dist.join("ui_bg.wasm");
    let (raw, packed) = (wasm.metadata()?.len(), gzip::beside(&wasm).metadata()?.len());
    if raw > BUDGET || packed > BUDGET_PACKED {
        bail!("the page's wasm is over its budget: {raw} bytes of {BUDGET}, packed {packed} of {BUDGET_PACKED}");
    }
    Ok(())
}
