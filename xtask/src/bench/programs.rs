//! The measured programs: how each is built, installed and called.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::measure::Measured;
use crate::process;
use crate::project::Project;
use crate::setup;

/// Both from PyPI.
pub const PEERS: [&str; 2] = ["duckdb==2.0.0", "polars==2.1.0"];
/// Parsers that could be the fastest, by bench-floor's names for them.
pub const PARSERS: [&str; 4] = ["sonic-rs", "simd-json-tape", "simd-json", "serde_json"];

pub struct Programs<'p> {
    pub project: &'p Project,
}

impl Programs<'_> {
    /// Builds ours and the floor, optimised.
    pub fn build(&self) -> Result<()> {
        process::run(self.project.cargo().args(["build", "--quiet", "--release", "--package", "benches"]))?;
        let mut floor = self.project.cargo();
        floor.args(["build", "--quiet", "--release", "--locked", "--manifest-path", "benches/floor/Cargo.toml"]);
        process::run(&mut floor)
    }

    /// Installs the peers into an environment of their own.
    pub fn install(&self) -> Result<()> {
        setup::environment(&self.environment(), &PEERS)
    }

    /// Parses each record of a file and nothing else.
    pub fn floor(&self, parser: &str, file: &Path, threads: usize) -> Measured {
        let words: [OsString; 4] =
            [self.release("bench-floor").into(), parser.into(), file.into(), threads.to_string().into()];
        Measured::new(format!("`{parser}` alone"), threads, words)
    }

    /// A file through the documents of a folder.
    pub fn ours(&self, documents: &Path, file: &Path, threads: usize, more: &[OsString]) -> Measured {
        let mut words: Vec<OsString> = vec![self.release("bench-ours").into(), documents.into(), file.into()];
        words.extend(["--threads".into(), threads.to_string().into()]);
        words.extend_from_slice(more);
        Measured::new("ours", threads, words)
    }

    /// Builds the command line, optimised: with polars, which takes its time.
    pub fn build_dtc(&self) -> Result<()> {
        process::run(self.project.cargo().args(["build", "--quiet", "--release", "--package", "dtc-cli"]))
    }

    /// A file through the streaming document of a folder, by the command line and into a folder of tables.
    pub fn dtc(&self, documents: &Path, file: &Path, out: &Path, threads: usize) -> Measured {
        let mut words: Vec<OsString> = vec![self.release("dtc").into(), "transform".into(), "--streaming".into()];
        words.extend([documents.join("streaming.dtc.yaml").into(), "--out".into(), out.into()]);
        words.extend(["--threads".into(), threads.to_string().into(), file.into()]);
        Measured::new("`dtc transform`", threads, words)
    }

    /// The same by a peer, `duckdb` or `polars`.
    pub fn peer(&self, peer: &str, shape: &str, file: &Path, threads: usize, more: &[OsString]) -> Measured {
        let script = self.project.root.join(format!("benches/peers/in_{peer}.py"));
        let mut words: Vec<OsString> = vec![self.environment().join("bin/python").into(), script.into(), shape.into()];
        words.extend([file.into(), threads.to_string().into()]);
        words.extend_from_slice(more);
        let name = if peer == "duckdb" { "DuckDB" } else { "Polars" };
        Measured::new(name, threads, words)
    }

    /// A first run with the documents of a folder, then edits of them.
    pub fn edits(&self, documents: &Path, file: &Path, threads: usize) -> Measured {
        let words: [OsString; 4] =
            [self.release("bench-edits").into(), documents.into(), file.into(), threads.to_string().into()];
        Measured::new("edits", threads, words)
    }

    /// `a + 1` with a condition, in one of bench-expressions' ways or in CPython.
    pub fn evaluations(&self, way: &str, evaluations: u64) -> Measured {
        let number = evaluations.to_string();
        if way == "cpython" {
            let script = self.project.root.join("benches/peers/in_cpython.py");
            return Measured::new(way, 1, ["python3".into(), script.into_os_string(), number.into()]);
        }
        let program = self.release("bench-expressions").into_os_string();
        Measured::new(way, 1, [program, way.into(), "--evaluations".into(), number.into()])
    }

    /// Whether two folders hold the same rows; the error tells the first that differ.
    pub fn compare(&self, ours: &Path, theirs: &Path) -> Result<()> {
        let mut compare = Command::new("python3");
        compare.arg(self.project.root.join("benches/peers/compare.py")).arg(ours).arg(theirs);
        process::run(&mut compare)
    }

    /// Of the measured documents.
    pub fn documents(&self, shape: &str) -> PathBuf {
        self.project.root.join("benches/documents").join(shape)
    }

    fn release(&self, program: &str) -> PathBuf {
        self.project.target.join("release").join(program)
    }

    fn environment(&self) -> PathBuf {
        self.project.target.join("bench-python")
    }
}
