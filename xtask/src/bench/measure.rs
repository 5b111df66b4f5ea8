//! Measured programs: each run is a process of its own, on cores of its own, whose time it tells itself
//! (`seconds S`, so that starting and importing do not count) and whose memory the system tells.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;
use crate::project::Project;

/// A program to measure.
pub struct Measured {
    pub name: String,
    pub cores: usize,
    /// Program and arguments.
    pub words: Vec<OsString>,
}

/// What a program's runs told.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// Medians.
    pub seconds: f64,
    /// Of all its threads.
    pub processor: f64,
    /// Most of all runs, in bytes.
    pub peak: f64,
    /// Medians of each `NAME VALUE` line.
    pub said: BTreeMap<String, f64>,
}

impl Measured {
    pub fn new<W: Into<OsString>>(name: impl Into<String>, cores: usize, words: impl IntoIterator<Item = W>) -> Self {
        let words = words.into_iter().map(Into::into).collect();
        Self { name: name.into(), cores, words }
    }

    pub fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// One run: every `NAME VALUE` line that it told.
    pub fn once(&self, project: &Project) -> Result<BTreeMap<String, f64>> {
        let cores: Vec<String> = (0..self.cores).map(|core| core.to_string()).collect();
        let mut python = Command::new("python3");
        python.arg(project.root.join("benches/measure.py")).arg(cores.join(",")).args(&self.words);
        let said = process::output(&mut python)?;
        let pair = |line: &str| {
            let (name, value) = line.split_once(' ')?;
            Some((name.to_owned(), value.parse().ok()?))
        };
        Ok(said.lines().filter_map(pair).collect())
    }
}

impl Figures {
    fn of(mut said: BTreeMap<String, Vec<f64>>) -> Self {
        let peak = said.get("peak").map_or(0.0, |peaks| peaks.iter().copied().fold(0.0, f64::max));
        let said: BTreeMap<String, f64> =
            said.iter_mut().map(|(name, values)| (name.clone(), median(values))).collect();
        let told = |name: &str| said.get(name).copied();
        Self {
            seconds: told("seconds").or(told("wall")).unwrap_or_default(),
            // A peer tells its own, because importing it is not its work.
            processor: told("cpu").or(told("cpu_all")).unwrap_or_default(),
            peak,
            said,
        }
    }
}

/// Runs all of them in turns, so that what else the machine does meets each alike.
pub fn alternate<M: std::borrow::Borrow<Measured>>(
    project: &Project,
    runs: usize,
    measured: &[M],
) -> Result<Vec<Figures>> {
    let mut said: Vec<BTreeMap<String, Vec<f64>>> = vec![BTreeMap::new(); measured.len()];
    for run in 1..=runs {
        for (said, one) in said.iter_mut().zip(measured) {
            let one = one.borrow();
            let told = one.once(project)?;
            // A program of ours that does nothing but its work is timed from outside.
            let took = told.get("seconds").or_else(|| told.get("wall"));
            let took = *took.with_context(|| format!("{} told no time", one.name))?;
            eprintln!("  run {run} of {runs}: {}, {} cores: {took:.3} s", one.name, one.cores);
            for (name, value) in told {
                said.entry(name).or_default().push(value);
            }
        }
    }
    Ok(said.into_iter().map(Figures::of).collect())
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { (values[middle - 1] + values[middle]) / 2.0 }
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&mut [4.0, 1.0, 2.0, 3.0]), 2.5);
    }
}
