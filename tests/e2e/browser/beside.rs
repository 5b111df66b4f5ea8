//! What the attribution page does when things are not plain: another run beside this one, doubts that somebody stops, a model
//! that cannot run.

use anyhow::{Result, ensure};
use e2e::page::Page;
use serde_json::json;

use crate::attribution::{DOCUMENT, download, drawn, open_with};
use crate::session::with_studio;

const DOCUMENT_NAME: &str = "attribution.dtc.yaml";

/// Writes another document, and puts what stood there before beside its report.
pub async fn beside_what_was_shown(page: &Page, document: &str) -> Result<()> {
    let credits = page.text("credit-table").await?;
    page.click("page-author").await?;
    page.set_editor_text(DOCUMENT_NAME, document).await?;
    page.click("page-attribution").await?;
    let other = "return document.querySelector('[data-testid=credit-table]')?.textContent !== arguments[0]";
    page.until("other credits", other, vec![json!(credits)]).await?;
    page.click("compare").await?;
    page.click("run").await?;
    page.appears("beside").await?;
    drawn(page, "changes").await
}

pub async fn two_runs_stand_beside_each_other() -> Result<()> {
    with_studio("two_runs_stand_beside_each_other", async |session| {
        let page = &session.page;
        open_with(session, DOCUMENT).await?;
        page.click("compare").await?;
        page.appears("run-name").await?;
        page.run("document.querySelector('[data-testid=run-name]').focus()", vec![]).await?;
        page.keys("march").await?;
        page.keys("\u{e007}").await?;
        page.text_becomes("choose-run", "march").await?;
        page.keys("\u{e00c}").await?;
        let gone = "return document.querySelector('[data-testid=choose-run]') === null";
        page.until("the dialog to close", gone, vec![]).await?;

        beside_what_was_shown(page, &DOCUMENT.replace("Models:", "Journeys: {LookbackDays: 1}\nModels:")).await?;
        let words = page.text("beside").await?;
        ensure!(words.contains("600 journeys in both") && words.contains("conversions in both"), "{words}");
        page.click("toggle-changes").await?;
        page.appears("changes-row").await?;
        let rows = page.texts("changes-row").await?;
        ensure!(rows.len() >= 8 && rows.iter().any(|row| row.contains('+')), "{rows:?}");
        page.click("take-changes-csv").await?;
        let csv = std::fs::read_to_string(download(session.downloads.path(), "csv")?)?;
        ensure!(csv.starts_with("Touch point,Model,Before,Now,Change"), "{csv}");
        // It stays beside what comes next: doubts, and a report anew.
        page.appears("part-ranks").await?;
        ensure!(page.texts("beside").await?.len() == 1, "the other run stays");

        page.click("compare-other").await?;
        page.appears("run").await?;
        let saved = "[...document.querySelectorAll('[data-testid=run]')].find(it => it.textContent.startsWith('march')).click()";
        page.run(saved, vec![]).await?;
        page.text_becomes("beside", "Beside march · 20").await?;
        page.click("compare-stop").await?;
        let alone = "return document.querySelector('[data-testid=beside], [data-testid=part-changes]') === null";
        page.until("the report alone", alone, vec![]).await?;
        Ok(())
    })
    .await
}

pub async fn doubts_can_be_stopped_and_asked_for_again() -> Result<()> {
    with_studio("doubts_can_be_stopped_and_asked_for_again", async |session| {
        let page = &session.page;
        open_with(session, &DOCUMENT.replace("Replicates: 60", "Replicates: 100000")).await?;
        page.click("doubt-cancel").await?;
        page.text_becomes("doubting", "Without intervals: they were stopped.").await?;
        ensure!(page.texts("part-ranks").await?.is_empty(), "no ranks without replicates");
        ensure!(!page.texts("credit-row").await?.is_empty(), "the credits stand");
        let again = "[...document.querySelectorAll('[data-testid=doubting] button')].find(it => it.textContent === 'Compute them').click()";
        page.run(again, vec![]).await?;
        page.appears("doubt-cancel").await?;
        page.click("doubt-cancel").await?;
        page.text_becomes("doubting", "they were stopped").await?;
        // What was stopped is answered so; browsers tell of any such answer.
        let told = e2e::console::read(&page.client).await?;
        let is_stop = |text: &str| text.contains("/DoubtAttribution") && text.contains("409");
        ensure!(told.iter().filter(|it| it.is_bad()).all(|it| is_stop(&it.text)), "the console is clean but for stops");
        Ok(())
    })
    .await
}

pub async fn a_model_that_cannot_run_says_why_and_the_others_stand() -> Result<()> {
    with_studio("a_model_that_cannot_run_says_why_and_the_others_stand", async |session| {
        let page = &session.page;
        let document = DOCUMENT.replace("Models: [", "Milestone: {When: source.what == 'never'}\nModels: [w, ");
        open_with(session, &document).await?;
        page.text_becomes("unable-model", "w gives nothing: ").await?;
        let models = page.texts("model").await?;
        ensure!(models.len() == 8 && !models.contains(&"w".to_owned()), "{models:?}");
        drawn(page, "credit").await
    })
    .await
}
