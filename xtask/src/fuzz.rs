//! `cargo xtask fuzz [--minutes N] [TARGET]`: builds the targets of `fuzz/` with coverage and lets
//! libFuzzer search from the corpus. Needs a C++ compiler, no nightly toolchain and no cargo-fuzz.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::args::Args;
use crate::process;
use crate::project::Project;
use crate::timing::step;

const TARGETS: [&str; 4] = ["yaml", "expression", "grammar", "data"];
const MINUTES: u64 = 10;
const TRIPLE: &str = "x86_64-unknown-linux-gnu";
/// Edge counters and comparisons for libFuzzer, as cargo-fuzz asks for them.
const COVERAGE: [&str; 6] = [
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];

pub fn command(mut args: Args) -> Result<()> {
    let minutes = match args.option("--minutes")? {
        Some(text) => text.parse().with_context(|| format!("--minutes wants a number, not `{text}`"))?,
        None => MINUTES,
    };
    let target = args.next_word();
    args.done()?;
    let targets: Vec<&str> = match &target {
        Some(name) if !TARGETS.contains(&name.as_str()) => {
            bail!("there is no target `{name}`; there are {}", TARGETS.join(", "))
        }
        Some(name) => vec![name],
        None => TARGETS.to_vec(),
    };
    let project = Project::find()?;
    let fuzz = project.root.join("fuzz");
    let build = project.target.join("fuzz");
    step("build", || self::build(&fuzz, &build))?;
    let mut found = Vec::new();
    for target in targets {
        found.extend(step(target, || search(&fuzz, &build, target, minutes))?);
    }
    if !found.is_empty() {
        bail!("{} inputs fail; they are in {}", found.len(), fuzz.join("artifacts").display());
    }
    Ok(())
}

fn build(fuzz: &Path, target: &Path) -> Result<()> {
    let mut cargo = process::cargo(fuzz);
    cargo.args(["build", "--release", "--target", TRIPLE]).env("CARGO_TARGET_DIR", target);
    // Coverage is a flag of rustc that is not stable.
    cargo.env("RUSTC_BOOTSTRAP", "1").env("CARGO_ENCODED_RUSTFLAGS", COVERAGE.join("\u{1f}"));
    process::run(&mut cargo)
}

/// The inputs that failed.
fn search(fuzz: &Path, build: &Path, target: &str, minutes: u64) -> Result<Vec<PathBuf>> {
    let seeds = build.join("corpus").join(target);
    let artifacts = fuzz.join("artifacts").join(target);
    fs::create_dir_all(&seeds)?;
    fs::create_dir_all(&artifacts)?;
    unpack(&fuzz.join("corpus").join(format!("{target}.jsonl")), &seeds)?;
    let mut run = std::process::Command::new("nice");
    run.args(["-n", "19"]).arg(build.join(TRIPLE).join("release").join(target)).arg(&seeds).args([
        "-fork=1",
        "-ignore_crashes=1",
        "-ignore_timeouts=1",
        "-ignore_ooms=1",
        "-timeout=30",
        "-rss_limit_mb=2048",
        "-max_len=4096",
    ]);
    run.arg(format!("-max_total_time={}", minutes * 60));
    run.arg(format!("-artifact_prefix={}/", artifacts.display()));
    // With `-ignore_…` the search goes on after a finding; what it left tells.
    let _ = run.status().context("cannot start the target")?;
    let left = fs::read_dir(&artifacts)?.map(|entry| Ok(entry?.path()));
    left.collect()
}

/// One file an input, as libFuzzer wants them.
fn unpack(corpus: &Path, folder: &Path) -> Result<()> {
    let text = fs::read_to_string(corpus).with_context(|| format!("cannot read {}", corpus.display()))?;
    for (number, line) in text.lines().enumerate() {
        let input: String =
            serde_json::from_str(line).with_context(|| format!("{}:{}", corpus.display(), number + 1))?;
        let bytes: Vec<u8> = input.chars().map(|character| character as u32 as u8).collect();
        fs::write(folder.join(format!("known-{number:04}")), bytes)?;
    }
    Ok(())
}
