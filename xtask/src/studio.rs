//! `cargo xtask studio`: from a fresh clone to an open studio.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::args::Args;
use crate::project::Project;
use crate::setup::{self, Purpose};
use crate::timing::seconds;
use crate::{lambda, native, process, ui};

pub fn command(mut args: Args) -> Result<()> {
    let (web, desktop) = (args.flag("--web"), args.flag("--desktop"));
    let port = args
        .option("--port")?
        .map(|port| port.parse::<u16>())
        .transpose()
        .context("--port takes a number up to 65535")?;
    let folder = args.next_word().map(PathBuf::from);
    args.done()?;
    if web && desktop {
        bail!("--web and --desktop exclude each other");
    }
    if desktop && port.is_some() {
        bail!("the desktop window has no port; --port goes with --web");
    }
    let folder = folder
        .map(|folder| folder.canonicalize().with_context(|| format!("{} cannot be opened", folder.display())))
        .transpose()?;
    let start = Instant::now();
    let project = Project::find()?;
    if desktop || (!web && port.is_none() && has_display()) {
        prepare(&project, &[Purpose::Web, Purpose::Desktop])?;
        let program = native::build(&project, native::DESKTOP)?;
        println!("The studio is ready after {}.", seconds(start.elapsed()));
        window(&project, &program, folder.as_deref())
    } else {
        prepare(&project, &[Purpose::Web])?;
        let program = native::build(&project, native::COMMAND_LINE)?;
        println!("The studio is ready after {}.", seconds(start.elapsed()));
        serve(&project, &program, port, folder.as_deref())
    }
}

fn prepare(project: &Project, purposes: &[Purpose]) -> Result<()> {
    setup::prepare(project, purposes)?;
    ui::build(project, false)?;
    lambda::build(project)?;
    Ok(())
}

fn has_display() -> bool {
    ["WAYLAND_DISPLAY", "DISPLAY"].iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

fn window(project: &Project, program: &Path, folder: Option<&Path>) -> Result<()> {
    let mut command = Command::new(program);
    native::environment(project, &mut command);
    if let Some(folder) = folder {
        command.arg("--folder").arg(folder);
    }
    process::run(&mut command)
}

/// Serves until it is stopped, and opens the browser where there is one.
fn serve(project: &Project, program: &Path, port: Option<u16>, folder: Option<&Path>) -> Result<()> {
    let mut command = Command::new(program);
    native::environment(project, &mut command);
    command.arg("serve");
    if let Some(port) = port {
        command.args(["--port", &port.to_string()]);
    }
    if has_display() && process::which("xdg-open").is_some() {
        command.arg("--open");
    }
    process::run(command.args(folder))
}
