//! The steps of a test run: each runs, is timed, and is remembered with what it counted.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::tally::Tally;
use crate::process;
use crate::project::Project;
use crate::timing::seconds;

struct Done {
    name: String,
    time: Duration,
    tally: Tally,
    why: Option<String>,
}

pub struct Suite {
    done: Vec<Done>,
}

impl Suite {
    pub fn new(project: &Project) -> Self {
        println!("testing {} into {}", project.root.display(), project.target.display());
        Self { done: Vec::new() }
    }

    /// A step that is right or wrong as a whole.
    pub fn check(&mut self, name: &str, work: impl FnOnce() -> Result<()>) -> bool {
        println!("\n━━ {name}");
        let start = Instant::now();
        let result = work();
        let (tally, why) = match &result {
            Ok(()) => (Tally::passed(), None),
            Err(error) => (Tally::failed(), Some(format!("{error:#}"))),
        };
        self.finish(name, start, tally, why);
        result.is_ok()
    }

    /// A test program's run, counted test by test.
    pub fn tests(&mut self, name: &str, command: &mut Command) {
        println!("\n━━ {name}");
        let start = Instant::now();
        let (tally, why) = match counted(command) {
            Ok((tally, true)) => (tally, None),
            Ok((tally, false)) => (tally.at_least_one_failed(), Some(format!("`{}` failed", process::shown(command)))),
            Err(error) => (Tally::failed(), Some(format!("{error:#}"))),
        };
        self.finish(name, start, tally, why);
    }

    /// A step that could not be tried: it counts as failed, or a missing part would pass unseen.
    pub fn skip(&mut self, name: &str, why: &str) {
        println!("\n━━ {name}\n   not run: {why}");
        self.finish(name, Instant::now(), Tally::failed(), Some(format!("not run: {why}")));
    }

    fn finish(&mut self, name: &str, start: Instant, tally: Tally, why: Option<String>) {
        let time = start.elapsed();
        if let Some(why) = &why {
            println!("   {name}: {why}");
        }
        println!("   {name}: {} in {}", if why.is_none() { "good" } else { "FAILED" }, seconds(time));
        self.done.push(Done { name: name.to_owned(), time, tally, why });
    }

    /// The summary, and an error when anything failed.
    pub fn report(self) -> Result<()> {
        println!("\n{:<16} {:>8} {:>8} {:>14}", "step", "passed", "failed", "time");
        let mut all = Tally::default();
        for step in &self.done {
            println!("{:<16} {:>8} {:>8} {:>14}", step.name, step.tally.passed, step.tally.failed, seconds(step.time));
            all = all.and(&step.tally);
        }
        for step in &self.done {
            if let Some(why) = &step.why {
                println!("\nFAILED: {}: {}", step.name, why.lines().next().unwrap_or_default());
                for test in &step.tally.names {
                    println!("  {test}");
                }
            }
        }
        println!();
        super::verdict(all.passed, all.failed)
    }
}

/// Runs, shows and counts what is printed.
fn counted(command: &mut Command) -> Result<(Tally, bool)> {
    command.stdout(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("cannot start `{}`", process::shown(command)))?;
    let output = child.stdout.take().context("the tests have no output")?;
    let mut tally = Tally::default();
    for line in BufReader::new(output).split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        tally.read(&line);
    }
    Ok((tally, child.wait()?.success()))
}
