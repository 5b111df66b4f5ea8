//! WebDriver: chromedriver with a fresh headless Chromium, or WebKitWebDriver with our window.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};

use crate::program::Running;

const PATIENCE: Duration = Duration::from_secs(30);

/// A driver that listens; sessions are opened at its address.
pub struct Driver {
    address: String,
    _program: Running,
}

impl Driver {
    pub fn chrome() -> Result<Self> {
        let mut program = Running::start(Command::new("chromedriver").args(["--port=0"]))?;
        let port = program.wait_for(PATIENCE, |line| {
            let port = line.split("successfully on port ").nth(1)?;
            port.trim_end_matches('.').parse::<u16>().ok()
        })?;
        Ok(Self { address: format!("http://127.0.0.1:{port}"), _program: program })
    }

    pub fn webkit() -> Result<Self> {
        let port = free_port()?;
        let program = Running::start(Command::new("WebKitWebDriver").arg(format!("--port={port}")))?;
        listening(port)?;
        Ok(Self { address: format!("http://127.0.0.1:{port}"), _program: program })
    }

    /// A fresh browser that keeps downloads in this folder.
    pub async fn browser(&self, downloads: &Path) -> Result<Client> {
        let options = json!({
            "binary": chromium()?,
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                "--window-size=1280,800", "--force-device-scale-factor=1",
                // Nothing of the browser's own leaves this machine.
                "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ],
            "prefs": { "download.default_directory": downloads, "download.prompt_for_download": false },
        });
        let wanted = json!({ "goog:chromeOptions": options, "goog:loggingPrefs": { "browser": "ALL" } });
        self.session(wanted).await
    }

    /// Our window. No `browserName`: WebKitWebDriver would not find one that fits.
    pub async fn window(&self, program: &Path, args: &[&str]) -> Result<Client> {
        self.session(json!({ "webkitgtk:browserOptions": { "binary": program, "args": args } })).await
    }

    async fn session(&self, wanted: Value) -> Result<Client> {
        let Value::Object(wanted) = wanted else { bail!("capabilities are an object") };
        let wanted: Map<String, Value> = wanted;
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let connecting = builder.capabilities(wanted).connect(&self.address);
        let connected = tokio::time::timeout(PATIENCE, connecting).await;
        let connected = connected.with_context(|| format!("{} opens no session in time", self.address))?;
        connected.with_context(|| format!("no session at {}", self.address))
    }
}

fn chromium() -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let found =
        std::env::split_paths(&path).flat_map(|folder| names.map(|name| folder.join(name))).find(|file| file.is_file());
    found.context("Chromium is not installed; run `cargo xtask setup`")
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

fn listening(port: u16) -> Result<()> {
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until {
        if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    bail!("nothing listens on port {port}")
}
