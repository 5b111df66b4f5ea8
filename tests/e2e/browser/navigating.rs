//! Moving about in documents: definitions, uses, renaming, layout.

use anyhow::{Result, ensure};
use e2e::page::Page;
use e2e::rows;
use fantoccini::Locator;
use serde_json::json;

use crate::opening::{STREAMING, TEMPLATE, WINDOW};
use crate::session::with_studio;

const CONTROL: char = '\u{e009}';
const SHIFT: char = '\u{e008}';
const ALT: char = '\u{e00a}';
const UP: char = '\u{e000}';
const ENTER: char = '\u{e007}';
const RIGHT: char = '\u{e014}';
const F1: char = '\u{e031}';
const F2: char = '\u{e032}';
const F12: char = '\u{e03c}';

/// Puts the cursor at the first character of a text's first appearance, as people do: Ctrl G.
async fn go_to(page: &Page, document: &str, sought: &str) -> Result<()> {
    let text = page.editor_text(document).await?;
    let at = text.find(sought).unwrap_or_default();
    let line = text[..at].matches('\n').count() + 1;
    let column = at - text[..at].rfind('\n').map_or(0, |end| end + 1) + 1;
    page.focus_editor().await?;
    page.keys(&format!("{CONTROL}g{UP}")).await?;
    page.until(
        "the box for the line",
        "return document.activeElement?.matches('.quick-input-widget input') ?? false",
        vec![],
    )
    .await?;
    page.keys(&format!("{line}:{column}{ENTER}")).await?;
    page.text_becomes("status-cursor", &format!("Ln {line}, Col {column}")).await
}

pub async fn names_lead_to_their_definitions() -> Result<()> {
    with_studio("names_lead_to_their_definitions", async |session| {
        let page = &session.page;
        page.open_template(TEMPLATE).await?;
        page.is_live().await?;
        let text = page.editor_text(STREAMING).await?;
        let defined = text.lines().position(|line| line.contains("Name: games_played")).map_or(0, |line| line + 1);
        page.click(&format!("document-tab-{WINDOW}")).await?;
        go_to(page, WINDOW, "games_played[0]").await?;
        page.keys(&F12.to_string()).await?;
        // In the other document.
        page.text_becomes("status-cursor", &format!("Ln {defined}, Col 15")).await?;
        page.keys(&format!("{SHIFT}{F12}{UP}")).await?;
        let peek = "return document.querySelector('.reference-zone-widget .monaco-list')?.textContent ?? null";
        page.until("the uses", peek, vec![]).await?;
        page.picture("uses").await
    })
    .await
}

pub async fn a_new_name_goes_everywhere_and_rows_stay() -> Result<()> {
    with_studio("a_new_name_goes_everywhere_and_rows_stay", async |session| {
        let page = &session.page;
        page.open_template(TEMPLATE).await?;
        page.is_live().await?;
        let rows = page.number("status-sessions").await?;
        page.click(&format!("document-tab-{STREAMING}")).await?;
        go_to(page, STREAMING, "games_played\n").await?;
        page.keys(&F2.to_string()).await?;
        page.until(
            "the box for the name",
            "return document.activeElement?.matches('.rename-box input') ?? false",
            vec![],
        )
        .await?;
        page.keys(&format!("{CONTROL}a{UP}rounds{ENTER}")).await?;
        let has = "return globalThis.__studio.text(arguments[0]).includes(arguments[1])";
        page.until("the new name", has, vec![json!(STREAMING), json!("game_stats.rounds + 1")]).await?;
        page.until("the new name there too", has, vec![json!(WINDOW), json!("source.rounds[0]")]).await?;
        let window = page.editor_text(WINDOW).await?;
        ensure!(window.contains("- Name: games_played"), "the window's own field keeps its name");
        page.is_live().await?;
        page.text_becomes("status-problems", "0 problems").await?;
        ensure!(page.number("status-sessions").await? == rows, "the rows are the same");
        // The data's fields are nobody's to rename; the editor says so.
        go_to(page, STREAMING, "event_id ==").await?;
        page.keys(&F2.to_string()).await?;
        let told = "return document.querySelector('.monaco-editor-overlaymessage')?.textContent ?? null";
        let told = page.until("the reason", told, vec![]).await?;
        ensure!(told.as_str().is_some_and(|text| text.contains("field of the data")), "{told}");
        Ok(())
    })
    .await
}

pub async fn a_field_tells_its_value_for_the_selected_row() -> Result<()> {
    with_studio("a_field_tells_its_value_for_the_selected_row", async |session| {
        let page = &session.page;
        page.open_template(TEMPLATE).await?;
        page.is_live().await?;
        let table = rows::shown(page, "user").await?;
        let column = |name: &str| table.columns.iter().position(|known| known == name);
        let (Some(identity), Some(sessions)) = (column("_identity"), column("sessions")) else {
            anyhow::bail!("the columns are {:?}", table.columns);
        };
        // A row that stands clear of the head.
        let clear = "const top = document.querySelector('.table-scroll').getBoundingClientRect().top + 100;
            return [...document.querySelectorAll('.table-scroll [role=gridcell][aria-colindex=\"1\"]')]
                .find(cell => cell.getBoundingClientRect().top > top)?.id ?? null";
        let cell = page.until("a row", clear, vec![]).await?;
        let cell = page.client.find(Locator::Id(cell.as_str().unwrap_or_default())).await?;
        let name = cell.text().await?;
        cell.click().await?;
        page.text_becomes("status-identity", &name).await?;
        let row = table.rows.iter().find(|row| row[identity].as_deref() == Some(&name));
        let value = row.and_then(|row| row[sessions].clone()).unwrap_or_default();
        go_to(page, STREAMING, "user.sessions + 1").await?;
        page.keys(&format!("{RIGHT}{RIGHT}{RIGHT}{RIGHT}{RIGHT}{RIGHT}{SHIFT}{F1}{UP}")).await?;
        let told =
            "return [...document.querySelectorAll('.monaco-hover')].map(hover => hover.textContent).join('') || null";
        let told = page.until("the hover", told, vec![]).await?;
        let told = told.as_str().unwrap_or_default();
        ensure!(told.contains("integer"), "the type: {told}");
        ensure!(told.contains(&format!("For {name}: {value}")), "the value: {told}");
        page.picture("hover-value").await
    })
    .await
}

pub async fn a_ragged_document_is_laid_out() -> Result<()> {
    with_studio("a_ragged_document_is_laid_out", async |session| {
        let page = &session.page;
        page.open_template(TEMPLATE).await?;
        page.is_live().await?;
        let good = page.editor_text(STREAMING).await?;
        let ragged = good
            .replace("Name: offer_ai\n", "Name:     offer_ai   \n\n\n\n")
            .replace("        Type: ", "        Type:   ");
        ensure!(ragged != good, "the template is not what this test knows");
        page.set_editor_text(STREAMING, &ragged).await?;
        page.focus_editor().await?;
        page.keys(&format!("{SHIFT}{ALT}f{UP}")).await?;
        let is = "return globalThis.__studio.text(arguments[0]).replace(/\\n\\n+/g, '\\n') === arguments[1]";
        let wanted = good.replace("\n\n", "\n");
        page.until("the layout", is, vec![json!(STREAMING), json!(wanted)]).await?;
        page.is_live().await
    })
    .await
}
