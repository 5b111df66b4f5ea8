//! The bundles of the project's own templates, exported by the command line that users have, and proven for both targets.

use std::process::{Command, Stdio};

use anyhow::Result;

use crate::native;
use crate::process;
use crate::project::Project;

/// Templates that can be exported, and that hold sample events.
const TEMPLATES: [&str; 1] = ["offer-ai"];
const TARGETS: [&str; 2] = ["sam", "cloudformation"];

/// Needs `dtc` and the function to be built.
pub fn run(project: &Project) -> Result<()> {
    for template in TEMPLATES {
        for target in TARGETS {
            let folder = project.target.join("bundles").join(format!("{template}-{target}"));
            crate::files::fresh(&folder)?;
            let mut export = Command::new(native::program_path(project, native::COMMAND_LINE));
            export.arg("export").arg(project.root.join("dtc-templates").join(template));
            export.args(["--target", target, "--force", "--out"]).arg(&folder).stdout(Stdio::null());
            native::environment(project, &mut export);
            process::run(&mut export)?;
            super::verify(project, &folder)?;
        }
    }
    Ok(())
}
