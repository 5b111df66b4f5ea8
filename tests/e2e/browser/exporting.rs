//! The export page: what changed since the last export and what that does to data, edits by hand, the resources drawn,
//! refusals that lead to their documents, verification.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use e2e::host::Host;
use e2e::page::Page;
use e2e::places;
use serde_json::json;
use tempfile::TempDir;

use crate::opening::TEMPLATE;
use crate::session::{Session, with_host, with_studio};

const DOCUMENT: &str = "streaming.dtc.yaml";

async fn open(session: &Session) -> Result<()> {
    let page = &session.page;
    page.open_template(TEMPLATE).await?;
    page.is_live().await?;
    page.click("page-export").await?;
    page.appears("export-commands").await
}

/// The document in the editor, changed.
async fn edit(page: &Page, change: impl FnOnce(&str) -> String) -> Result<()> {
    page.click("page-author").await?;
    let text = page.editor_text(DOCUMENT).await?;
    let changed = change(&text);
    ensure!(changed != text, "nothing to change in {DOCUMENT}");
    page.set_editor_text(DOCUMENT, &changed).await?;
    page.click("page-export").await
}

async fn pictures(page: &Page, name: &str, height: u32) -> Result<()> {
    for theme in ["light", "dark"] {
        page.run("document.documentElement.dataset.theme = arguments[0]", vec![json!(theme)]).await?;
        for width in [1280, 860] {
            page.resize(width, height).await?;
            let fits = "return document.documentElement.scrollWidth <= innerWidth";
            page.until("no scrolling sideways", fits, vec![]).await?;
            page.picture(&format!("export-{name}-{theme}-{width}")).await?;
        }
    }
    page.run("document.documentElement.dataset.theme = 'light'", vec![]).await?;
    page.resize(1280, 800).await
}

async fn save(page: &Page) -> Result<()> {
    page.click("export-save").await?;
    page.text_becomes("export-since", "No file changed since").await
}

/// `exports/sam` of the project.
fn saved(session: &Session) -> Result<PathBuf> {
    let folder = session.host.workspace.path().join(TEMPLATE).join("exports/sam");
    ensure!(folder.is_dir(), "there is no {}", folder.display());
    Ok(folder)
}

pub async fn an_export_is_told_beside_the_last_one() -> Result<()> {
    with_studio("an_export_is_told_beside_the_last_one", async |session| {
        let page = &session.page;
        open(session).await?;
        page.text_becomes("export-since", "The first export").await?;
        pictures(page, "first", 800).await?;
        page.click("environment-prod").await?;
        page.text_becomes("export-commands", "--config-env prod").await?;
        page.text_becomes("environment-about", "cannot be deleted by mistake").await?;
        save(page).await?;
        edit(page, |text| text.replace("Table: offer_ai_sessions", "Table: offer_ai_rows")).await?;
        page.text_becomes("export-since", "1 gone").await?;
        let warnings = page.texts("export-warning").await?;
        let all = warnings.join("\n");
        ensure!(all.contains("TableName changes from offer_ai_sessions-prod to offer_ai_rows-prod in prod"), "{all}");
        ensure!(all.contains("A stack that stands in dev keeps offer_ai_sessions"), "{all}");
        page.text_becomes("export-diff", "-").await?;
        let diff = page.text("export-diff").await?;
        ensure!(
            diff.contains("-    Default: offer_ai_sessions") && diff.contains("+    Default: offer_ai_rows"),
            "{diff}"
        );
        let files = page.texts("export-file").await?;
        let of = |name: &str| files.iter().find(|file| file.starts_with(name)).cloned().unwrap_or_default();
        ensure!(of("template.yaml").contains("+3 −3"), "{files:?}");
        ensure!(files.iter().any(|file| file.contains(".zip") && file.contains("gone")), "{files:?}");
        pictures(page, "changed", 900).await
    })
    .await
}

pub async fn edits_by_hand_stop_a_save_and_stay() -> Result<()> {
    with_studio("edits_by_hand_stop_a_save_and_stay", async |session| {
        let page = &session.page;
        open(session).await?;
        save(page).await?;
        let folder = saved(session)?;
        let mine = |name: &str, line: &str| -> Result<()> {
            let path = folder.join(name);
            let text = fs::read_to_string(&path)?;
            Ok(fs::write(&path, text + line)?)
        };
        mine("README.md", "\nCall Ada before you deploy.\n")?;
        mine("samconfig.toml", "# our own profile\n")?;
        edit(page, |text| text.replace("Table: offer_ai_sessions", "Table: offer_ai_rows")).await?;
        page.text_becomes("export-since", "1 gone").await?;
        page.click("export-save").await?;
        page.appears("edited-file").await?;
        let shown = page.texts("edited-file").await?;
        ensure!(shown.len() == 2 && shown[0].contains("+Call Ada before you deploy."), "{shown:?}");
        let template = fs::read_to_string(folder.join("template.yaml"))?;
        ensure!(template.contains("offer_ai_sessions"), "something was written before the choice");
        pictures(page, "edited", 800).await?;
        // The second file is given up, the first one stays.
        page.run("document.querySelectorAll('[data-testid=edits-overwrite]')[1].click()", vec![]).await?;
        page.text_becomes("edits-decide", "Save, keep 1, overwrite 1").await?;
        page.click("edits-decide").await?;
        let gone = "return document.querySelector('[data-testid=edited-file]') === null";
        page.until("the save", gone, vec![]).await?;
        page.text_becomes("export-since", "No file changed since").await?;
        let read = |name: &str| fs::read_to_string(folder.join(name));
        ensure!(read("README.md")?.contains("Call Ada"), "the edit is lost");
        ensure!(!read("samconfig.toml")?.contains("our own profile"), "what was given up is still there");
        ensure!(read("template.yaml")?.contains("offer_ai_rows"), "the rest was not saved");
        Ok(())
    })
    .await
}

pub async fn resources_are_read_by_keys() -> Result<()> {
    with_studio("resources_are_read_by_keys", async |session| {
        let page = &session.page;
        open(session).await?;
        page.click("export-tab-resources").await?;
        page.appears("export-graph").await?;
        let focus = "const stream = [...document.querySelectorAll('[data-node]')].find(it => it.ariaLabel.includes('Kinesis stream'));
            stream?.focus();
            return document.activeElement === stream && stream !== undefined";
        page.until("the stream's box", focus, vec![]).await?;
        page.text_becomes("resource", "Kinesis stream").await?;
        page.keys("\u{e014}").await?;
        page.text_becomes("resource", "Lambda function").await?;
        let about = page.text("resource").await?;
        ensure!(about.contains("With it") && about.contains("(Role)"), "{about}");
        page.keys("\u{e014}").await?;
        let alone = "return document.querySelectorAll('[data-node][tabindex=\"0\"]').length === 1
            && document.activeElement.getAttribute('tabindex') === '0'";
        page.until("one box that takes Tab", alone, vec![]).await?;
        let named = "return [...document.querySelectorAll('[data-node]')].every(it => it.getAttribute('aria-label') && it.getAttribute('role') === 'button')";
        page.until("names for every box", named, vec![]).await?;
        pictures(page, "resources", 900).await?;
        page.click("resource-line").await?;
        page.appears("export-text").await?;
        page.until("the text at the line", "return document.querySelector('[data-testid=export-text]').scrollTop > 0", vec![]).await?;
        page.picture("export-led-to-a-line").await
    })
    .await
}

pub async fn a_refused_export_leads_to_its_document() -> Result<()> {
    with_studio("a_refused_export_leads_to_its_document", async |session| {
        let page = &session.page;
        open(session).await?;
        edit(page, |text| text.replace("Table: offer_ai_sessions", "Table: 'a b'")).await?;
        page.text_becomes("refusal", "DTC0601").await?;
        page.picture("export-refused").await?;
        page.run("document.querySelector('[data-testid=refusal] [data-testid=problem]').click()", vec![]).await?;
        let there = "return document.querySelector('[data-testid=page-author]')?.getAttribute('aria-current') !== null
            && /Ln 21/.test(document.body.textContent)";
        page.until("the store in the editor", there, vec![]).await?;
        e2e::console::read(&page.client).await.map(drop)
    })
    .await
}

pub async fn a_bundle_is_verified_by_what_is_installed() -> Result<()> {
    let tools = places::target()?.join("python/bin");
    ensure!(tools.join("cfn-lint").is_file(), "cfn-lint is not there; `cargo xtask setup --for test` installs it");
    let folder = TempDir::new()?;
    std::os::unix::fs::symlink(tools.join("cfn-lint"), folder.path().join("cfn-lint"))?;
    let host = Host::start_with(|command| {
        command.env("PATH", folder.path());
    })?;
    with_host("a_bundle_is_verified_by_what_is_installed", host, async |session| {
        let page = &session.page;
        open(session).await?;
        page.click("export-tab-checks").await?;
        page.text_becomes("export-checks", "Nothing is sent anywhere").await?;
        page.picture("export-unverified").await?;
        page.click("export-verify").await?;
        let done = "return document.querySelectorAll('[data-testid=check-step]').length > 3
            && document.querySelector('[data-testid=verify-cancel]') === null";
        page.until("the end of the checks", done, vec![]).await?;
        let steps = page.texts("check-step").await?;
        let of = |name: &str| steps.iter().find(|step| step.starts_with(name)).cloned().unwrap_or_default();
        for own in ["References", "Permissions", "Safety of data", "Settings of environments", "Functions", "cfn-lint"]
        {
            ensure!(of(own).contains("nothing found"), "{own}: {steps:?}");
        }
        ensure!(
            of("sam validate").contains("not run") && of("sam validate").contains("pipx install aws-sam-cli"),
            "{steps:?}"
        );
        ensure!(of("checkov").contains("pipx install checkov"), "{steps:?}");
        pictures(page, "verified", 900).await
    })
    .await
}

/// A program that never ends, in place of one that takes its time.
fn endless(folder: &Path) -> Result<()> {
    let program = folder.join("cfn-lint");
    fs::write(&program, "#!/bin/sh\nexec /bin/sleep 600\n")?;
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).context("no permissions")
}

pub async fn a_verification_can_be_stopped() -> Result<()> {
    let folder = TempDir::new()?;
    endless(folder.path())?;
    let host = Host::start_with(|command| {
        command.env("PATH", folder.path());
    })?;
    with_host("a_verification_can_be_stopped", host, async |session| {
        let page = &session.page;
        open(session).await?;
        page.click("export-verify").await?;
        page.text_becomes("export-checks", "runs…").await?;
        page.picture("export-verifying").await?;
        page.click("verify-cancel").await?;
        let steps = "return [...document.querySelectorAll('[data-testid=check-step]')].filter(it => /cancelled/.test(it.textContent)).length === 3
            && document.querySelector('[data-testid=verify-cancel]') === null";
        page.until("steps that were cancelled", steps, vec![]).await?;
        page.picture("export-cancelled").await
    })
    .await
}

/// Forty stores: a drawing and files longer than the window.
pub async fn a_huge_bundle_is_shown() -> Result<()> {
    with_studio("a_huge_bundle_is_shown", async |session| {
        let page = &session.page;
        open(session).await?;
        edit(page, |text| {
            let store = |n: u32| format!("  - Type: ProductML:DTC:Store:Dynamo\n    Name: store_number_{n}\n    Table: a_table_with_quite_a_long_name_{n}\n");
            let stores: String = (0..40).map(store).collect();
            text.replace("Stores:\n", &format!("Stores:\n{stores}"))
        })
        .await?;
        page.click("export-tab-resources").await?;
        page.until("forty tables", "return document.querySelectorAll('[data-node]').length > 45", vec![]).await?;
        pictures(page, "huge", 900).await
    })
    .await
}
