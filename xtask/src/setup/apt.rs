//! Debian's package manager: as root, or through sudo where it asks nothing. Where neither is
//! allowed it gives the one command to paste.

use std::process::Command;

use anyhow::{Result, bail};

use super::needs::Need;
use crate::process::{self, which};

/// Installs what these needs name, in one go.
pub fn install(needs: &[&Need]) -> Result<()> {
    let wanted: Vec<&[&str]> = needs.iter().flat_map(|need| need.packages.iter().copied()).collect();
    if wanted.is_empty() {
        return Ok(());
    }
    if which("apt-get").is_none() {
        let names: Vec<&str> = wanted.iter().map(|names| names[0]).collect();
        bail!("this system has no apt-get; install what Debian calls {}", names.join(" "));
    }
    let Some(rights) = Rights::find() else {
        bail!(
            "packages are missing and installing them needs root; run this once, then try again:\n\n    {}\n",
            paste(&choose(&wanted, exists))
        );
    };
    if wanted.iter().any(|names| !names.iter().any(|name| exists(name))) {
        println!("  apt-get update");
        process::run(rights.command("apt-get").args(["update", "-qq"]))?;
    }
    let packages = choose(&wanted, exists);
    println!("  apt-get install {}", packages.join(" "));
    let mut apt = rights.command("apt-get");
    apt.args(["install", "--yes", "-qq", "--no-install-recommends"]).args(&packages);
    process::run(&mut apt)
}

/// The first name of each that this release has; the first of all where it has none.
fn choose<'a>(wanted: &[&[&'a str]], exists: impl Fn(&str) -> bool) -> Vec<&'a str> {
    wanted.iter().map(|names| *names.iter().find(|name| exists(name)).unwrap_or(&names[0])).collect()
}

fn paste(packages: &[&str]) -> String {
    format!("sudo apt-get update && sudo apt-get install --yes --no-install-recommends {}", packages.join(" "))
}

/// Whether apt could install it now.
fn exists(package: &str) -> bool {
    process::output(Command::new("apt-cache").env("LC_ALL", "C").args(["policy", package]))
        .is_ok_and(|text| text.lines().any(|line| line.trim().starts_with("Candidate:") && !line.contains("(none)")))
}

enum Rights {
    Root,
    Sudo,
}

impl Rights {
    fn find() -> Option<Self> {
        if process::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0") {
            return Some(Self::Root);
        }
        let asks_nothing =
            which("sudo").is_some() && process::output(Command::new("sudo").args(["-n", "true"])).is_ok();
        asks_nothing.then_some(Self::Sudo)
    }

    fn command(&self, program: &str) -> Command {
        match self {
            Self::Root => {
                let mut command = Command::new(program);
                command.env("DEBIAN_FRONTEND", "noninteractive");
                command
            }
            Self::Sudo => {
                let mut command = Command::new("sudo");
                command.args(["-n", "DEBIAN_FRONTEND=noninteractive", program]);
                command
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{choose, paste};

    #[test]
    fn takes_the_name_that_the_release_has() {
        let wanted: [&[&str]; 2] = [&["lld-22", "lld-19"], &["xvfb"]];
        let packages = choose(&wanted, |name| name == "lld-19");
        assert_eq!(packages, ["lld-19", "xvfb"]);
        assert!(paste(&packages).ends_with(" lld-19 xvfb"));
    }
}
