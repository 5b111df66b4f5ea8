//! The two charts: drawn from the data, and telling their numbers under the pointer.

use anyhow::{Result, ensure};
use e2e::page::Page;
use fantoccini::Locator;
use fantoccini::actions::{InputSource, MouseActions, PointerAction};
use serde_json::json;

use crate::opening::TEMPLATE;
use crate::session::with_studio;

pub async fn charts_show_the_data_on_hover() -> Result<()> {
    with_studio("charts_show_the_data_on_hover", async |session| {
        let page = &session.page;
        page.open_template(TEMPLATE).await?;
        page.is_live().await?;

        page.click("page-attribution").await?;
        page.appears("credit-table").await?;
        let touches = page.texts("credit-row").await?;
        ensure!(touches.len() > 2, "touch points are listed: {touches:?}");
        drawn(page, "chart-credit").await?;
        hovered(page, "chart-credit").await?;

        page.click("page-bandit").await?;
        page.appears("action-table").await?;
        ensure!(page.texts("action-row").await?.len() > 2, "actions are listed");
        drawn(page, "chart-reward").await?;
        hovered(page, "chart-reward").await
    })
    .await
}

/// The template's policies beside the logged one: picked by mouse and keys, drawn, read as a table.
pub async fn policies_are_picked_and_their_figures_follow() -> Result<()> {
    with_studio("policies_are_picked_and_their_figures_follow", async |session| {
        let page = &session.page;
        page.open_template(TEMPLATE).await?;
        page.is_live().await?;
        page.click("page-bandit").await?;
        page.appears("policy-table").await?;
        let rows = page.texts("policy-row").await?;
        ensure!(rows.len() == 4 && rows[0].contains("logged"), "the logged policy and three others: {rows:?}");
        ensure!(rows.iter().any(|row| row.contains("given")), "answers are given: {rows:?}");
        for figure in ["values", "cumulative", "windowed", "windows", "delays", "actions", "estimators-4", "weights-4"] {
            drawn(page, &format!("figure-{figure}")).await?;
        }
        hovered(page, "figure-cumulative").await?;
        let shows = "return document.querySelector('[data-testid=\"figure-cumulative\"] svg').textContent.includes(arguments[0])";
        ensure!(page.run(shows, vec![json!("always_deal")]).await? == json!(true), "the curve is named");
        // By keys: the box of the second policy is reached and cleared.
        page.run("document.querySelectorAll('[data-testid=\"policy-shown\"]')[1].focus()", vec![]).await?;
        page.client.active_element().await?.send_keys(" ").await?;
        page.until("a curve less", &format!("return !({})", shows.trim_start_matches("return ")), vec![json!("always_deal")]).await?;
        page.run("document.querySelectorAll('[data-testid=\"policy-name\"]')[1].click()", vec![]).await?;
        drawn(page, "figure-estimators-2").await?;
        page.run("document.querySelector('[data-testid=\"figure-cumulative\"] [data-testid=\"figure-table\"]').click()", vec![]).await?;
        let cells = "return document.querySelectorAll('[data-testid=\"figure-cumulative\"] .chart-table td').length > 20";
        page.until("the figure's table", cells, vec![]).await?;
        for theme in ["light", "dark"] {
            page.run("localStorage.setItem('dtc.theme', arguments[0]); location.reload()", vec![json!(theme)]).await?;
            page.appears("policy-table").await?;
            drawn(page, "figure-weights-4").await?;
            page.resize(1280, 3600).await?;
            page.picture(&format!("worth-{theme}")).await?;
        }
        Ok(())
    })
    .await
}

pub async fn drawn(page: &Page, chart: &str) -> Result<()> {
    let script = "return document.querySelectorAll(`[data-testid=\"${arguments[0]}\"] svg :is(rect, path, polyline, polygon, text)`).length > 10";
    page.until("a drawn chart", script, vec![json!(chart)]).await?;
    Ok(())
}

/// Moves the pointer over the chart until it tells something.
pub async fn hovered(page: &Page, chart: &str) -> Result<()> {
    let css = format!("[data-testid=\"{chart}\"] svg");
    page.run("document.querySelector(arguments[0]).scrollIntoView({ block: 'center' })", vec![json!(css)]).await?;
    let (left, top, width, height) = page.client.find(Locator::Css(&css)).await?.rectangle().await?;
    for share in [0.2, 0.3, 0.4, 0.5, 0.6, 0.7] {
        for depth in [0.85, 0.6, 0.4] {
            let to = PointerAction::MoveTo { duration: None, x: left + width * share, y: top + height * depth };
            let moves = MouseActions::new("mouse".to_owned()).then(to);
            page.client.perform_actions(moves).await?;
            let script = "return document.querySelector(`[data-testid=\"${arguments[0]}\"] [data-testid=chart-tip]`)?.textContent ?? ''";
            tokio::time::sleep(std::time::Duration::from_millis(60)).await;
            let tip = page.run(script, vec![json!(chart)]).await?;
            if tip.as_str().is_some_and(|tip| tip.chars().any(|letter| letter.is_ascii_digit())) {
                return page.picture(&format!("hover-{chart}")).await;
            }
        }
    }
    anyhow::bail!("{chart} tells nothing under the pointer")
}
