//! One test's world: driver, host, browser and download folder; a picture when it ends badly.

use anyhow::{Context, Result};
use e2e::driver::Driver;
use e2e::host::Host;
use e2e::page::Page;
use tempfile::TempDir;

pub struct Session {
    pub page: Page,
    pub host: Host,
    pub downloads: TempDir,
    _driver: Driver,
}

/// Runs the steps on an open start page, looks at the console after them, and closes the browser
/// in any case.
pub async fn with_studio(name: &str, steps: impl AsyncFnOnce(&Session) -> Result<()>) -> Result<()> {
    with_host(name, Host::start()?, steps).await
}

/// The same with a host that was started in another way.
pub async fn with_host(name: &str, host: Host, steps: impl AsyncFnOnce(&Session) -> Result<()>) -> Result<()> {
    let driver = Driver::chrome()?;
    let downloads = TempDir::new()?;
    let client = driver.browser(downloads.path()).await?;
    let session = Session { page: Page { client }, host, downloads, _driver: driver };
    let result = whole(&session.page, &session.host.address, async || steps(&session).await).await;
    ended(name, &session.page, result).await
}

/// The same on a page of another host.
pub async fn with_page(name: &str, address: &str, steps: impl AsyncFnOnce(&Page) -> Result<()>) -> Result<()> {
    let driver = Driver::chrome()?;
    let downloads = TempDir::new()?;
    let page = Page { client: driver.browser(downloads.path()).await? };
    let result = whole(&page, address, async || steps(&page).await).await;
    ended(name, &page, result).await
}

async fn ended(name: &str, page: &Page, result: Result<()>) -> Result<()> {
    if result.is_err()
        && let Ok(png) = page.client.screenshot().await
    {
        e2e::picture::keep(&format!("failed-{name}"), &png)?;
    }
    page.client.clone().close().await.context("the browser does not close")?;
    result
}

async fn whole(page: &Page, address: &str, steps: impl AsyncFnOnce() -> Result<()>) -> Result<()> {
    page.client.goto(address).await?;
    page.resize(1280, 800).await?;
    let done = steps().await;
    let clean = page.console_is_clean().await;
    match (done, clean) {
        (Ok(()), clean) => clean,
        (Err(error), Ok(())) => Err(error),
        (Err(error), Err(console)) => Err(error.context(format!("{console}"))),
    }
}
