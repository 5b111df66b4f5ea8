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

const SIMULATED: &str = "in_channelattribution.py";
const SQL: &str = "attribution_in_duckdb.py";
/// What is measured: on counted paths, and on one journey a line.
const OURS: &str = "ours, paths";
const OURS_SINGLE: &str = "ours, journeys with hours";
const CHAINS: &str = "ChannelAttribution, paths";
const CHAINS_SINGLE: &str = "ChannelAttribution, journeys";
const TABLES: &str = "DuckDB, paths";
const TABLES_SINGLE: &str = "DuckDB, journeys";

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
        let path = self.project.root.join("benches/peers").join(script);
        let mut words = vec![self.environment().join("bin/python").into(), path.into_os_string(), file.into()];
        words.extend(more.iter().map(OsString::from));
        Measured::new(script, cores, words)
    }

    fn measured(&self, files: &Files) -> Vec<Measured> {
        vec![
            self.ours(&files.paths, &[], 1).named(OURS),
            self.peer(SIMULATED, &files.paths, &[], 1).named(CHAINS),
            self.peer(SQL, &files.paths, &["1"], 1).named(TABLES),
            self.ours(&files.journeys, &["--journeys"], 1).named(OURS_SINGLE),
            self.peer(SIMULATED, &files.journeys, &["--journeys"], 1).named(CHAINS_SINGLE),
            self.peer(SQL, &files.journeys, &["1", "--journeys"], 1).named(TABLES_SINGLE),
            self.ours(&files.paths, &[], 2).named(OURS),
            self.peer(SQL, &files.paths, &["2"], 2).named(TABLES),
            self.ours(&files.journeys, &["--journeys"], 2).named(OURS_SINGLE),
            self.peer(SQL, &files.journeys, &["2", "--journeys"], 2).named(TABLES_SINGLE),
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
        let simulated = credits("ca", self.peer(SIMULATED, &files.paths, &[], 1))?;
        let simulated_singles = credits("ca-singles", self.peer(SIMULATED, &files.journeys, &["--journeys"], 1))?;
        let sql_singles = credits("duckdb-singles", self.peer(SQL, &files.journeys, &["1", "--journeys"], 1))?;
        let sql = credits("duckdb", self.peer(SQL, &files.paths, &["1"], 1))?;
        let all = [
            (OURS_SINGLE, &singles),
            (TABLES, &sql),
            (TABLES_SINGLE, &sql_singles),
            (CHAINS, &simulated),
            (CHAINS_SINGLE, &simulated_singles),
        ];
        for (peer, credits) in all {
            for (model, theirs) in credits {
                let is_simulated = peer.starts_with("ChannelAttribution") && model == "markov";
                let most = if is_simulated { 0.04 } else { 1e-9 };
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
    let ratio =
        |ours: &str, peer: &str| Ok::<f64, anyhow::Error>(part(find(peer, 1)?, "markov") / find(ours, 1)?.seconds);
    let heuristics = |ours: &str, peer: &str| {
        Ok::<f64, anyhow::Error>(part(find(peer, 1)?, "heuristics") / part(find(ours, 1)?, "heuristics"))
    };
    let (paths, singles) = (ratio(OURS, CHAINS)?, ratio(OURS_SINGLE, CHAINS_SINGLE)?);
    let (by_path, by_journey) = (heuristics(OURS, TABLES)?, heuristics(OURS_SINGLE, TABLES_SINGLE)?);
    let ours = measured.iter().zip(figures).filter(|(one, _)| one.name.starts_with("ours"));
    let peak = ours.map(|(_, figures)| figures.peak).fold(0.0, f64::max);
    let met = |met: bool| if met { "met" } else { "**not met**" };
    let mut text = format!(
        "`cargo xtask bench attribution` writes this section: {journeys} journeys over 12 channels, as counted paths and one \
         a line; medians of {runs} alternating runs. Ours reads the file and runs every heuristic, Shapley in \
         closed form and the exact Markov chain; ChannelAttribution reads it, runs its three heuristics and simulates its \
         chain; DuckDB reads it and computes first, last and linear touch. One a line, ours reads the hours of each touch \
         too and has one heuristic more. The credits are compared before.\n\n\
         | to reach | counted paths | one journey a line | |\n|---|---|---|---|\n\
         | all of ours {WANTED_RATIO} × faster than ChannelAttribution's chain alone | {paths:.1} × | {singles:.1} × | {} |\n\
         | our heuristics (ten, eleven) no slower than DuckDB's (three) | {by_path:.1} × | {by_journey:.1} × | {} |\n\
         | at most {:.0} MB | | {:.0} MB | {} |\n\n\
         | | cores | read s | heuristics s | Shapley s | Markov s | whole s | peak MB |\n|---|---|---|---|---|---|---|---|\n",
        met(paths.min(singles) >= WANTED_RATIO),
        met(by_path.min(by_journey) >= 1.0),
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
    use super::{
        CHAINS, CHAINS_SINGLE, Figures, Measured, OURS, OURS_SINGLE, TABLES, TABLES_SINGLE, distance, section,
    };

    #[test]
    fn credits_that_move_are_told_as_a_share() {
        let credits = |list: [(&str, f64); 2]| list.map(|(name, credit)| (name.to_owned(), credit)).into();
        assert_eq!(distance(&credits([("a", 3.0), ("b", 1.0)]), &credits([("a", 2.0), ("c", 2.0)])), 1.0);
    }

    #[test]
    fn what_is_not_reached_is_said() {
        let names = [OURS, CHAINS, TABLES, OURS_SINGLE, CHAINS_SINGLE, TABLES_SINGLE];
        let measured: Vec<Measured> = names.into_iter().map(|name| Measured::new(name, 1, ["x"])).collect();
        let figures = |seconds: f64, markov: f64, peak: f64| Figures {
            seconds,
            peak,
            said: [("markov".to_owned(), markov), ("heuristics".to_owned(), 0.5)].into(),
            ..Figures::default()
        };
        let peer = figures(4.0, 3.0, 9e9);
        let sql = figures(1.0, f64::NAN, 9e9);
        let all =
            [figures(1.0, 0.1, 1e6), peer.clone(), sql.clone(), figures(1.5, 0.1, 2e6), peer.clone(), sql.clone()];
        let text = section(5, 1, &measured, &all).unwrap();
        assert!(text.contains("| 3.0 × | 2.0 × | **not met** |") && text.contains("| 1.0 × | 1.0 × | met |"), "{text}");
        assert!(text.contains("| 2 MB | met |"), "{text}");
        assert!(text.contains("| DuckDB, paths | 1 | – | 0.500 | – | – | 1.000 | 9000 |"), "{text}");
    }
}
