//! No half-merged file: a line that git writes between two versions is left in none, whatever its kind.

use std::process::Command;

use anyhow::{Context, Result};

use super::Fault;
use crate::project::Project;

/// Seven signs and a space, as git writes before and after two versions.
const BETWEEN: &str = "^(<<<<<<<|>>>>>>>) ";

pub fn check(project: &Project) -> Result<Vec<Fault>> {
    // It ends with an error where it finds nothing.
    let found = Command::new("git")
        .args(["grep", "--line-number", "--extended-regexp", "-I", BETWEEN])
        .current_dir(&project.root)
        .output()
        .context("cannot run git")?;
    Ok(faults(&String::from_utf8_lossy(&found.stdout)))
}

/// `FILE:LINE:TEXT` each.
fn faults(found: &str) -> Vec<Fault> {
    let place = |line: &str| line.splitn(3, ':').take(2).collect::<Vec<_>>().join(":");
    found.lines().map(|line| Fault::new(place(line), "two versions of a merge are left here")).collect()
}

#[cfg(test)]
mod tests {
    use super::{Fault, faults};

    #[test]
    fn the_place_of_a_left_version_is_told() {
        let expected = Fault::new("docs/A.md:40", "two versions of a merge are left here");
        assert_eq!(faults("docs/A.md:40:<<<<<<< HEAD\n"), [expected]);
        assert!(faults("").is_empty());
    }
}
