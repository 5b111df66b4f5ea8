//! The outside judges of a template: cfn-lint and SAM's translator, from the virtual environment that
//! `cargo xtask setup` makes (`DTC_CFN_LINT`), or from the PATH.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use libtest_mimic::Failed;

/// Checks with every rule, informational ones too.
pub fn lint(template: &Path) -> Result<(), Failed> {
    let mut lint = Command::new(tool("cfn-lint"));
    lint.args(["--include-checks", "I", "--non-zero-exit-code", "informational", "--"]).arg(template);
    quiet(&mut lint, "cfn-lint")
}

/// SAM's template as CloudFormation; gives the file.
pub fn translate(template: &Path, scratch: &Path) -> Result<PathBuf, Failed> {
    let out = scratch.join("translated.json");
    let script = super::project::folder().join("transform.py");
    let mut python = Command::new(tool("python3"));
    python.arg(script).arg(template).arg(&out);
    quiet(&mut python, "aws-sam-translator")?;
    Ok(out)
}

/// A program beside cfn-lint in its virtual environment, or by its name.
pub fn tool(name: &str) -> PathBuf {
    let lint = std::env::var_os("DTC_CFN_LINT").map(PathBuf::from);
    let beside = lint.and_then(|lint| Some(lint.parent()?.join(name))).filter(|path| path.exists());
    beside.unwrap_or_else(|| PathBuf::from(name))
}

fn quiet(command: &mut Command, what: &str) -> Result<(), Failed> {
    let Output { status, stdout, stderr } = command.output().map_err(|error| {
        format!("{what} cannot be run ({error}): `cargo xtask setup` installs it, `cargo xtask test` says where it is")
    })?;
    if status.success() && stdout.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{what} has something to say ({status})\n{}{}",
        String::from_utf8_lossy(&stdout),
        String::from_utf8_lossy(&stderr)
    )
    .into())
}
