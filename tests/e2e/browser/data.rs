//! Raw data by drop and by dialog; records that cannot be used.

use anyhow::{Context, Result, ensure};
use e2e::page::Page;
use e2e::places;
use serde_json::json;

use crate::opening::TEMPLATE;
use crate::session::with_studio;

const BAD: &str = "offer-events-bad.jsonl";
const PYTHON: &str = "offer-python-style.txt";

async fn sample_count_becomes(page: &Page, count: usize) -> Result<()> {
    let script = "return document.querySelectorAll('[data-testid=sample]').length === arguments[0]";
    page.until(&format!("{count} samples"), script, vec![json!(count)]).await?;
    Ok(())
}

pub async fn a_dropped_file_is_read() -> Result<()> {
    with_studio("a_dropped_file_is_read", async |session| {
        let page = &session.page;
        page.open_template(TEMPLATE).await?;
        page.is_live().await?;
        let before = page.number("status-events").await?;
        page.drop_file(&places::sample(PYTHON)).await?;
        sample_count_becomes(page, 2).await?;
        // Python's way to print records is read, with a notice that says so.
        page.appears("sample-notice").await?;
        page.until("more events", "return Number(document.querySelector('[data-testid=status-events]').textContent.replace(/[^0-9]/g, '')) > arguments[0]", vec![
            json!(before),
        ])
        .await?;
        page.is_live().await?;
        ensure!(page.number("status-events").await? == before + 30, "all 30 records of the dropped file are read");
        Ok(())
    })
    .await
}

pub async fn a_chosen_file_is_read() -> Result<()> {
    with_studio("a_chosen_file_is_read", async |session| {
        let page = &session.page;
        page.open_template(TEMPLATE).await?;
        page.is_live().await?;
        let before = page.number("status-events").await?;
        page.choose_file("add-data-input", &places::sample("offer-events.jsonl")).await?;
        sample_count_becomes(page, 2).await?;
        page.until("twice the events", "return Number(document.querySelector('[data-testid=status-events]').textContent.replace(/[^0-9]/g, '')) === arguments[0]", vec![
            json!(2 * before),
        ])
        .await?;
        Ok(())
    })
    .await
}

pub async fn bad_records_are_listed_and_the_rest_runs() -> Result<()> {
    with_studio("bad_records_are_listed_and_the_rest_runs", async |session| {
        let page = &session.page;
        page.open_template(TEMPLATE).await?;
        page.is_live().await?;
        let sessions = page.number("status-sessions").await?;
        page.drop_file(&places::sample(BAD)).await?;
        sample_count_becomes(page, 2).await?;
        page.until(
            "unusable events",
            "return /[1-9]/.test(document.querySelector('[data-testid=bottom-unusable] .count').textContent)",
            vec![],
        )
        .await?;
        page.is_live().await?;
        ensure!(page.number("status-sessions").await? >= sessions, "the rest still runs");
        page.click("bottom-unusable").await?;
        let read = "
            const rows = [...document.querySelectorAll('.bottom-panel [data-testid=row]')];
            if (rows.some(row => row.querySelector('.loading'))) return null;
            return rows.map(row => [...row.querySelectorAll('[data-testid=cell]')].map(cell => cell.title));";
        let listed: Vec<Vec<String>> = serde_json::from_value(page.until("listed records", read, vec![]).await?)?;
        let first = listed.first().context("no record is listed")?;
        ensure!(first.iter().any(|cell| cell.contains(BAD)), "the file is named: {first:?}");
        ensure!(first.iter().any(|cell| cell == "3"), "line 3, the first cut one, is named: {first:?}");
        ensure!(first.iter().any(|cell| cell.contains(' ') && cell.len() > 10), "a reason in words: {first:?}");
        page.picture("unusable-events").await
    })
    .await
}
