//! `cargo xtask bench stores`: embedded stores on what a batch does to a state (`benches/stores`, a workspace of its
//! own).

use anyhow::{Context, Result};

use super::{machine, page};
use crate::process;
use crate::project::Project;

pub fn run(project: &Project) -> Result<()> {
    let mut cargo = process::cargo(&project.root.join("benches/stores"));
    cargo.args(["run", "--quiet", "--release"]).env("CARGO_TARGET_DIR", project.target.join("bench-stores"));
    let said = process::output(&mut cargo)?;
    print!("{said}");
    page::write(project, "Embedded stores", &section(&said, &machine())?)
}

/// `NAME open N read N commit N close N whole N bytes N` lines below a line about the batches.
fn section(said: &str, machine: &str) -> Result<String> {
    let about = said.lines().find(|line| line.starts_with("batch ")).context("the benchmark said nothing")?;
    let mut rows = String::new();
    for name in ["redb", "fjall"] {
        let line = said.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        let words: Vec<&str> = line.with_context(|| format!("nothing about {name}"))?.split(' ').collect();
        let value = |what: &str| -> Result<f64> {
            let place = words.iter().position(|word| *word == what).with_context(|| format!("{name}: no {what}"))?;
            let number = words.get(place + 1).with_context(|| format!("{name}: no {what}"))?;
            number.parse().with_context(|| format!("{name}: {what} {number}"))
        };
        rows += &format!(
            "| {name} | {:.0} | {:.0} | {:.0} | {:.0} | {:.0} | {:.0} |\n",
            value("open")?,
            value("read")?,
            value("commit")?,
            value("close")?,
            value("whole")?,
            value("bytes")? / 1e6,
        );
    }
    Ok(format!(
        "`cargo xtask bench stores` writes this section. What a batch does to a state ({about}): open and look through, read, \
         write in one durable step, close; medians in ms of alternating rounds. `docs/decisions/0008` says what follows.\n\n\
         | | open | read | commit | close | whole | MB at the end |\n|---|---|---|---|---|---|---|\n{rows}\n{machine}\n"
    ))
}

#[cfg(test)]
mod tests {
    use super::section;

    #[test]
    fn each_store_has_its_row() {
        let said = "batch 2 rounds 3\nredb open 1.0 read 2.0 commit 3.0 close 4.0 whole 10.0 bytes 5000000\n\
                    fjall open 1 read 1 commit 1 close 1 whole 4 bytes 7000000\n";
        let page = section(said, "m").unwrap();
        assert!(page.contains("| redb | 1 | 2 | 3 | 4 | 10 | 5 |\n| fjall | 1 | 1 | 1 | 1 | 4 | 7 |\n"), "{page}");
        assert!(section("batch 1\nredb open x", "m").is_err());
    }
}
