//! `cargo xtask setup`: installs what this machine lacks and says so. Looks before it acts, so a
//! second run does nothing; asks the system's package manager once, for everything together.

mod apt;
mod judges;
mod needs;
mod python;

use anyhow::{Result, bail};

use crate::args::Args;
use crate::project::Project;
use crate::scripts;
use crate::timing::step;
pub use judges::{asl_validator, checkov, guard};
use needs::Need;
pub use python::{environment, folder as judges};

/// What somebody wants to do here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// The page in the browser.
    Web,
    /// The page in its own window.
    Desktop,
    /// Every test.
    Test,
}

pub fn command(mut args: Args) -> Result<()> {
    let purposes: &[Purpose] = match args.option("--for")?.as_deref() {
        None | Some("all" | "test") => &[Purpose::Web, Purpose::Desktop, Purpose::Test],
        Some("studio") => &[Purpose::Web, Purpose::Desktop],
        Some("web") => &[Purpose::Web],
        Some(other) => bail!("--for takes studio, web, test or all, not `{other}`"),
    };
    args.done()?;
    prepare(&Project::find()?, purposes)
}

/// Everything that these purposes need.
pub fn prepare(project: &Project, purposes: &[Purpose]) -> Result<()> {
    step("setup: system packages", || system(project, purposes))?;
    step("setup: npm packages", || scripts::packages(&project.ui()))?;
    if purposes.contains(&Purpose::Test) {
        step("setup: Python tools", || python::prepare(project))?;
        step("setup: judges of bundles", || judges::prepare(project))?;
    }
    Ok(())
}

/// cfn-lint, for the tests of exported bundles.
pub fn cfn_lint(project: &Project) -> std::path::PathBuf {
    python::folder(project).join("bin/cfn-lint")
}

fn system(project: &Project, purposes: &[Purpose]) -> Result<()> {
    let missing = |need: &&Need| purposes.contains(&need.purpose) && !(need.is_there)(project);
    let lacking: Vec<&Need> = needs::ALL.iter().filter(missing).collect();
    if lacking.is_empty() {
        println!("  nothing is missing");
        return Ok(());
    }
    for need in &lacking {
        println!("  missing: {} ({})", need.name, need.why);
    }
    let mut failures: Vec<String> =
        apt::install(&lacking).err().map(|error| format!("{error:#}")).into_iter().collect();
    for need in lacking.iter().filter(|need| !(need.is_there)(project)) {
        let outcome = need.otherwise.map(|other| other(project));
        if let Some(Err(error)) = outcome {
            failures.push(format!("{}: {error:#}", need.name));
        }
    }
    let still: Vec<&str> = lacking.iter().filter(|need| !(need.is_there)(project)).map(|need| need.name).collect();
    if still.is_empty() {
        return Ok(());
    }
    failures.push(format!("still missing: {}", still.join(", ")));
    bail!("{}", failures.join("\n"))
}
