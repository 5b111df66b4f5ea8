//! The story of a cell: opened by mouse and keys, told as the cell has it, stepped through, left again.

use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::opening::TEMPLATE;
use crate::session::{Session, with_studio};

const ENTER: &str = "\u{E007}";
const ESCAPE: &str = "\u{E00C}";
const RIGHT: &str = "\u{E014}";
const LEFT: &str = "\u{E012}";

pub async fn a_cell_tells_its_story() -> Result<()> {
    with_studio("a_cell_tells_its_story", async |session| {
        let page = &session.page;
        page.open_template(TEMPLATE).await?;
        page.is_live().await?;
        let cell = click_cell(session, "game_stats", "games_played").await?;
        story_says(session, "games_played", &cell).await?;
        page.text_becomes("story-words", "entered this record").await?;
        ensure!(page.text("story-link").await?.contains("game_stats.games_played + 1"), "no expression");

        step_through(session).await?;
        page.keys(ESCAPE).await?;
        page.appears("story-words").await?;

        // The expression leads to its place in the editor.
        page.click("story-link").await?;
        page.text_becomes("status-cursor", "Ln ").await?;
        page.click("story-close").await?;
        gone(session).await
    })
    .await
}

/// Forward and back by buttons and by keys; the state follows.
async fn step_through(session: &Session) -> Result<()> {
    let page = &session.page;
    page.click("step-through").await?;
    page.text_becomes("step-place", "Event ").await?;
    page.appears("step-field").await?;
    let total = total(session).await?;
    ensure!(total > 2, "an identity with {total} events");
    let raw = page.text("step-raw").await?;
    let event: serde_json::Value = serde_json::from_str(&raw).with_context(|| format!("no JSON: {raw}"))?;
    ensure!(event["customer_identifier"].is_string(), "another event: {raw}");
    let here = place(session).await?;
    page.click("step-on").await?;
    becomes(session, here + 1).await?;
    page.click("step-back").await?;
    becomes(session, here).await?;
    page.until("the same event again", SAME_RAW, vec![json!(raw)]).await?;
    page.run("document.querySelector('[data-testid=stepper]').focus()", vec![]).await?;
    page.keys(RIGHT).await?;
    becomes(session, here + 1).await?;
    page.keys(LEFT).await?;
    becomes(session, here).await
}

const SAME_RAW: &str = "return document.querySelector('[data-testid=step-raw]')?.textContent.trim() === arguments[0]";

pub async fn a_story_is_read_by_keys_alone() -> Result<()> {
    with_studio("a_story_is_read_by_keys_alone", async |session| {
        let page = &session.page;
        page.open_template(TEMPLATE).await?;
        page.is_live().await?;
        page.click("tab-user").await?;
        page.until("rows", "return document.querySelector('.results [data-testid=cell]') !== null", vec![]).await?;
        page.run("document.querySelector('.results [role=grid]').focus()", vec![]).await?;
        page.keys(RIGHT).await?;
        page.keys(ENTER).await?;
        page.appears("story-words").await?;
        let focused = "return document.activeElement?.dataset.testid === 'story'";
        page.until("the focus in the story", focused, vec![]).await?;
        page.keys(ESCAPE).await?;
        gone(session).await?;
        let back = "return document.activeElement?.getAttribute('role') === 'grid'";
        page.until("the focus back in the table", back, vec![]).await?;
        Ok(())
    })
    .await
}

pub async fn a_window_value_leads_to_its_blocks() -> Result<()> {
    with_studio("a_window_value_leads_to_its_blocks", async |session| {
        let page = &session.page;
        page.open_template(TEMPLATE).await?;
        page.is_live().await?;
        let (table, column) = window_column(session).await?;
        let cell = click_cell(session, &table, &column).await?;
        story_says(session, &column, &cell).await?;
        page.appears("story-blocks").await?;
        // The last value of the last block.
        let value = "
            const all = [...document.querySelectorAll('[data-testid=block-value]')];
            all.at(-1).click();
            return all.at(-1).textContent";
        let told = page.run(value, vec![]).await?;
        page.appears("story-back").await?;
        let told = told.as_str().unwrap_or_default().trim_matches('"').to_owned();
        page.text_becomes("story-value", &told).await?;
        page.click("story-back").await?;
        story_says(session, &column, &cell).await
    })
    .await
}

/// The window document's table and a column that is computed from a week's blocks.
async fn window_column(session: &Session) -> Result<(String, String)> {
    let page = &session.page;
    let tabs = page.texts("tab-user").await?;
    ensure!(!tabs.is_empty(), "no table of users");
    let last = "return [...document.querySelectorAll('.results [role=tab]')].at(-1).dataset.testid";
    let tab = page.until("the window's table", last, vec![]).await?;
    let tab = tab.as_str().unwrap_or_default().to_owned();
    page.click(&tab).await?;
    let column = "
        const name = document.querySelector('.results [role=grid]')?.getAttribute('aria-label');
        if ('tab-' + name !== arguments[0]) return null;
        const heads = [...document.querySelectorAll('.results [data-testid=column] .name')];
        return heads.map(e => e.firstChild.textContent).find(name => name.startsWith('last_week.')) ?? null";
    let column = page.until("a column of a window", column, vec![json!(tab)]).await?;
    let table = tab.trim_start_matches("tab-").to_owned();
    Ok((table, column.as_str().unwrap_or_default().to_owned()))
}

/// Clicks a cell of the first shown row; its whole value.
async fn click_cell(session: &Session, table: &str, column: &str) -> Result<String> {
    let page = &session.page;
    page.click(&format!("tab-{table}")).await?;
    let mark = "
        const grid = document.querySelector('.results [role=grid]');
        if (grid?.getAttribute('aria-label') !== arguments[0] || grid.querySelector('.loading, .old')) return null;
        const heads = [...grid.querySelectorAll('[data-testid=column] .name')].map(e => e.firstChild.textContent);
        const cells = grid.querySelector('[data-testid=row]')?.querySelectorAll('[data-testid=cell]');
        const cell = cells?.[heads.indexOf(arguments[1])];
        if (!cell) return null;
        cell.scrollIntoView({ inline: 'center', block: 'nearest' });
        cell.dataset.chosen = 'yes';
        return [cell.classList.contains('null') ? '–' : cell.title]";
    let told = page.until(&format!("the cell {column}"), mark, vec![json!(table), json!(column)]).await?;
    let cell = page.client.find(fantoccini::Locator::Css("[data-chosen=yes]")).await?;
    cell.click().await?;
    page.appears("story").await?;
    Ok(told[0].as_str().unwrap_or_default().to_owned())
}

async fn story_says(session: &Session, field: &str, value: &str) -> Result<()> {
    let script = "
        const head = document.querySelector('[data-testid=story] h2')?.textContent;
        return head === arguments[0] + ' = ' + arguments[1]";
    session.page.until(&format!("{field} = {value}"), script, vec![json!(field), json!(value)]).await?;
    Ok(())
}

/// `Event 3 of 12` → 3, 12.
async fn numbers(session: &Session) -> Result<[u64; 2]> {
    let text = session.page.text("step-place").await?.replace(',', "");
    let found: Vec<u64> = text.split(' ').filter_map(|word| word.parse().ok()).collect();
    found.try_into().map_err(|_| anyhow::anyhow!("no place among the events: {text}"))
}

async fn total(session: &Session) -> Result<u64> {
    Ok(numbers(session).await?[1])
}

async fn place(session: &Session) -> Result<u64> {
    Ok(numbers(session).await?[0])
}

async fn becomes(session: &Session, place: u64) -> Result<()> {
    session.page.text_becomes("step-place", &format!("Event {place} of")).await
}

async fn gone(session: &Session) -> Result<()> {
    let script = "return document.querySelector('[data-testid=story]') === null";
    session.page.until("the story to be closed", script, vec![]).await?;
    Ok(())
}

/// For people to look at: a record's field, a window's, a step, in both themes.
pub async fn pictures_of_stories() -> Result<()> {
    with_studio("pictures_of_stories", async |session| {
        let page = &session.page;
        page.open_template(TEMPLATE).await?;
        page.is_live().await?;
        for theme in ["light", "dark"] {
            page.run("localStorage.setItem('dtc.theme', arguments[0])", vec![json!(theme)]).await?;
            page.client.refresh().await?;
            page.is_live().await?;
            click_cell(session, "game_stats", "games_played").await?;
            page.appears("evaluation").await?;
            page.picture(&format!("story-field-{theme}")).await?;
            page.click("step-through").await?;
            page.appears("step-field").await?;
            page.click("step-on").await?;
            page.picture(&format!("story-step-{theme}")).await?;
            page.click("story-close").await?;
            let (table, column) = window_column(session).await?;
            click_cell(session, &table, &column).await?;
            page.appears("story-blocks").await?;
            page.picture(&format!("story-window-{theme}")).await?;
            page.click("story-close").await?;
        }
        Ok(())
    })
    .await
}
