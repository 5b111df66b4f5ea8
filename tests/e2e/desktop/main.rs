//! The built window under a virtual display: the same page over IPC instead of HTTP. Short on
//! purpose; what the page can do is tested in the browser.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use e2e::driver::Driver;
use e2e::page::Page;
use e2e::trial::{run, trial};
use e2e::{picture, places, xdnd};
use serde_json::json;
use tempfile::TempDir;

const STREAMING: &str = "streaming.dtc.yaml";
/// The file that the program's process id is written to.
const ID: &str = "process-id";

fn main() -> ExitCode {
    run(vec![
        trial("the_window_opens_a_template_and_runs_it", || {
            Box::pin(with_window("template", async |page| opens_a_template_and_runs_it(page).await))
        }),
        trial("files_dropped_on_the_window_are_read", || {
            Box::pin(with_window("drop", async |page| reads_dropped_files(page).await))
        }),
    ])
}

/// Runs the steps in a window of its own with a fresh workspace; a picture when they end badly.
async fn with_window(name: &str, steps: impl AsyncFnOnce(&Page) -> Result<()>) -> Result<()> {
    let workspace = TempDir::new()?;
    let driver = Driver::webkit()?;
    // WebKitWebDriver starts the program in its own environment; a script gives it ours.
    let script = launcher(workspace.path())?;
    let client = driver.window(&script, &[]).await?;
    let page = Page { client: client.clone() };
    let result = steps(&page).await;
    if let (Err(_), Ok(png)) = (&result, client.screenshot().await) {
        picture::keep(&format!("failed-desktop-{name}"), &png)?;
    }
    let closed = client.close().await.context("the window does not close");
    end_program(workspace.path())?;
    closed.and(result)
}

/// The session's end leaves the program alive at times, and its window would take the next one's drops.
fn end_program(workspace: &Path) -> Result<()> {
    let id = std::fs::read_to_string(workspace.join(ID)).context("the program never started")?;
    let process = Path::new("/proc").join(id.trim());
    for signal in ["-TERM", "-KILL"] {
        // Fails where the program has ended by itself.
        Command::new("kill").args([signal, id.trim()]).stderr(Stdio::null()).status()?;
        for _ in 0..100 {
            if !process.exists() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    bail!("the program {} does not end", id.trim())
}

fn launcher(workspace: &Path) -> Result<PathBuf> {
    use std::os::unix::fs::PermissionsExt;
    let mut text = format!("#!/bin/sh\necho $$ > '{}'\n", workspace.join(ID).display());
    for (name, value) in places::environment()? {
        text.push_str(&format!("export {name}='{}'\n", value.display()));
    }
    text.push_str(&format!("export DTC_STUDIO_WORKSPACE='{}'\n", workspace.join("projects").display()));
    // Tauri lets itself be steered only when it is told so.
    text.push_str("export TAURI_WEBVIEW_AUTOMATION=true NO_AT_BRIDGE=1 WEBKIT_DISABLE_DMABUF_RENDERER=1\n");
    text.push_str(&format!("exec '{}' \"$@\"\n", places::program("dtc-studio")?.display()));
    let script = workspace.join("dtc-studio");
    std::fs::write(&script, text)?;
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755))?;
    Ok(script)
}

async fn opens_a_template_and_runs_it(page: &Page) -> Result<()> {
    // WebKit's console cannot be read from outside, so it is kept from the start on.
    page.until("the page", "return document.querySelector('[data-testid=\"template-offer-ai\"]') !== null", vec![])
        .await?;
    let keep = "
        globalThis.said = [];
        for (const kind of ['warn', 'error']) {
            const real = console[kind];
            console[kind] = (...words) => { globalThis.said.push(words.join(' ')); real.apply(console, words); };
        }
        addEventListener('error', event => globalThis.said.push(event.message));
        addEventListener('securitypolicyviolation', event => globalThis.said.push('refused: ' + event.blockedURI));";
    page.run(keep, vec![]).await?;
    page.watch_workers().await?;
    page.open_template("offer-ai").await?;
    page.is_live().await?;
    ensure!(page.number("status-events").await? > 10_000, "the template's data is read");
    ensure!(page.number("status-rows").await? > 0, "window rows are counted");
    page.editor_text(STREAMING).await?;
    page.until(
        "coloured text",
        "return document.querySelectorAll('.monaco .view-line span[class*=mtk]').length > 20",
        vec![],
    )
    .await?;
    page.editor_worker_answers().await?;
    page.set_editor_text(STREAMING, "Type: nonsense\n").await?;
    page.until("a marker", "return globalThis.__studio.markers(arguments[0]).length > 0", vec![json!(STREAMING)])
        .await?;
    let said = page.run("return globalThis.said", vec![]).await?;
    ensure!(said == json!([]), "the console says {said}");
    let png = page.client.screenshot().await?;
    picture::keep("desktop", &png)?;
    picture::shows_something(&png)
}

/// On the start page a drop makes a project of the data; on an open project it adds to it.
async fn reads_dropped_files(page: &Page) -> Result<()> {
    page.appears("template-offer-ai").await?;
    page.appears("open-folder").await?;
    xdnd::drop_files(&[places::sample("offer-events.jsonl")])?;
    page.appears("project-tree").await?;
    page.text_becomes("sample", "offer-events.jsonl").await?;
    xdnd::drop_files(&[places::sample("offer-python-style.txt")])?;
    page.appears("sample-notice").await?;
    ensure!(page.texts("sample").await?.len() == 2, "the second drop adds to the first");
    picture::keep("desktop-drop", &page.client.screenshot().await?)
}
