//! Attribution from dropped events to a report that is taken away: credits, doubts, charts, journeys behind a credit.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use e2e::page::Page;
use fantoccini::Locator;
use serde_json::json;

use crate::session::{Session, with_studio};

pub const DOCUMENT: &str = "Type: ProductML:DTC:Attribution
Version: '2018-03-01'
Name: orders
Identity: source.who
Time: parse_time(source.at)
Touch:
  When: source.what != 'order'
  Value: source.what
  Cost: source.amount
Conversion:
  When: source.what == 'order'
  Value: source.amount
Models: [first, last, linear, position, half_life, shapley, markov, shapley_rate_per_journey]
Doubt: {Replicates: 60, Splits: 4, Seed: 1}
";
const CHANNELS: [&str; 8] =
    ["search", "email", "display", "social video", "affiliate", "direct", "podcast <1>", "newsletter"];
const PARTS: [&str; 12] = [
    "credit",
    "spend",
    "paths",
    "transitions",
    "removal",
    "order",
    "touches",
    "days",
    "drop-off",
    "agreement",
    "stability",
    "ranks",
];

/// Six hundred people, seeded: who converts depends on what they saw.
fn events() -> String {
    let mut seed = 7_u64;
    let mut random = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let mut text = "who,what,at,amount\n".to_owned();
    let moment = |hour: u64| format!("2026-0{}-{:02}T{:02}:00:00Z", 3 + hour / 720, 1 + hour / 24 % 30, hour % 24);
    for who in 0..600 {
        let (mut hour, mut drawn) = (random(400), 4);
        for _ in 0..=random(4) + random(4) {
            let channel = (random(8) * random(8) / 7) as usize;
            drawn += [3, 2, 0, 1, 0, 4, 0, 1][channel.min(7)];
            text.push_str(&format!("p{who},{},{},{}\n", CHANNELS[channel.min(7)], moment(hour), 1 + random(3)));
            hour += 1 + random(60);
        }
        if random(30) < drawn {
            text.push_str(&format!("p{who},order,{},{}\n", moment(hour), 20 + random(80)));
        }
    }
    text
}

pub async fn attribution_from_dropped_events_to_report() -> Result<()> {
    with_studio("attribution_from_dropped_events_to_report", async |session| {
        let page = &session.page;
        open(session).await?;
        ensure!(page.texts("credit-row").await?.len() == CHANNELS.len(), "every touch point has a row");
        // Doubts come by themselves, and with them their parts.
        page.appears("part-ranks").await?;
        for part in PARTS {
            drawn(page, part).await?;
        }
        page.appears("checks-table").await?;
        numbers_follow_the_switches(page).await?;
        journeys_by_keys(page).await?;
        page.click("take-report").await?;
        let report = download(session.downloads.path(), "html")?;
        page.click("take-paths-png").await?;
        let png = std::fs::read(download(session.downloads.path(), "png")?)?;
        ensure!(png.starts_with(b"\x89PNG"), "the picture is one");
        page.click("take-credit-csv").await?;
        let csv = std::fs::read_to_string(download(session.downloads.path(), "csv")?)?;
        ensure!(csv.lines().count() == CHANNELS.len() + 1, "{csv}");
        opens_alone(page, &report).await
    })
    .await
}

pub async fn pictures_of_attribution() -> Result<()> {
    with_studio("pictures_of_attribution", async |session| {
        let page = &session.page;
        open(session).await?;
        page.appears("part-ranks").await?;
        let before = "Journeys: {LookbackDays: 2}\nModels:";
        super::beside::beside_what_was_shown(page, &DOCUMENT.replace("Models:", before)).await?;
        page.appears("part-ranks").await?;
        for theme in ["light", "dark"] {
            page.run("document.documentElement.dataset.theme = arguments[0]", vec![json!(theme)]).await?;
            page.resize(1280, 800).await?;
            page.picture(&format!("attribution-top-{theme}")).await?;
            for part in PARTS.iter().chain(&["changes", "checks"]) {
                part_picture(page, part, theme).await?;
            }
            page.click("compare").await?;
            page.appears("run").await?;
            page.picture(&format!("attribution-runs-{theme}")).await?;
            page.keys("\u{e00c}").await?;
        }
        page.run("document.documentElement.dataset.theme = 'light'", vec![]).await?;
        for (width, height) in [(900, 800), (1600, 1000)] {
            page.resize(width, height).await?;
            page.picture(&format!("attribution-top-{width}")).await?;
            for part in PARTS.iter().chain(&["changes", "checks"]) {
                part_picture(page, part, &width.to_string()).await?;
            }
        }
        Ok(())
    })
    .await
}

async fn part_picture(page: &Page, part: &str, named: &str) -> Result<()> {
    if part != "checks" {
        drawn(page, part).await?;
    }
    let css = format!("[data-testid=\"part-{part}\"]");
    let png = page.client.find(Locator::Css(&css)).await?.screenshot().await?;
    e2e::picture::keep(&format!("attribution-{part}-{named}"), &png)
}

/// The three-column table of the seed works as it is: dropped, it has a document without a problem, and credits.
pub async fn three_columns_work_as_they_are() -> Result<()> {
    with_studio("three_columns_work_as_they_are", async |session| {
        let page = &session.page;
        let mut text = "user_id,event,ts\n".to_owned();
        for who in 0..90 {
            for touch in 0..=(who % 3) {
                let what = ["email", "search", "display"][(who + touch) % 3];
                text.push_str(&format!("u{who},{what},2026-03-{:02} 10:00:00\n", 1 + touch * 3));
            }
            if who % 4 == 0 {
                text.push_str(&format!("u{who},order_completed,2026-03-20 09:00:00\n"));
            }
        }
        let file = session.downloads.path().join("journeys.csv");
        std::fs::write(&file, text)?;
        page.appears("template-offer-ai").await?;
        page.drop_file(&file).await?;
        page.appears("project-tree").await?;
        page.click("page-attribution").await?;
        page.click("create-document").await?;
        page.click("page-attribution").await?;
        page.appears("chart-credit").await?;
        let rows = page.texts("credit-row").await?;
        ensure!(rows.len() == 3 && rows.iter().any(|row| row.starts_with("email")), "{rows:?}");
        ensure!(page.texts("unable-model").await?.is_empty(), "every model runs");
        page.picture("attribution-three-columns").await?;
        page.click("page-author").await?;
        page.text_becomes("status-problems", "0 problems").await
    })
    .await
}

async fn open(session: &Session) -> Result<()> {
    open_with(session, DOCUMENT).await
}

/// Drops the events on the start page and writes the document.
pub async fn open_with(session: &Session, document: &str) -> Result<()> {
    let page = &session.page;
    let file = session.downloads.path().join("orders.csv");
    std::fs::write(&file, events())?;
    page.appears("template-offer-ai").await?;
    page.drop_file(&file).await?;
    page.appears("project-tree").await?;
    std::fs::remove_file(&file)?;
    page.click("page-attribution").await?;
    page.click("create-document").await?;
    page.click("page-author").await?;
    page.set_editor_text("attribution.dtc.yaml", document).await?;
    page.click("page-attribution").await?;
    page.appears("chart-credit").await?;
    let named = "return [...document.querySelectorAll('[data-testid=model]')].some(it => it.textContent === 'markov')";
    page.until("the models of the document", named, vec![]).await?;
    page.appears("credit-row").await
}

pub async fn drawn(page: &Page, part: &str) -> Result<()> {
    let script = "const chart = document.querySelector(`[data-testid=\"chart-${arguments[0]}\"]`); chart?.scrollIntoView({ block: 'center' }); return (chart?.querySelectorAll('svg :is(rect, path, polyline, polygon, text)').length ?? 0) > 5";
    page.until(&format!("a drawn {part}"), script, vec![json!(part)]).await?;
    Ok(())
}

/// Shares of the first touch point are below 1, values above its conversions, one model has one column and interval.
async fn numbers_follow_the_switches(page: &Page) -> Result<()> {
    let columns = async || Ok::<usize, anyhow::Error>(page.texts("credit-row").await?.len());
    ensure!(columns().await? == CHANNELS.len(), "rows before");
    let press = "[...document.querySelectorAll(`[data-testid=\"${arguments[0]}\"] button`)].find(it => it.textContent === arguments[1]).click()";
    page.run(press, vec![json!("scale"), json!("Shares")]).await?;
    let has_percent = "return document.querySelector('[data-testid=credit-row]').textContent.includes('%')";
    page.until("shares", has_percent, vec![]).await?;
    page.run(press, vec![json!("scale"), json!("Counts")]).await?;
    page.run(press, vec![json!("measure"), json!("Value")]).await?;
    let heading = "return document.querySelector('[data-testid=chart-credit]').textContent.includes('value credited')";
    page.until("values", heading, vec![]).await?;
    page.run(press, vec![json!("measure"), json!("Conversions")]).await?;
    page.run(press, vec![json!("models"), json!("last")]).await?;
    let one_less =
        "return [...document.querySelectorAll('[data-testid=credit-table] th')].every(it => it.textContent !== 'last')";
    page.until("a model less", one_less, vec![]).await?;
    page.run(press, vec![json!("models"), json!("last")]).await?;
    Ok(())
}

/// From a credit to its journeys, to one of them, and back, without a pointer.
async fn journeys_by_keys(page: &Page) -> Result<()> {
    page.run("document.querySelector('[data-testid=credit-row] button').focus()", vec![]).await?;
    page.keys("\u{e007}").await?;
    page.appears("journey-row").await?;
    page.picture("attribution-journeys").await?;
    page.run("document.querySelector('[data-testid=journey-row] button').focus()", vec![]).await?;
    page.keys("\u{e007}").await?;
    page.appears("touch-row").await?;
    page.picture("attribution-journey").await?;
    page.click("journey-back").await?;
    page.appears("journey-row").await?;
    page.keys("\u{e00c}").await?;
    page.until("the page again", "return document.querySelector('[data-testid=journeys]') === null", vec![]).await?;
    Ok(())
}

/// The report shows itself from a file, fetches nothing, and has every part.
async fn opens_alone(page: &Page, report: &Path) -> Result<()> {
    page.client.goto(&format!("file://{}", report.display())).await?;
    let parts = page.run("return [...document.querySelectorAll('section')].map(it => it.id)", vec![]).await?;
    let parts = parts.as_array().context("sections")?;
    ensure!(PARTS.iter().all(|part| parts.contains(&json!(part))), "{parts:?}");
    let fetched = page.run("return performance.getEntriesByType('resource').length", vec![]).await?;
    ensure!(fetched == json!(0), "the report fetched {fetched}");
    let drawings = page.run("return document.querySelectorAll('svg').length", vec![]).await?;
    ensure!(drawings == json!(PARTS.len()), "{drawings} drawings");
    page.picture("attribution-report").await
}

pub fn download(folder: &Path, kind: &str) -> Result<PathBuf> {
    let end = Instant::now() + Duration::from_secs(30);
    while Instant::now() < end {
        let files: Vec<PathBuf> = std::fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
        if let Some(file) = files.iter().find(|file| file.extension().is_some_and(|found| found == kind)) {
            return Ok(file.clone());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    bail!("no {kind} was downloaded")
}
