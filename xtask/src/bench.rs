//! `cargo xtask bench check`: measures the check of documents and writes docs/BENCHMARKS.md. Ratios are
//! what counts there: both sides of each come from the same run.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::args::Args;
use crate::process;
use crate::project::Project;

pub fn command(mut args: Args) -> Result<()> {
    let what = args.next_word();
    args.done()?;
    if what.as_deref() != Some("check") {
        bail!("what is to be measured? `cargo xtask bench check`");
    }
    let project = Project::find()?;
    let mut cargo = project.cargo();
    cargo.args(["bench", "--quiet", "--package", "dtc-lang", "--bench", "check"]);
    let said = process::output(&mut cargo)?;
    print!("{said}");
    let page = page(&said, &machine())?;
    fs::write(project.root.join("docs/BENCHMARKS.md"), page).context("cannot write docs/BENCHMARKS.md")
}

/// `NAME MEDIAN ms …` lines below a line about the document.
fn page(said: &str, machine: &str) -> Result<String> {
    let about = said.lines().find(|line| line.starts_with("lines ")).context("the benchmark said nothing")?;
    let median = |name: &str| -> Result<f64> {
        let line = said.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        let number = line.and_then(|line| line.split(' ').next()).with_context(|| format!("no time of {name}"))?;
        number.parse().with_context(|| format!("the time of {name}: {number}"))
    };
    let (check, serde, saphyr) = (median("check")?, median("serde_yaml_ng")?, median("saphyr-parser")?);
    Ok(format!(
        "# Benchmarks\n\n## Checking a document\n\n\
         `cargo xtask bench check` writes this page. One document ({about}), native, optimised; medians of alternating runs.\n\n\
         | | ms | of the check |\n|---|---|---|\n\
         | `dtc_lang::check`: tree, document, names, every expression | {check:.2} | 1 |\n\
         | `serde_yaml_ng` into values | {serde:.2} | {:.2} |\n\
         | `saphyr-parser`, events alone | {saphyr:.2} | {:.2} |\n\n\
         Machine: {machine}. Times differ with the machine and its load, the ratios less so.\n",
        serde / check,
        saphyr / check,
    ))
}

fn machine() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    format!("{}, {cores} cores, {}", model.map_or("unknown", |(_, model)| model), std::env::consts::OS)
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn ratios_are_of_the_check() {
        let said =
            "lines 2000 bytes 9 runs 3\ncheck 4.000 ms (fastest 3)\nserde_yaml_ng 6.000 ms\nsaphyr-parser 1.000 ms\n";
        let page = page(said, "m").unwrap();
        assert!(page.contains("6.00 | 1.50") && page.contains("1.00 | 0.25"), "{page}");
        assert!(super::page("nothing", "m").is_err());
    }
}
