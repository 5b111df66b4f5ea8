//! The join service's own page while it runs: what it takes, what leaves, what joins nothing, what policies are worth.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use e2e::page::Page;
use e2e::places;
use e2e::program::Running;
use fantoccini::Locator;
use fantoccini::actions::{InputSource, MouseActions, PointerAction};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::session::with_page;

/// The template's document with a short window, a policy for one kind of reader, and one that fails.
const POLICIES: &str = "Policies:
  - { Name: always_analysis, Kind: constant, Action: analysis }
  - { Name: by_device, Kind: expression, Value: \"'live_blog' if context.device == 'phone' else 'analysis'\" }
  - { Name: broken, Kind: expression, Value: \"'analysis' if context.nothing.there else 'live_blog'\" }
";

struct Service {
    address: String,
    place: TempDir,
    program: Running,
}

fn document() -> Result<String> {
    let text = std::fs::read_to_string(places::template("bandit-join").join("join.dtc.yaml"))?;
    // What the template says of policies gives way to ours.
    let own = text.split_inclusive("\nPolicies:").next().unwrap_or(&text).trim_end_matches("Policies:");
    Ok(format!("{}{POLICIES}", own.replace("Window: 30", "Window: 2")))
}

fn start(place: &Path, listen: &str) -> Result<(String, Running)> {
    let mut command = Command::new("sh");
    // It says its address where errors go.
    command.args(["-c", "exec \"$0\" \"$@\" 2>&1"]).arg(places::program("dtc")?);
    command.args(["join", "serve", "join.dtc.yaml", "--data", "data", "--listen", listen]).current_dir(place);
    let mut program = Running::start(&mut command)?;
    let address = program.wait_for(Duration::from_secs(20), |line| {
        line.strip_prefix("Join service: http://").map(|address| address.trim().to_owned())
    })?;
    Ok((address, program))
}

fn service() -> Result<Service> {
    let place = TempDir::new()?;
    std::fs::write(place.path().join("join.dtc.yaml"), document()?)?;
    let (address, program) = start(place.path(), "127.0.0.1:0")?;
    Ok(Service { address, place, program })
}

fn simulate(address: &str, more: &[&str]) -> Result<()> {
    let mut command = Command::new(places::program("dtc")?);
    let said = command.args(["join", "simulate", address]).args(more).output()?;
    ensure!(said.status.success(), "simulating failed: {}", String::from_utf8_lossy(&said.stderr));
    Ok(())
}

fn sample() -> String {
    places::template("bandit-join").join("data/headlines.jsonl.gz").display().to_string()
}

async fn says(page: &Page, css: &str, wanted: &str) -> Result<()> {
    let script = "return document.querySelector(arguments[0])?.textContent.includes(arguments[1]) ?? false";
    page.until(&format!("{css} to say “{wanted}”"), script, vec![json!(css), json!(wanted)]).await.map(drop)
}

async fn click(page: &Page, css: &str) -> Result<()> {
    page.client.find(Locator::Css(css)).await?.click().await.with_context(|| format!("cannot click {css}"))
}

/// `dtc bandit evaluate` over the records that left: what the page must show.
fn evaluated(place: &Path, policy: &str) -> Result<f64> {
    let mut command = Command::new(places::program("dtc")?);
    command.args(["bandit", "evaluate", "--estimators", "snipw", "--format", "json", "--policy", policy, "--log"]);
    let mut files: Vec<_> =
        std::fs::read_dir(place.join("data/records"))?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    files.retain(|path| path.extension().is_some_and(|ending| ending == "jsonl"));
    let said = command.args(files).output()?;
    let told: Value = serde_json::from_slice(&said.stdout)
        .with_context(|| format!("no evaluation: {}", String::from_utf8_lossy(&said.stderr)))?;
    find(&told, "snipw").context("no value by snipw")
}

/// The first number of this name, wherever it stands.
fn find(told: &Value, name: &str) -> Option<f64> {
    match told {
        Value::Object(members) => match members.get(name) {
            Some(Value::Number(number)) => number.as_f64(),
            _ => members.values().find_map(|member| find(member, name)),
        },
        Value::Array(items) => items.iter().find_map(|item| find(item, name)),
        _ => None,
    }
}

pub async fn the_live_page_follows_the_service() -> Result<()> {
    let Service { address, place, program } = service()?;
    with_page("the_live_page_follows_the_service", &format!("http://{address}/live"), async |page| {
        says(page, "#health", "takes events").await?;
        says(page, "#rule", "window 2 s").await?;
        // While it is looked at: what comes in is seen at once, and leaves two seconds later.
        simulate(&address, &["--events", &sample(), "--rate", "0"])?;
        says(page, "#events-total", "3,308").await?;
        page.until("records", "return document.querySelectorAll('#records tbody tr').length >= 20", vec![]).await?;
        says(page, "#open", "0").await?;
        says(page, "#outcomes", "overridden").await?;
        policies(page, place.path()).await?;
        lost(page).await?;
        pictures(page).await
    })
    .await?;
    // Until the browser is closed: it complains of services that are away.
    let mut later = None;
    with_page("the_live_page_waits_for_the_service", &format!("http://{address}/live"), async |page| {
        says(page, "#health", "takes events").await?;
        drop(program);
        says(page, "#health", "gone").await?;
        page.picture("live-gone").await?;
        later = Some(start(place.path(), &address)?);
        says(page, "#health", "takes events").await?;
        says(page, "#policies-note", "records").await?;
        // That the service was away is in the console, and only that.
        let said = e2e::console::read(&page.client).await?;
        let others = said.iter().filter(|message| message.is_bad() && !message.text.contains("net::ERR_"));
        let others: Vec<&str> = others.map(|message| message.text.as_str()).collect();
        ensure!(others.is_empty(), "the console says {others:?}");
        Ok(())
    })
    .await?;
    drop(later);
    Ok(())
}

async fn policies(page: &Page, place: &Path) -> Result<()> {
    let judged = "return fetch('/state').then(answer => answer.json()).then(state =>
        document.querySelector('#policies-note').textContent.startsWith(`${state.counters.records.toLocaleString()} records`))";
    page.until("all records to be judged", judged, vec![]).await?;
    let cells = "return [...document.querySelectorAll('#policies-table tr[data-policy]')]
        .map(row => [...row.cells].map(cell => cell.textContent.trim()))";
    let rows = page.run(cells, vec![]).await?;
    let names: Vec<&str> = rows.as_array().into_iter().flatten().filter_map(|row| row[0].as_str()).collect();
    ensure!(names == ["logged", "always_analysis", "by_device", "broken"], "policies are listed: {rows}");
    for (place_of, policy) in [(0, "logged"), (1, "constant:analysis")] {
        let shown: f64 = rows[place_of][1].as_str().unwrap_or_default().parse()?;
        let wanted = evaluated(place, policy)?;
        ensure!((shown - wanted).abs() <= 0.5e-3 * wanted.abs(), "{policy} is shown as {shown}, and is {wanted}");
    }
    ensure!(rows[3][5] == "refused" && rows[3][1] == "–", "a policy that fails has no number: {}", rows[3]);
    says(page, "#policies-table", "It said nothing of").await?;
    let curves = "return document.querySelectorAll('#policies-curves path.curve').length === 3";
    page.until("a curve of each that answers", curves, vec![]).await?;
    hovered(page).await?;
    // By keys.
    page.run("document.querySelector('#policies-curves').focus()", vec![]).await?;
    page.client.active_element().await?.send_keys("\u{e011}").await?;
    says(page, "#policies-tip", "always_analysis").await?;
    click(page, "#policies-lately").await?;
    says(page, "#policies-lately[aria-pressed='true']", "Last").await?;
    page.until("the other curves", curves, vec![]).await?;
    click(page, "#policies-so-far").await
}

/// Moves the pointer over the curves until they tell something.
async fn hovered(page: &Page) -> Result<()> {
    let curves = page.client.find(Locator::Css("#policies-curves")).await?;
    let (x, y, width, height) = curves.rectangle().await?;
    let mouse = MouseActions::new("mouse".to_owned()).then(PointerAction::MoveTo {
        duration: Some(Duration::from_millis(20)),
        x: x + width * 0.5,
        y: y + height * 0.5,
    });
    page.client.perform_actions(mouse).await?;
    says(page, "#policies-tip", "logged").await?;
    page.client.release_actions().await.context("the pointer does not let go")
}

async fn lost(page: &Page) -> Result<()> {
    click(page, "#losses button[data-kind='duplicate_decision']").await?;
    says(page, "#samples-title", "duplicate decisions").await?;
    page.until("samples", "return document.querySelectorAll('#samples tbody tr').length > 5", vec![]).await?;
    says(page, "#losses tr[aria-current='true']", "duplicate decisions").await
}

async fn pictures(page: &Page) -> Result<()> {
    let theme = "return getComputedStyle(document.documentElement).colorScheme";
    for wanted in ["light", "dark"] {
        if page.run(theme, vec![]).await? != json!(wanted) {
            click(page, "#theme").await?;
        }
        ensure!(page.run(theme, vec![]).await? == json!(wanted), "the theme is {wanted}");
        for (width, height) in [(1280, 1300), (1920, 1300), (800, 1900)] {
            page.resize(width, height).await?;
            let fits = "return document.documentElement.scrollWidth <= innerWidth";
            ensure!(page.run(fits, vec![]).await? == json!(true), "the page is wider than {width}");
            page.picture(&format!("live-{wanted}-{width}")).await?;
        }
    }
    Ok(())
}
