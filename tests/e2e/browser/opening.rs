//! From the start page to rows; Monaco's worker under the CSP; what a reload keeps.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use e2e::places;
use e2e::rows::{self, Written};
use serde_json::json;

use crate::session::with_studio;

pub const TEMPLATE: &str = "offer-ai";
pub const STREAMING: &str = "streaming.dtc.yaml";
pub const WINDOW: &str = "window.dtc.yaml";
/// Identity, session and window rows of the template.
const TABLES: [&str; 3] = ["user", "game_stats", "offer_ai_features"];

pub async fn a_template_opens_and_runs() -> Result<()> {
    with_studio("a_template_opens_and_runs", async |session| {
        let page = &session.page;
        page.open_template(TEMPLATE).await?;
        page.is_live().await?;
        ensure!(page.number("status-events").await? > 10_000, "the template's data is read");
        ensure!(page.number("status-sessions").await? > 0, "sessions are counted");
        ensure!(page.number("status-rows").await? > 0, "window rows are counted");
        ensure!(page.text("status-time").await?.contains('s'), "the run's time is shown");
        page.text_becomes("status-problems", "0 problems").await
    })
    .await
}

pub async fn the_worker_runs_under_the_csp() -> Result<()> {
    with_studio("the_worker_runs_under_the_csp", async |session| {
        let page = &session.page;
        page.appears(&format!("template-{TEMPLATE}")).await?;
        page.watch_workers().await?;
        page.open_template(TEMPLATE).await?;
        page.editor_text(STREAMING).await?;
        page.editor_worker_answers().await?;
        page.until(
            "coloured text",
            "return document.querySelectorAll('.monaco .view-line span[class*=mtk]').length > 20",
            vec![],
        )
        .await?;
        // What the policy forbids is refused, or it would not be strict: inline script and eval. Later, by a
        // timer: chromedriver's own scripts may evaluate.
        let tempt = "
            setTimeout(() => {
                const script = document.createElement('script');
                script.textContent = 'globalThis.intruder = 1';
                document.head.append(script);
                let evaluated = true;
                try { new Function('return 1')(); } catch { evaluated = false; }
                globalThis.tempted = globalThis.intruder === undefined && !evaluated ? 'resisted' : 'fell';
            });";
        page.console_is_clean().await?;
        page.run(tempt, vec![]).await?;
        let outcome = page.until("the temptation", "return globalThis.tempted ?? null", vec![]).await?;
        ensure!(outcome == json!("resisted"), "the CSP lets inline scripts or eval through");
        // Those two refusals are in the console now, and nothing else may be.
        let said = e2e::console::read(&page.client).await?;
        let others: Vec<&str> = said
            .iter()
            .filter(|it| it.is_bad() && !it.text.contains("Content Security Policy"))
            .map(|it| it.text.as_str())
            .collect();
        ensure!(others.is_empty(), "the console says {others:?}");
        Ok(())
    })
    .await
}

pub async fn a_reload_keeps_the_work() -> Result<()> {
    with_studio("a_reload_keeps_the_work", async |session| {
        let page = &session.page;
        page.open_template(TEMPLATE).await?;
        page.is_live().await?;
        let sessions = page.number("status-sessions").await?;
        let changed = page.editor_text(STREAMING).await? + "\n# kept\n";
        page.set_editor_text(STREAMING, &changed).await?;
        page.is_live().await?;
        page.keys("\u{e009}s\u{e000}").await?;
        let saved = "return document.querySelector(`[data-testid=\"document-${arguments[0]}\"] .dot`) === null";
        page.until("the file to be written", saved, vec![json!(STREAMING)]).await?;
        page.client.refresh().await?;
        page.appears("project-tree").await?;
        page.is_live().await?;
        ensure!(page.editor_text(STREAMING).await? == changed, "the edit is lost by a reload");
        ensure!(page.number("status-sessions").await? == sessions, "the rows are the same after a reload");
        Ok(())
    })
    .await
}

pub async fn a_folder_of_ones_own_opens() -> Result<()> {
    with_studio("a_folder_of_ones_own_opens", async |session| {
        let page = &session.page;
        page.choose_file("open-folder-input", &places::template(TEMPLATE)).await?;
        page.appears("project-tree").await?;
        page.is_live().await?;
        ensure!(page.number("status-events").await? > 10_000, "the folder's data is read");
        ensure!(page.number("status-rows").await? > 0, "its window document runs on its streaming document");
        page.appears("document-functions/offers.rhai").await
    })
    .await
}

pub async fn rows_equal_the_command_lines() -> Result<()> {
    with_studio("rows_equal_the_command_lines", async |session| {
        let page = &session.page;
        page.open_template(TEMPLATE).await?;
        page.is_live().await?;
        let template = places::template(TEMPLATE);
        let data: Vec<PathBuf> = vec![template.join("data/offer-events.jsonl.gz")];
        let written =
            Written::by_command_line(&template.join(STREAMING), Some(&template.join("window.dtc.yaml")), &data)?;
        for table in TABLES {
            rows::ensure_equal(&rows::shown(page, table).await?, &written.table(table)?)
                .map_err(|error| error.context(table))?;
        }
        Ok(())
    })
    .await
}
