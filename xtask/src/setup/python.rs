//! Virtual environments under the target folder: cfn-lint, SAM's own translator, moto's server,
//! pyarrow and fakesnow in the tests'. The stamp is written last: an environment that was interrupted is
//! thrown away and made again.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::files;
use crate::process;
use crate::project::Project;
use crate::stamp::{Inputs, Stamp};

/// fakesnow is Snowflake's SQL over DuckDB, and its connector's own. pyarrow reads the Parquet and Arrow files that we
/// write. flask is what moto's server runs on; its extra `server` would bring every service of AWS. The plain
/// interpreter of documents reads times by dateutil, as Blurr does.
const PACKAGES: [&str; 10] = [
    "cfn-lint==1.58.0",
    "aws-sam-translator==1.115.0",
    "moto[cloudformation,dynamodb,s3,stepfunctions]==5.2.5",
    "flask",
    "flask-cors",
    "pyarrow==26.0.1",
    "fakesnow==0.12.1",
    "snowflake-connector-python==4.8.1",
    "duckdb==2.0.0",
    "python-dateutil==2.9.0.post0",
];

pub fn folder(project: &Project) -> PathBuf {
    project.target.join("python")
}

pub fn prepare(project: &Project) -> Result<()> {
    environment(&folder(project), &PACKAGES)
}

/// A virtual environment with these packages in the folder.
pub fn environment(folder: &Path, packages: &[&str]) -> Result<()> {
    let inputs = Inputs::of("venv 1").text(&packages.join(" ")).text(&folder.to_string_lossy());
    let stamp = Stamp::new(folder.join("xtask-stamp"), inputs);
    if stamp.is_current() {
        println!("  nothing is missing");
        return Ok(());
    }
    println!("  {}", packages.join(" "));
    files::fresh(folder)?;
    process::run(Command::new("python3").args(["-m", "venv"]).arg(folder))?;
    let mut pip = Command::new(folder.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(packages);
    process::run(&mut pip)?;
    stamp.write()
}
