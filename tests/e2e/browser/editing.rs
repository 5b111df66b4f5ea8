//! Editing with live validation: the marker, the words, the rows that follow.

use anyhow::{Result, ensure};
use e2e::rows;
use serde_json::json;

use crate::opening::{STREAMING, TEMPLATE};
use crate::session::with_studio;

const GOOD: &str = "Value: game_stats.games_played + 1";

pub async fn an_error_is_marked_and_the_fix_changes_rows() -> Result<()> {
    with_studio("an_error_is_marked_and_the_fix_changes_rows", async |session| {
        let page = &session.page;
        page.open_template(TEMPLATE).await?;
        page.is_live().await?;
        let before = rows::shown(page, "user").await?;
        let good = page.editor_text(STREAMING).await?;
        ensure!(good.contains(GOOD), "the template is not what this test knows");

        page.set_editor_text(STREAMING, &good.replace(GOOD, "Value: game_stats.games_plaid + 1")).await?;
        let marker = page
            .until("a marker", "return globalThis.__studio.markers(arguments[0])[0] ?? null", vec![json!(STREAMING)])
            .await?;
        let line = good.lines().position(|line| line.contains(GOOD)).map_or(0, |at| at + 1);
        ensure!(marker["startLineNumber"] == json!(line), "the marker is in line {line}: {marker}");
        ensure!(
            marker["message"].as_str().is_some_and(|text| text.contains("games_plaid")),
            "the message names the word: {marker}"
        );
        page.click("status-problems").await?;
        page.text_becomes("problem", "games_plaid").await?;
        // The cure is offered in words.
        page.text_becomes("problem", "games_played").await?;
        page.text_becomes("status-live", "waits for 1 error").await?;
        ensure!(page.number("status-sessions").await? > 0, "the last good result is kept");
        page.appears("old").await?;
        // A click on the problem goes to its place.
        page.click("problem").await?;
        page.text_becomes("status-cursor", &format!("Ln {line},")).await?;
        page.picture("error-marked").await?;

        let fixed = good.replace("Value: user.sessions + 1", "Value: user.sessions + 10");
        page.set_editor_text(STREAMING, &fixed).await?;
        page.is_live().await?;
        let after = rows::shown(page, "user").await?;
        let column = after.columns.iter().position(|name| name == "sessions");
        ensure!(column.is_some(), "no column sessions in {:?}", after.columns);
        let numbers = |table: &rows::Table| -> Vec<Option<u64>> {
            table.rows.iter().map(|row| row.get(column?)?.as_ref()?.parse().ok()).collect()
        };
        let tenfold: Vec<Option<u64>> =
            numbers(&before).into_iter().map(|number| number.map(|number| number * 10)).collect();
        ensure!(numbers(&after) == tenfold, "the rows do not follow the edit");
        Ok(())
    })
    .await
}

pub async fn a_failing_expression_is_counted_and_found() -> Result<()> {
    with_studio("a_failing_expression_is_counted_and_found", async |session| {
        let page = &session.page;
        page.open_template(TEMPLATE).await?;
        page.is_live().await?;
        let good = page.editor_text(STREAMING).await?;
        let failing = good.replace(GOOD, "Value: game_stats.games_played // 0");
        page.set_editor_text(STREAMING, &failing).await?;
        page.is_live().await?;
        page.click("bottom-problems").await?;
        page.text_becomes("fault", "ZeroDivisionError").await?;
        page.text_becomes("fault", "offer-events.jsonl.gz:").await?;
        page.click("fault").await?;
        let line = failing.lines().position(|line| line.contains("// 0")).map_or(0, |at| at + 1);
        page.text_becomes("status-cursor", &format!("Ln {line},")).await
    })
    .await
}

pub async fn what_can_stand_there_is_offered() -> Result<()> {
    with_studio("what_can_stand_there_is_offered", async |session| {
        let page = &session.page;
        page.open_template(TEMPLATE).await?;
        page.is_live().await?;
        page.focus_editor().await?;
        // Without the condition of its last field.
        let good = page.editor_text(STREAMING).await?;
        let shorter = good.trim_end().rsplit_once('\n').map_or("", |(before, _)| before);
        page.set_editor_text(STREAMING, shorter).await?;
        let offered = "return [...document.querySelectorAll('.suggest-widget.visible .monaco-list-row')]
            .some(row => row.textContent.startsWith(arguments[0]))";
        let ends = "return globalThis.__studio.text(arguments[0]).endsWith(arguments[1])";
        page.keys("\u{e009}\u{e010}\u{e000}").await?;
        page.keys("\u{e007}Whe").await?;
        page.until("When to be offered", offered, vec![json!("When")]).await?;
        page.keys("\u{e007}").await?;
        page.until("When to be written", ends, vec![json!(STREAMING), json!("When: ")]).await?;
        page.keys("source.custo").await?;
        page.until("a field of the data to be offered", offered, vec![json!("customer_identifier")]).await?;
        page.picture("offers").await?;
        page.keys("\u{e007}").await?;
        page.until("the field to be written", ends, vec![json!(STREAMING), json!("When: source.customer_identifier")])
            .await?;
        page.is_live().await
    })
    .await
}

pub async fn broken_documents_are_told_and_nothing_is_lost() -> Result<()> {
    with_studio("broken_documents_are_told_and_nothing_is_lost", async |session| {
        let page = &session.page;
        page.open_template(TEMPLATE).await?;
        page.is_live().await?;
        let good = page.editor_text(STREAMING).await?;
        let sessions = page.number("status-sessions").await?;
        page.click("status-problems").await?;
        let cases = [
            ("DTC0102", good.replace("  - Type", "\t- Type")),
            ("DTC0104", String::new()),
            ("DTC0105", alias_bomb()),
            ("DTC0106", "[".repeat(10_000)),
            ("DTC0108", good.replace("Version:", "Name: twice\nVersion:")),
            ("DTC0204", good.replace("DTC:Streaming", "DTC:Nonsense")),
            ("DTC0101", "\0".repeat(1000)),
        ];
        for (code, text) in cases {
            page.set_editor_text(STREAMING, &text).await?;
            page.text_becomes("problem", code).await?;
            page.appears("old").await?;
            ensure!(page.number("status-sessions").await? == sessions, "the last good result is kept");
        }
        page.set_editor_text(STREAMING, &good).await?;
        page.text_becomes("status-problems", "0 problems").await?;
        page.is_live().await
    })
    .await
}

/// Twelve levels of nine aliases each.
fn alias_bomb() -> String {
    let levels = ('b'..='l').map(|name| {
        let before = char::from(name as u8 - 1);
        format!("{name}: &{name} [{}]\n", vec![format!("*{before}"); 9].join(","))
    });
    format!("a: &a [x]\n{}Type: ProductML:DTC:Streaming\n", levels.collect::<String>())
}

pub async fn typing_reaches_the_editor() -> Result<()> {
    with_studio("typing_reaches_the_editor", async |session| {
        let page = &session.page;
        page.open_template(TEMPLATE).await?;
        page.is_live().await?;
        let before = page.editor_text(STREAMING).await?;
        page.focus_editor().await?;
        // Ctrl-End, then words.
        page.keys("\u{e009}\u{e010}\u{e000}").await?;
        page.keys("# typed by hand").await?;
        let script = "return globalThis.__studio.text(arguments[0]).endsWith('# typed by hand')";
        page.until("what was typed", script, vec![json!(STREAMING)]).await?;
        ensure!(page.editor_text(STREAMING).await?.starts_with(before.trim_end()), "nothing else changed");
        page.is_live().await?;
        page.text_becomes("status-problems", "0 problems").await
    })
    .await
}
