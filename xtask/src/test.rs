//! `cargo xtask test`: every check and test there is, in the order that fails soonest. Goes on after
//! a failure, so that one run shows everything; ends with a count on a line of its own.

mod suite;
mod tally;

use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Result, bail};

use crate::args::Args;
use crate::project::Project;
use crate::setup::{self, Purpose};
use crate::timing::seconds;
use crate::{lambda, native, process, tidy, ui, verify, wasm_rows};
use suite::Suite;

/// No accessibility bus; no DMA-BUF, which a virtual display shows as an empty window.
const WINDOW: [(&str, &str); 2] = [("NO_AT_BRIDGE", "1"), ("WEBKIT_DISABLE_DMABUF_RENDERER", "1")];

pub fn command(args: Args) -> Result<()> {
    args.done()?;
    let start = Instant::now();
    let project = Project::find()?;
    setup::prepare(&project, &[Purpose::Web, Purpose::Desktop, Purpose::Test])?;
    ui::placeholder(&project)?;
    let mut suite = Suite::new(&project);
    sources(&project, &mut suite);
    // The suite replays batches through the very function that a bundle carries.
    let function = suite.check("lambda", || lambda::build(&project).map(drop));
    // And runs every case in wasm as well.
    suite.check("engine in wasm", || wasm_rows::build(&project));
    native_tests(&project, &mut suite);
    let command_line = suite.check("dtc", || native::build(&project, native::COMMAND_LINE).map(drop));
    if function && command_line {
        suite.check("bundles", || verify::templates::run(&project));
    } else {
        suite.skip("bundles", "dtc or the function was not built");
    }
    browser_tests(&project, &mut suite, function, command_line);
    println!("\nAll of it took {}.", seconds(start.elapsed()));
    suite.report()
}

fn sources(project: &Project, suite: &mut Suite) {
    suite.check("format", || process::run(project.cargo().args(["fmt", "--all", "--check"]).stdout(Stdio::null())));
    suite.check("tidy", || tidy::run(project));
    suite.check("clippy", || {
        process::run(project.cargo().args(["clippy", "--quiet"]).args(native::SELECTION).args([
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]))
    });
}

fn native_tests(project: &Project, suite: &mut Suite) {
    let mut tests = project.cargo();
    tests.arg("test").args(native::SELECTION).arg("--no-fail-fast");
    native::environment(project, &mut tests);
    tests.env("DTC_CFN_LINT", setup::cfn_lint(project));
    suite.tests("native tests", &mut tests);
}

/// What needs the built page: the browser over HTTP and the window.
fn browser_tests(project: &Project, suite: &mut Suite, function: bool, command_line: bool) {
    let page = suite.check("page", || {
        ui::build(project, false)?;
        ui::within_budget(&project.dist())
    });
    let window = suite.check("dtc-studio", || native::build(project, native::DESKTOP).map(drop));
    if !(page && function) {
        suite.skip("browser tests", "the page or the function was not built");
        suite.skip("desktop test", "the page or the function was not built");
        return;
    }
    if command_line {
        suite.tests("browser tests", &mut end_to_end(project.cargo(), "browser"));
    } else {
        suite.skip("browser tests", "dtc was not built");
    }
    if window {
        let display = display(project);
        suite.tests("desktop test", &mut end_to_end(display, "desktop"));
    } else {
        suite.skip("desktop test", "dtc-studio was not built");
    }
}

fn end_to_end(mut cargo: Command, name: &str) -> Command {
    cargo.args(["test", "--package", "e2e", "--test", name]);
    cargo
}

/// cargo inside a session bus and a display of its own.
fn display(project: &Project) -> Command {
    let cargo = project.cargo();
    let mut command = Command::new("dbus-run-session");
    command.current_dir(&project.root).args([
        "--",
        "xvfb-run",
        "--auto-servernum",
        "--server-args=-screen 0 1280x800x24",
    ]);
    command.arg(cargo.get_program()).env("CARGO_TARGET_DIR", &project.target).envs(WINDOW);
    command
}

/// Ends the run when something failed.
fn verdict(passed: usize, failed: usize) -> Result<()> {
    // CI counts this line.
    println!("{passed} passed, {failed} failed");
    if failed > 0 {
        bail!("{failed} of {} failed", passed + failed);
    }
    Ok(())
}
