//! `cargo xtask verify-bundle [DIR]`: proves an exported bundle, or those of our templates, without a cloud. Layers from cheap to dear, each in a file of
//! its own; every one runs, so that one run shows everything. Refuses to change the bundle.

mod bundle;
mod checkov;
mod finding;
mod lint;
mod machines;
mod parameters;
mod policy;
pub mod replay;
pub mod templates;
mod tools;
mod transform;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::args::Args;
use crate::files;
use crate::lambda;
use crate::native;
use crate::project::Project;
use crate::timing::seconds;
use bundle::Bundle;
use finding::Finding;

/// One bundle on its way through the layers.
pub struct Verification<'a> {
    project: &'a Project,
    bundle: Bundle,
    /// Emptied at the start; what the layers make is kept there for a look.
    scratch: PathBuf,
}

impl Verification<'_> {
    /// The template as plain CloudFormation, in JSON.
    fn transformed(&self) -> PathBuf {
        self.scratch.join("transformed.json")
    }
}

/// What a layer has to say.
pub struct Verdict {
    /// What was looked at, in a few words.
    pub seen: String,
    pub findings: Vec<Finding>,
}

type Layer = (&'static str, fn(&Verification<'_>) -> Result<Verdict>);

/// In the order in which they run; behind `TRANSFORM` all need its result.
const LAYERS: [Layer; 8] = [
    ("lint", lint::template),
    (TRANSFORM, transform::run),
    ("lint of the result", lint::transformed),
    ("state machines", machines::run),
    ("parameters", parameters::run),
    ("policy", policy::run),
    ("checkov", checkov::run),
    ("replay", replay::run),
];
const TRANSFORM: &str = "transform";

pub fn command(mut args: Args) -> Result<()> {
    let folder = args.next_word();
    args.done()?;
    let project = Project::find()?;
    match folder {
        Some(folder) => verify(&project, &PathBuf::from(folder)),
        None => {
            lambda::build(&project)?;
            native::build(&project, native::COMMAND_LINE)?;
            templates::run(&project)
        }
    }
}

/// Runs every layer and prints what each found; an error when anything was found.
pub fn verify(project: &Project, folder: &std::path::Path) -> Result<()> {
    let bundle = Bundle::read(folder)?;
    let scratch = project.target.join("verify").join(&bundle.name);
    files::fresh(&scratch)?;
    println!(
        "verifying {} ({}); what is made on the way lies in {}",
        folder.display(),
        bundle.kind.name(),
        scratch.display()
    );
    let verification = Verification { project, bundle, scratch };
    let (start, mut bad) = (Instant::now(), 0);
    for (name, layer) in LAYERS {
        let began = Instant::now();
        let result = layer(&verification);
        let time = seconds(began.elapsed());
        match result {
            Ok(verdict) if verdict.findings.is_empty() => println!("  good    {name:<20} {time:>7}  {}", verdict.seen),
            Ok(verdict) => {
                bad += verdict.findings.len();
                println!("  FINDINGS {name:<19} {time:>7}  {}", verdict.seen);
                verdict.findings.iter().for_each(|finding| println!("    {finding}"));
            }
            Err(error) => {
                bad += 1;
                println!("  NOT RUN {name:<20} {time:>7}  {error:#}");
                if name == TRANSFORM {
                    break;
                }
            }
        }
        if name == TRANSFORM && !verification.transformed().exists() {
            println!("  the layers behind it need its result");
            break;
        }
    }
    println!(
        "  {} in {}",
        if bad == 0 { "nothing was found".to_owned() } else { format!("{bad} findings") },
        seconds(start.elapsed())
    );
    if bad > 0 {
        bail!("the bundle is not proven");
    }
    Ok(())
}
