//! The built window under a virtual display: the same page over IPC instead of HTTP. Short on
//! purpose; what the page can do is tested in the browser.

use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use e2e::driver::Driver;
use e2e::page::Page;
use e2e::trial::{run, trial};
use e2e::{picture, places};
use serde_json::json;
use tempfile::TempDir;

const STREAMING: &str = "streaming.dtc.yaml";

fn main() -> ExitCode {
    run(vec![trial("the_window_opens_a_template_and_runs_it", || Box::pin(the_window_opens_a_template_and_runs_it()))])
}

async fn the_window_opens_a_template_and_runs_it() -> Result<()> {
    let workspace = TempDir::new()?;
    let driver = Driver::webkit()?;
    // WebKitWebDriver starts the program in its own environment; a script gives it ours.
    let script = launcher(workspace.path())?;
    let client = driver.window(&script, &[]).await?;
    let page = Page { client: client.clone() };
    let result = steps(&page).await;
    if let (Err(_), Ok(png)) = (&result, client.screenshot().await) {
        picture::keep("failed-desktop", &png)?;
    }
    client.close().await.context("the window does not close")?;
    result
}

fn launcher(workspace: &std::path::Path) -> Result<std::path::PathBuf> {
    use std::os::unix::fs::PermissionsExt;
    let mut text = "#!/bin/sh\n".to_owned();
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

async fn steps(page: &Page) -> Result<()> {
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
