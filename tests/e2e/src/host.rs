//! The HTTP host, as a user starts it: `dtc serve` on a free port with a fresh workspace.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::places;
use crate::program::Running;

pub struct Host {
    /// To open in a browser: with the token.
    pub address: String,
    pub workspace: TempDir,
    _program: Running,
}

impl Host {
    pub fn start() -> Result<Self> {
        Self::start_with(|_| ())
    }

    /// With a change to how it is started.
    pub fn start_with(change: impl FnOnce(&mut Command)) -> Result<Self> {
        let workspace = TempDir::new()?;
        let mut command = Command::new(places::program("dtc")?);
        command.args(["serve", "--port", "0"]).envs(places::environment()?);
        command.env("DTC_STUDIO_WORKSPACE", workspace.path()).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
        change(&mut command);
        let mut program = Running::start(&mut command)?;
        let address = program.wait_for(Duration::from_secs(20), |line| {
            let start = line.find("http://127.0.0.1")?;
            line[start..].split_whitespace().next().map(str::to_owned)
        })?;
        Ok(Self { address, workspace, _program: program })
    }

    /// `127.0.0.1:PORT`.
    pub fn authority(&self) -> &str {
        let rest = self.address.trim_start_matches("http://");
        rest.split('/').next().unwrap_or(rest)
    }

    /// A request written by hand, so that no client adds or repairs a header: status and whole answer.
    pub fn request(&self, text: &str) -> Result<(u16, String)> {
        let mut stream = TcpStream::connect(self.authority())?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        stream.write_all(text.as_bytes())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        Ok((status.with_context(|| format!("no HTTP answer: {answer:.100}"))?, answer))
    }
}
