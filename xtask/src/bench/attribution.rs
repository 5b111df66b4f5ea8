//! `cargo xtask bench attribution`: journeys to credit, against ChannelAttribution and DuckDB's SQL on the same file, in
//! turns. Before anything is measured the credits are compared: exact ones to the last digits, simulated ones to 4 %.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::measure::{Figures, Measured, alternate};
use super::{machine, page};
use crate::args::Args;
use crate::process;
use crate::project::Project;
use crate::setup;
use crate::timing::step;

/// From PyPI. ChannelAttribution needs matplotlib and does not say so.
const PEERS: [&str; 3] = ["ChannelAttribution==2.2.5", "duckdb==2.0.0", "matplotlib"];
const JOURNEYS: u64 = 1_000_000;
/// A part of what ChannelAttribution needs for its chain alone.
const WANTED_RATIO: f64 = 3.0;
const WANTED_PEAK: f64 = 250e6;

pub fn command(mut args: Args) -> Result<()> {
    let runs: usize = args.option("--runs")?.map_or(Ok(5), |runs| runs.parse())?;
    let journeys: u64 = args.option("--journeys")?.map_or(Ok(JOURNEYS), |journeys| journeys.parse())?;
    let dry = args.flag("--dry");
    args.done()?;
    let project = Project::find()?;
    let bench = Bench { project: &project };
    step("build", || bench.build())?;
    step("peers", || setup::environment(&bench.environment(), &PEERS))?;
    let files = step("journeys", || bench.files(journeys))?;
    step("same credits", || bench.same_credits(&files))?;
    let measured = bench.measured(&files);
    let figures = step("measure", || alternate(&project, runs, &measured))?;
    let text = section(journeys, runs, &measured, &figures)?;
    println!("{text}");
    // A few journeys try the benchmark out and say nothing about anybody.
    if dry { Ok(()) } else { page::write(&project, "Attribution", &text) }
}

struct Files {
    journeys: PathBuf,
    paths: PathBuf,
}

struct Bench<'p> {
    project: &'p Project,
}

impl Bench<'_> {
    fn build(&self) -> Result<()> {
        process::run(self.project.cargo().args(["build", "--quiet", "--release", "--package", "benches"]))
    }

    fn environment(&self) -> PathBuf {
        self.project.target.join("bench-attribution-python")
    }

    fn program(&self, name: &str) -> OsString {
        self.project.target.join("release").join(name).into_os_string()
    }

    fn files(&self, journeys: u64) -> Result<Files> {
        let folder = self.project.target.join("bench");
        fs::create_dir_all(&folder)?;
        let file = |kind: &str| folder.join(format!("attribution-{journeys}-{kind}.csv"));
        let files = Files { journeys: file("journeys"), paths: file("paths") };
        if !files.journeys.exists() || !files.paths.exists() {
            let mut make = std::process::Command::new(self.program("bench-journeys"));
            make.arg("--journeys").arg(journeys.to_string()).arg(&files.journeys).arg(&files.paths);
            process::run(&mut make)?;
        }
        Ok(files)
    }

    fn ours(&self, file: &Path, more: &[&str], threads: usize) -> Measured {
        let mut words = vec![self.program("bench-attribution"), file.into(), "--threads".into()];
        words.push(threads.to_string().into());
        words.extend(more.iter().map(OsString::from));
        Measured::new("ours", threads, words)
    }

    fn peer(&self, script: &str, file: &Path, more: &[&str], cores: usize) -> Measured {
        let script = self.project.root.join("benches/peers").join(script);
        let mut words = vec![self.environment().join("bin/python").into(), script.into_os_string(), file.into()];
        words.extend(more.iter().map(OsString::from));
        Measured::new(if more.is_empty() { "ChannelAttribution" } else { "DuckDB" }, cores, words)
    }

    fn measured(&self, files: &Files) -> Vec<Measured> {
        vec![
            self.ours(&files.paths, &[], 1).named("ours, paths"),
            self.ours(&files.paths, &[], 2).named("ours, paths"),
            self.ours(&files.journeys, &["--journeys"], 1).named("ours, journeys with hours"),
            self.ours(&files.journeys, &["--journeys"], 2).named("ours, journeys with hours"),
            self.peer("in_channelattribution.py", &files.paths, &[], 1).named("ChannelAttribution, paths"),
            self.peer("attribution_in_duckdb.py", &files.paths, &["1"], 1).named("DuckDB, paths"),
            self.peer("attribution_in_duckdb.py", &files.paths, &["2"], 2).named("DuckDB, paths"),
        ]
    }

    fn same_credits(&self, files: &Files) -> Result<()> {
        let written = |name: &str| self.project.target.join("bench").join(format!("credits-{name}.csv"));
        let credits = |name: &str, measured: Measured| -> Result<Credits> {
            let file = written(name);
            let mut measured = measured;
            measured.words.extend(["--credits".into(), file.clone().into_os_string()]);
            measured.once(self.project)?;
            read_credits(&file)
        };
        let ours = credits("ours", self.ours(&files.paths, &[], 1))?;
        let singles = credits("singles", self.ours(&files.journeys, &["--journeys"], 1))?;
        let simulated = credits("ca", self.peer("in_channelattribution.py", &files.paths, &[], 1))?;
        let sql = credits("duckdb", self.peer("attribution_in_duckdb.py", &files.paths, &["1"], 1))?;
        for (peer, credits) in [("ours from journeys", &singles), ("DuckDB", &sql), ("ChannelAttribution", &simulated)]
        {
            for (model, theirs) in credits {
                let most = if peer == "ChannelAttribution" && model == "markov" { 0.04 } else { 1e-9 };
                let moved = distance(&ours[model], theirs);
                if moved > most {
                    bail!("{peer} credits {moved:.2e} of the conversions otherwise under {model}");
                }
            }
        }
        Ok(())
    }
}

/// By model and channel.
type Credits = BTreeMap<String, BTreeMap<String, f64>>;

fn read_credits(file: &Path) -> Result<Credits> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut lines = text.lines();
    let models: Vec<&str> = lines.next().context("no header")?.split(',').skip(1).collect();
    let mut credits = Credits::new();
    for line in lines {
        let mut cells = line.split(',');
        let channel = cells.next().context("no channel")?;
        for (model, cell) in models.iter().zip(cells) {
            credits.entry((*model).to_owned()).or_default().insert(channel.to_owned(), cell.parse()?);
        }
    }
    Ok(credits)
}

/// Sum of differences, as a share of all.
fn distance(one: &BTreeMap<String, f64>, other: &BTreeMap<String, f64>) -> f64 {
    let channels = one.keys().chain(other.keys().filter(|channel| !one.contains_key(*channel)));
    let at = |credits: &BTreeMap<String, f64>, channel: &str| credits.get(channel).copied().unwrap_or_default();
    let moved: f64 = channels.map(|channel| (at(one, channel) - at(other, channel)).abs()).sum();
    moved / one.values().sum::<f64>()
}

fn section(journeys: u64, runs: usize, measured: &[Measured], figures: &[Figures]) -> Result<String> {
    let find = |name: &str, cores: usize| {
        let place = measured.iter().position(|one| one.name == name && one.cores == cores);
        place.map(|place| &figures[place]).with_context(|| format!("{name} was not measured"))
    };
    let part = |figures: &Figures, name: &str| figures.said.get(name).copied().unwrap_or(f64::NAN);
    let (ours, peer) = (find("ours, paths", 1)?, find("ChannelAttribution, paths", 1)?);
    let (singles, sql) = (find("ours, journeys with hours", 1)?, find("DuckDB, paths", 1)?);
    let ratio = part(peer, "markov") / ours.seconds;
    let heuristics = part(sql, "heuristics") / part(ours, "heuristics");
    let peak = ours.peak.max(singles.peak);
    let met = |met: bool| if met { "met" } else { "**not met**" };
    let mut text = format!(
        "`cargo xtask bench attribution` writes this section: {journeys} journeys over 12 channels, as counted paths and one \
         a line with hours; medians of {runs} alternating runs. Ours reads the file and runs every heuristic, Shapley in \
         closed form and the exact Markov chain; ChannelAttribution reads it, runs its three heuristics and simulates its \
         chain; DuckDB reads it and computes first, last and linear touch. The credits are compared before.\n\n\
         | to reach | measured | |\n|---|---|---|\n\
         | all of ours {WANTED_RATIO} × faster than ChannelAttribution's chain alone | {ratio:.1} × | {} |\n\
         | our heuristics (ten) no slower than DuckDB's (three) | {heuristics:.1} × | {} |\n\
         | at most {:.0} MB | {:.0} MB | {} |\n\n\
         | | cores | read s | heuristics s | Shapley s | Markov s | whole s | peak MB |\n|---|---|---|---|---|---|---|---|\n",
        met(ratio >= WANTED_RATIO),
        met(heuristics >= 1.0),
        WANTED_PEAK / 1e6,
        peak / 1e6,
        met(peak <= WANTED_PEAK),
    );
    let seconds = |value: f64| if value.is_nan() { "–".to_owned() } else { format!("{value:.3}") };
    for (one, figures) in measured.iter().zip(figures) {
        let parts = ["read", "heuristics", "shapley", "markov"].map(|name| seconds(part(figures, name)));
        let (name, cores, whole, peak) = (&one.name, one.cores, figures.seconds, figures.peak / 1e6);
        text += &format!("| {name} | {cores} | {} | {whole:.3} | {peak:.0} |\n", parts.join(" | "));
    }
    Ok(format!("{text}\n{}\n", machine()))
}

#[cfg(test)]
mod tests {
    use super::{Figures, Measured, distance, section};

    #[test]
    fn credits_that_move_are_told_as_a_share() {
        let credits = |list: [(&str, f64); 2]| list.map(|(name, credit)| (name.to_owned(), credit)).into();
        assert_eq!(distance(&credits([("a", 3.0), ("b", 1.0)]), &credits([("a", 2.0), ("c", 2.0)])), 1.0);
    }

    #[test]
    fn what_is_not_reached_is_said() {
        let names = ["ours, paths", "ours, journeys with hours", "ChannelAttribution, paths", "DuckDB, paths"];
        let measured: Vec<Measured> = names.into_iter().map(|name| Measured::new(name, 1, ["x"])).collect();
        let figures = |seconds: f64, markov: f64| Figures {
            seconds,
            said: [("markov".to_owned(), markov), ("heuristics".to_owned(), 0.5)].into(),
            ..Figures::default()
        };
        let all = [figures(1.0, 0.1), figures(2.0, 0.1), figures(3.0, 2.0), figures(1.0, f64::NAN)];
        let text = section(5, 1, &measured, &all).unwrap();
        assert!(text.contains("| 2.0 × | **not met** |") && text.contains("| 1.0 × | met |"), "{text}");
        assert!(text.contains("| DuckDB, paths | 1 | – | 0.500 | – | – | 1.000 | 0 |"), "{text}");
    }
}
