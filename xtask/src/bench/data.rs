//! The measured data under the target folder: made once, and again where what makes them has changed.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::process;
use crate::project::Project;
use crate::stamp::{Inputs, Stamp};

/// The file of a shape with so many events and users, in the release build of `benches`.
pub fn file(project: &Project, shape: &str, events: u64, users: u64) -> Result<PathBuf> {
    let folder = project.target.join("bench");
    fs::create_dir_all(&folder)?;
    let path = folder.join(format!("{shape}-{events}-{users}.jsonl"));
    let inputs = Inputs::of("data 1").folder(&project.root.join("benches/src/data"))?;
    let stamp = Stamp::new(path.with_extension("stamp"), inputs);
    if path.exists() && stamp.is_current() {
        return Ok(path);
    }
    eprintln!("  making {events} events of the shape {shape}");
    let mut make = Command::new(project.target.join("release/bench-make"));
    make.args([shape, "--events", &events.to_string(), "--users", &users.to_string()]).arg(&path);
    process::run(&mut make)?;
    stamp.write()?;
    Ok(path)
}
