//! Raw data by drop and by dialog; records that cannot be used.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use e2e::page::Page;
use e2e::places;
use serde_json::json;
use tempfile::TempDir;

use crate::opening::{STREAMING, TEMPLATE};
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

/// Long enough that its upload is seen under way.
const BIG: u64 = 160 << 20;

fn big_file(folder: &Path) -> Result<PathBuf> {
    let events = std::fs::read(places::sample("offer-events.jsonl"))?;
    let path = folder.join("big.jsonl");
    let mut file = BufWriter::new(File::create(&path)?);
    for _ in 0..BIG / events.len() as u64 {
        file.write_all(&events)?;
    }
    file.flush()?;
    Ok(path)
}

pub async fn a_big_file_leaves_the_page_free() -> Result<()> {
    with_studio("a_big_file_leaves_the_page_free", async |session| {
        let page = &session.page;
        page.open_template(TEMPLATE).await?;
        page.is_live().await?;
        let folder = TempDir::new()?;
        let big = big_file(folder.path())?;
        // Sent, and stopped on the way: nothing of it stays.
        page.choose_file("add-data-input", &big).await?;
        page.click("upload-stop").await?;
        page.until("the upload to end", "return document.querySelector('[data-testid=upload]') === null", vec![])
            .await?;
        sample_count_becomes(page, 1).await?;
        // Sent again: an edit is checked while the file is on its way.
        page.choose_file("add-data-input", &big).await?;
        page.appears("upload").await?;
        let good = page.editor_text(STREAMING).await?;
        page.set_editor_text(STREAMING, &good.replace("Type:", "Tyoe:")).await?;
        let answered = "
            const marked = globalThis.__studio.markers(arguments[0]).length > 0;
            const sending = document.querySelector('[data-testid=upload]') !== null;
            return marked ? { sending } : null";
        let seen = page.until("a marker", answered, vec![json!(STREAMING)]).await?;
        ensure!(seen["sending"] == json!(true), "the page checked the edit only when the upload was over");
        page.set_editor_text(STREAMING, &good).await?;
        sample_count_becomes(page, 2).await?;
        page.is_live().await?;
        // A run that takes its time tells where it is, and ends when the user says so.
        let slow = good.replace("user.sessions + 1", "user.sessions + len([n for n in range(3000)]) - 2999");
        ensure!(slow != good, "the template counts sessions");
        page.set_editor_text(STREAMING, &slow).await?;
        page.text_becomes("run-progress", "events").await?;
        page.picture("big-file-runs").await?;
        page.click("run-cancel").await?;
        page.text_becomes("status-live", "stopped").await?;
        ensure!(page.number("status-sessions").await? > 0, "the last good result is kept");
        page.appears("old").await
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
