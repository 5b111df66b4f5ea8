//! `cargo xtask bench check`: the check of documents against other readers of the same YAML.

use anyhow::{Context, Result};

use super::{machine, page};
use crate::process;
use crate::project::Project;

pub fn run(project: &Project) -> Result<()> {
    let mut cargo = project.cargo();
    cargo.args(["bench", "--quiet", "--package", "dtc-lang", "--bench", "check"]);
    let said = process::output(&mut cargo)?;
    print!("{said}");
    page::write(project, "Checking a document", &section(&said, &machine())?)
}

/// `NAME MEDIAN ms …` lines below a line about the document.
fn section(said: &str, machine: &str) -> Result<String> {
    let about = said.lines().find(|line| line.starts_with("lines ")).context("the benchmark said nothing")?;
    let median = |name: &str| -> Result<f64> {
        let line = said.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        let number = line.and_then(|line| line.split(' ').next()).with_context(|| format!("no time of {name}"))?;
        number.parse().with_context(|| format!("the time of {name}: {number}"))
    };
    let (check, serde, saphyr) = (median("check")?, median("serde_yaml_ng")?, median("saphyr-parser")?);
    Ok(format!(
        "`cargo xtask bench check` writes this section. One document ({about}), native, optimised; medians of alternating runs.\n\n\
         | | ms | of the check |\n|---|---|---|\n\
         | `dtc_lang::check`: tree, document, names, every expression | {check:.2} | 1 |\n\
         | `serde_yaml_ng` into values | {serde:.2} | {:.2} |\n\
         | `saphyr-parser`, events alone | {saphyr:.2} | {:.2} |\n\n\
         {machine}\n",
        serde / check,
        saphyr / check,
    ))
}

#[cfg(test)]
mod tests {
    use super::section;

    #[test]
    fn ratios_are_of_the_check() {
        let said =
            "lines 2000 bytes 9 runs 3\ncheck 4.000 ms (fastest 3)\nserde_yaml_ng 6.000 ms\nsaphyr-parser 1.000 ms\n";
        let page = section(said, "m").unwrap();
        assert!(page.contains("6.00 | 1.50") && page.contains("1.00 | 0.25"), "{page}");
        assert!(section("nothing", "m").is_err());
    }
}
