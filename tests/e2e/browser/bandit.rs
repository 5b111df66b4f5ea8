//! The bandit page beside its good days: policies that the log cannot judge, documents without probabilities, data that
//! holds no decision, logs that take their time.

use std::io::Write;
use std::path::Path;

use anyhow::{Result, ensure};
use e2e::page::Page;
use fantoccini::Locator;
use serde_json::json;

use crate::charts::{drawn, hovered};
use crate::opening::TEMPLATE;
use crate::session::{Session, with_studio};

const DOCUMENT: &str = "rewards.dtc.yaml";
const WIDTHS: [u32; 2] = [900, 1600];
/// Of a page without a report, and of one with it.
const SHORT: u32 = 520;
const LONG: u32 = 2600;

/// Probabilities that sum to 1.2, and an action that nobody ever took.
const REFUSED: &str = "
  - { Name: greedy, Kind: expression, Value: '0.6 if action in (\"daily_deal\", \"vip_bundle\") else 0' }
  - { Name: unknown_offer, Kind: constant, Action: free_gold }
";

pub async fn a_refused_policy_shows_its_reason_and_no_number() -> Result<()> {
    with_studio("a_refused_policy_shows_its_reason_and_no_number", async |session| {
        let page = &session.page;
        page.open_template(TEMPLATE).await?;
        page.is_live().await?;
        let text = page.editor_text(DOCUMENT).await?;
        page.set_editor_text(DOCUMENT, &format!("{}{REFUSED}", text.trim_end())).await?;
        page.click("page-bandit").await?;
        page.until("the policy", &row_of("greedy", "return row !== undefined"), vec![]).await?;
        // Of its numbers only those that say why: how much the log tells, and the largest weight.
        let numbers = "return [...row.querySelectorAll('td.number')].slice(0, 4).map(it => it.textContent)";
        let told = page.run(&row_of("greedy", numbers), vec![]).await?;
        ensure!(told == json!(["–", "–", "–", "–"]), "a refused policy has no estimates: {told}");
        let answer = page.run(&row_of("greedy", "return row.querySelector('.answer').textContent"), vec![]).await?;
        ensure!(answer == json!("refused"), "{answer}");
        let guards = page.text("guards").await?;
        ensure!(guards.contains("greedy: no answer. The probabilities of policy greedy sum to 1.2"), "{guards}");
        ensure!(guards.contains("unknown_offer") && guards.contains("free_gold"), "{guards}");
        drawn(page, "figure-values").await?;
        let curve = "return document.querySelector('[data-testid=\"figure-cumulative\"] svg').textContent";
        let curve = page.run(curve, vec![]).await?;
        ensure!(!curve.as_str().unwrap_or_default().contains("greedy"), "no curve of what is refused: {curve}");
        page.run(&row_of("greedy", "row.querySelector('button').click()"), vec![]).await?;
        drawn(page, "figure-estimators-5").await?;
        hovered(page, "figure-estimators-5").await?;
        pictures(page, "refused", LONG).await
    })
    .await
}

/// A script over the table's row of a policy.
fn row_of(policy: &str, script: &str) -> String {
    format!(
        "const row = [...document.querySelectorAll('[data-testid=policy-row]')].find(it => it.textContent.includes('{policy}')); {script}"
    )
}

/// Both themes, narrow and wide.
async fn pictures(page: &Page, name: &str, height: u32) -> Result<()> {
    for theme in ["light", "dark"] {
        page.run("document.documentElement.dataset.theme = arguments[0]", vec![json!(theme)]).await?;
        for width in WIDTHS {
            page.resize(width, height).await?;
            let fits = "return document.documentElement.scrollWidth <= innerWidth";
            page.until("no scrolling sideways", fits, vec![]).await?;
            page.picture(&format!("bandit-{name}-{theme}-{width}")).await?;
        }
    }
    page.run("document.documentElement.dataset.theme = 'light'", vec![]).await?;
    page.resize(1280, 800).await
}

pub async fn every_state_of_the_bandit_page_says_what_to_do() -> Result<()> {
    with_studio("every_state_of_the_bandit_page_says_what_to_do", async |session| {
        let page = &session.page;
        // A project of a file alone has no join document.
        let file = session.downloads.path().join("notes.csv");
        std::fs::write(&file, "who,what\na,b\n")?;
        page.appears(&format!("template-{TEMPLATE}")).await?;
        page.drop_file(&file).await?;
        page.appears("project-tree").await?;
        page.click("page-bandit").await?;
        page.appears("create-document").await?;
        pictures(page, "no-document", SHORT).await?;
        page.click("create-document").await?;
        page.click("page-bandit").await?;
        // The new document over data of another kind: no decision is found, and that is said.
        says(page, "No decision was found in the data").await?;
        pictures(page, "no-decision", SHORT).await?;

        page.click("project-menu").await?;
        page.click("close-project").await?;
        page.open_template(TEMPLATE).await?;
        page.is_live().await?;
        let text = page.editor_text(DOCUMENT).await?;
        let blind = text.split("Policies:").next().unwrap_or_default().replace("Probability:", "# Probability:");
        page.set_editor_text(DOCUMENT, &blind).await?;
        page.click("page-bandit").await?;
        page.appears("worth-empty").await?;
        drawn(page, "chart-reward").await?;
        pictures(page, "no-probability", LONG).await?;
        page.click("page-author").await?;
        page.set_editor_text(DOCUMENT, &text.replace("Key: source.decision_id", "Key: source.decision_id +")).await?;
        page.click("page-bandit").await?;
        page.appears("refusal").await?;
        pictures(page, "broken-document", SHORT).await?;
        page.click("page-author").await?;
        page.set_editor_text(DOCUMENT, &text).await?;
        page.click("page-bandit").await?;
        page.appears("policy-table").await?;
        keys_read_a_chart(page).await?;
        pictures(page, "good", LONG).await?;
        only_refusals(page).await
    })
    .await
}

/// A browser tells of answers such as "stopped" or "the document has errors" in its console; nothing else may be there.
async fn only_refusals(page: &Page) -> Result<()> {
    let said = e2e::console::read(&page.client).await?;
    let others = said.iter().filter(|it| it.is_bad() && !it.text.contains("/api/rpc/JoinRewards"));
    let others: Vec<&str> = others.map(|it| it.text.as_str()).collect();
    ensure!(others.is_empty(), "the console says {others:?}");
    Ok(())
}

async fn says(page: &Page, text: &str) -> Result<()> {
    let script = "return document.querySelector('[data-testid=bandit]')?.textContent.includes(arguments[0]) ?? false";
    page.until(text, script, vec![json!(text)]).await?;
    Ok(())
}

/// Tab reaches a chart, arrows its values, Escape leaves them.
async fn keys_read_a_chart(page: &Page) -> Result<()> {
    drawn(page, "figure-windows").await?;
    let focus = "document.querySelector('[data-testid=\"figure-windows\"] [data-testid=chart-view]').focus()";
    page.run(focus, vec![]).await?;
    let tip =
        "return document.querySelector('[data-testid=\"figure-windows\"] [data-testid=chart-tip]')?.textContent ?? ''";
    // WebDriver's code of the right arrow, then of Escape.
    page.client.active_element().await?.send_keys("\u{e014}\u{e014}").await?;
    let told = page
        .until("the second window", &format!("return ({}) || null", tip.trim_start_matches("return ")), vec![])
        .await?;
    ensure!(told.as_str().is_some_and(|told| told.contains("window 10 s") && told.contains("chance")), "{told}");
    page.client.active_element().await?.send_keys("\u{e00c}").await?;
    page.until("no words", &format!("return ({}) === ''", tip.trim_start_matches("return ")), vec![]).await?;
    Ok(())
}

/// More decisions than are joined at once: the page tells that it computes, stops when told to, and does it again.
pub async fn a_huge_log_is_stopped_and_computed_again() -> Result<()> {
    with_studio("a_huge_log_is_stopped_and_computed_again", async |session| {
        let page = &session.page;
        open_huge(session).await?;
        page.appears("report-cancel").await?;
        page.picture("bandit-computing").await?;
        // What was edited a moment ago may be asked for once more.
        let stop = "const at = (place) => document.querySelector(place);
            if (at('[data-testid=stopped]')) return true;
            at('[data-testid=report-cancel]')?.click();
            return false";
        page.until("a stopped computation", stop, vec![]).await?;
        page.picture("bandit-stopped").await?;
        once(page, "[data-testid=stopped] button").await?;
        page.appears("policy-table").await?;
        let rows = page.texts("policy-row").await?;
        ensure!(rows.iter().any(|row| row.contains("chance") && row.contains("given")), "{rows:?}");
        drawn(page, "figure-windows").await?;
        pictures(page, "huge", LONG).await?;
        only_refusals(page).await
    })
    .await
}

const HUGE: &str = "Type: ProductML:DTC:Join
Version: '2018-03-01'
Name: huge
Key: source.key
Time: parse_time(source.time)
Window: 60
Decision:
  When: source.kind == 'shown'
  Action: source.offer
  Probability: source.p
Reward:
  When: source.kind == 'bought'
  Value: source.worth
Policies:
  - { Name: chance, Kind: uniform }
  - { Name: always_a, Kind: constant, Action: a }
";

async fn open_huge(session: &Session) -> Result<()> {
    let page = &session.page;
    let file = session.downloads.path().join("huge.jsonl");
    write_huge(&file)?;
    page.appears(&format!("template-{TEMPLATE}")).await?;
    page.drop_file(&file).await?;
    page.appears("project-tree").await?;
    std::fs::remove_file(&file)?;
    // A project that opens shows its first document.
    let ran = "return /up to date/.test(document.querySelector('[data-testid=status-live]')?.textContent ?? '')";
    page.until("the first run", ran, vec![]).await?;
    page.click("page-bandit").await?;
    once(page, "[data-testid=create-document]").await?;
    page.click("page-author").await?;
    page.set_editor_text("join.dtc.yaml", HUGE).await?;
    page.click("page-bandit").await
}

/// Clicks what goes away by it, whenever it comes: the driver's click may fail after it has worked.
async fn once(page: &Page, place: &str) -> Result<()> {
    let script = "const found = document.querySelector(arguments[0]);
        found?.click();
        return found !== null";
    page.until(place, script, vec![json!(place)]).await.map(drop)
}

/// A hundred thousand decisions, a second apart, and a reward of every third.
fn write_huge(path: &Path) -> Result<()> {
    let mut out = std::io::BufWriter::new(std::fs::File::create(path)?);
    for n in 0..100_000_u32 {
        let at = |second: u32| {
            format!(
                "2026-03-{:02}T{:02}:{:02}:{:02}Z",
                1 + second / 86_400,
                second / 3_600 % 24,
                second / 60 % 60,
                second % 60
            )
        };
        let offer = ["a", "b", "c"][(n as usize * 7 + n as usize / 3) % 3];
        let time = at(n);
        writeln!(out, r#"{{"kind":"shown","key":"k{n}","time":"{time}","offer":"{offer}","p":0.333333333}}"#)?;
        if n.is_multiple_of(3) {
            let time = at(n + n % 50);
            writeln!(out, r#"{{"kind":"bought","key":"k{n}","time":"{time}","worth":{}}}"#, n % 4)?;
        }
    }
    out.flush()?;
    Ok(())
}

/// Every chart and table as files, and the whole as one page.
pub async fn everything_shown_can_be_taken() -> Result<()> {
    with_studio("everything_shown_can_be_taken", async |session| {
        let page = &session.page;
        page.open_template(TEMPLATE).await?;
        page.is_live().await?;
        page.click("page-bandit").await?;
        page.appears("policy-table").await?;
        drawn(page, "chart-reward").await?;
        let folder = session.downloads.path();
        for (format, starts) in [("svg", &b"<svg"[..]), ("png", &b"\x89PNG"[..]), ("csv", &b"series,"[..])] {
            // A browser lets a person take several files, and a script one.
            let button = format!("[data-testid=chart-reward] [data-testid=figure-{format}]");
            page.client.find(Locator::Css(&button)).await?.click().await?;
            let content = downloaded(folder, &format!("bandit-reward.{format}")).await?;
            ensure!(
                content.starts_with(starts),
                "bandit-reward.{format} begins with {:?}",
                &content[..content.len().min(40)]
            );
        }
        let charts = page.run("return document.querySelectorAll('figure.chart-card').length", vec![]).await?;
        let takes = page
            .run("return document.querySelectorAll('figure.chart-card [data-testid=figure-png]').length", vec![])
            .await?;
        ensure!(charts == takes && charts.as_u64() > Some(4), "{charts} charts and {takes} ways to take them");
        for (button, file, has) in [
            ("take-actions", "bandit-actions.csv", "Action,Decisions,Average reward"),
            ("take-policies", "bandit-policies.csv", "Policy,Answer,IPS"),
            ("take-report", "bandit-report.html", "<svg"),
        ] {
            page.click(button).await?;
            let content = String::from_utf8(downloaded(folder, file).await?)?;
            ensure!(content.contains(has), "{file} has no {has}: {content:.300}");
        }
        let report = std::fs::read_to_string(folder.join("bandit-report.html"))?;
        ensure!(!report.contains("<script") && !report.contains("http-equiv"), "the report is no plain page");
        page.client.goto(&format!("file://{}", folder.join("bandit-report.html").display())).await?;
        page.resize(1280, 1600).await?;
        page.picture("bandit-report").await
    })
    .await
}

async fn downloaded(folder: &Path, name: &str) -> Result<Vec<u8>> {
    let path = folder.join(name);
    for _ in 0..300 {
        if let Ok(content) = std::fs::read(&path)
            && !content.is_empty()
        {
            return Ok(content);
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    anyhow::bail!("{name} was not downloaded")
}

/// A log that is no Parquet whatever its name says, and lines that are no records: each is named, with what to do.
pub async fn an_unreadable_log_is_told_with_the_cure() -> Result<()> {
    with_studio("an_unreadable_log_is_told_with_the_cure", async |session| {
        let page = &session.page;
        page.open_template(TEMPLATE).await?;
        page.is_live().await?;
        let broken = session.downloads.path().join("decisions.parquet");
        std::fs::write(&broken, b"PAR1 and then nothing that a reader knows")?;
        page.drop_file(&broken).await?;
        let cut = session.downloads.path().join("cut.jsonl");
        std::fs::write(&cut, "{\"a\": 1}\n{\"a\": \n")?;
        page.drop_file(&cut).await?;
        page.click("page-bandit").await?;
        page.text_becomes("unread", "decisions.parquet").await?;
        page.text_becomes("unread", "cut.jsonl:2").await?;
        let told = page.text("unread").await?;
        ensure!(told.contains("the record is cut short"), "{told}");
        ensure!(told.contains("a record (an object in braces) expected, found `PAR1`"), "{told}");
        page.appears("policy-table").await?;
        pictures(page, "unreadable", SHORT).await?;
        only_refusals(page).await
    })
    .await
}
