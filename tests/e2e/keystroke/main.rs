//! `keystroke FILE RUNS`: from a key in the editor to new rows on screen, in a headless Chromium over the real HTTP
//! host. Adds the file to the template's project, types a digit at the end of an expression and takes it back, again
//! and again. Prints `events N`, each time as `key MS` and `keystroke MS`, their median.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use e2e::driver::Driver;
use e2e::host::Host;
use e2e::page::Page;
use serde_json::json;
use tempfile::TempDir;

const STREAMING: &str = "streaming.dtc.yaml";
/// The template's, and the table that shows it.
const EXPRESSION: &str = "game_stats.games_played + 1";
const TABLE: &str = "game_stats";

/// Modifiers and keys as WebDriver writes them.
const CONTROL_G: &str = "\u{e009}g\u{e000}";
const ENTER: &str = "\u{e007}";
const END: &str = "\u{e010}";
const BACKSPACE: &str = "\u{e003}";

/// Notes when a key goes down, and the first frame whose rows are others.
const WATCH: &str = "
    const shown = () => {
        const rows = [...document.querySelectorAll('.results [data-testid=row]')];
        if (rows.length === 0 || rows.some(row => row.classList.contains('old') || row.querySelector('.loading'))) {
            return null;
        }
        return rows.map(row => [...row.querySelectorAll('[data-testid=cell]')].map(cell => cell.title).join()).join();
    };
    globalThis.keystroke = { took: null, shown };
    addEventListener('keydown', () => {
        const [start, before] = [performance.now(), shown()];
        globalThis.keystroke.took = null;
        const look = () => {
            const now = shown();
            if (now !== null && now !== before) globalThis.keystroke.took = performance.now() - start;
            else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
    }, true);";

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let file = PathBuf::from(arguments.next().context("the file is missing")?);
    let runs: usize = arguments.next().context("the number of runs is missing")?.parse()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let host = Host::start()?;
        let driver = Driver::chrome()?;
        let downloads = TempDir::new()?;
        let client = driver.browser(downloads.path()).await?;
        let page = Page { client: client.clone() };
        let measured = measured(&page, &host, &file, runs).await;
        client.close().await.context("the browser does not close")?;
        measured
    })
}

async fn measured(page: &Page, host: &Host, file: &std::path::Path, runs: usize) -> Result<()> {
    page.client.goto(&host.address).await?;
    page.resize(1280, 800).await?;
    page.open_template("offer-ai").await?;
    page.is_live().await?;
    let before = page.number("status-events").await?;
    page.choose_file("add-data-input", file).await?;
    let more = "return Number(document.querySelector('[data-testid=status-events]').textContent\
                .replace(/[^0-9]/g, '')) > arguments[0]";
    page.until("the file's events", more, vec![json!(before)]).await?;
    page.is_live().await?;
    println!("events {}", page.number("status-events").await?);
    page.click(&format!("tab-{TABLE}")).await?;
    let chosen = "return document.querySelector('.results [role=grid]')?.getAttribute('aria-label') === arguments[0]";
    page.until("the table", chosen, vec![json!(TABLE)]).await?;
    stand_behind(page, EXPRESSION).await?;
    page.run(WATCH, vec![]).await?;
    page.until("rows", "return globalThis.keystroke.shown()", vec![]).await?;
    let mut times = Vec::new();
    for run in 0..runs {
        page.keys(if run % 2 == 0 { "0" } else { BACKSPACE }).await?;
        let took = page.until("new rows", "return globalThis.keystroke.took", vec![]).await?;
        let took = took.as_f64().context("a time is a number")?;
        println!("key {took:.1}");
        times.push(took);
        page.is_live().await?;
        // What follows an edit is over before the next one.
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let text = page.editor_text(STREAMING).await?;
    ensure!(text.contains(&format!("{EXPRESSION}0")) == (runs % 2 == 1), "something else was typed");
    times.sort_by(f64::total_cmp);
    println!("keystroke {:.1}", times.get(times.len() / 2).context("there were no runs")?);
    Ok(())
}

/// Puts the cursor behind a text of the streaming document, by keys.
async fn stand_behind(page: &Page, expression: &str) -> Result<()> {
    let text = page.editor_text(STREAMING).await?;
    let line = text.lines().position(|line| line.contains(expression)).context("the expression is not there")? + 1;
    page.focus_editor().await?;
    page.keys(CONTROL_G).await?;
    page.keys(&format!("{line}{ENTER}")).await?;
    page.keys(END).await
}
