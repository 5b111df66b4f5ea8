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
    pub environment: Vec<(&'static str, String)>,
}

/// What a program's runs told.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// Median.
    pub seconds: f64,
    /// Most of all runs, in bytes.
    pub peak: f64,
    /// `NAME VALUE` lines of the last run.
    pub said: BTreeMap<String, f64>,
}

impl Measured {
    pub fn new<W: Into<OsString>>(name: impl Into<String>, cores: usize, words: impl IntoIterator<Item = W>) -> Self {
        let words = words.into_iter().map(Into::into).collect();
        Self { name: name.into(), cores, words, environment: Vec::new() }
    }

    pub fn once(&self, project: &Project) -> Result<BTreeMap<String, f64>> {
        let cores: Vec<String> = (0..self.cores).map(|core| core.to_string()).collect();
        let mut python = Command::new("python3");
        python.arg(project.root.join("benches/measure.py")).arg(cores.join(",")).args(&self.words);
        python.envs(self.environment.iter().map(|(name, value)| (name, value)));
        let said = process::output(&mut python)?;
        let pair = |line: &str| {
            let (name, value) = line.split_once(' ')?;
            Some((name.to_owned(), value.parse().ok()?))
        };
        Ok(said.lines().filter_map(pair).collect())
    }
}

/// Runs all of them in turns, so that what else the machine does meets each alike.
pub fn alternate(project: &Project, runs: usize, measured: &[Measured]) -> Result<Vec<Figures>> {
    let mut seconds = vec![Vec::new(); measured.len()];
    let mut figures = vec![Figures::default(); measured.len()];
    for run in 1..=runs {
        for (at, one) in measured.iter().enumerate() {
            let said = one.once(project)?;
            let took = *said.get("seconds").with_context(|| format!("{} told no time", one.name))?;
            eprintln!("  run {run} of {runs}: {}: {took:.3} s", one.name);
            seconds[at].push(took);
            figures[at].peak = figures[at].peak.max(said.get("peak").copied().unwrap_or_default());
            figures[at].said = said;
        }
    }
    for (figures, seconds) in figures.iter_mut().zip(&mut seconds) {
        figures.seconds = median(seconds);
    }
    Ok(figures)
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
