//! Events of each shape from JSON to rows: the floor, ours and the peers, on one core and on two.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::data;
use super::engine::Reach;
use super::measure::{Figures, Measured, alternate};
use super::programs::{PARSERS, Programs};

pub struct Shape {
    pub name: &'static str,
    pub events: u64,
    pub users: u64,
    pub windows: bool,
}

pub const SHAPES: [Shape; 3] = [
    Shape { name: "offer", events: 1_000_000, users: 20_000, windows: true },
    Shape { name: "wide", events: 100_000, users: 2_000, windows: false },
    Shape { name: "deep", events: 200_000, users: 4_000, windows: false },
];
/// Blurr's local runner on the offer shape with 2,000 users, measured once (events a second).
const BLURR: (f64, f64) = (1_121.0, 3_685.0);

/// What one line of a table measures.
struct Line {
    measured: Measured,
    windows: bool,
    floor: bool,
}

/// Every shape's rows by ours and both peers, written and compared row by row.
pub fn same_rows(programs: &Programs) -> Result<()> {
    for shape in &SHAPES {
        let file = data::file(programs.project, shape.name, shape.events, shape.users)?;
        let folder = programs.project.target.join("bench/rows");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        let more = |by: &str| -> Vec<OsString> {
            let mut words: Vec<OsString> = vec!["--rows".into(), folder.join(by).into()];
            words.extend(shape.windows.then(|| "--windows".into()));
            words
        };
        programs.ours(&programs.documents(shape.name), &file, 2, &more("ours")).once(programs.project)?;
        for peer in ["duckdb", "polars"] {
            programs.peer(peer, shape.name, &file, 2, &more(peer)).once(programs.project)?;
            programs
                .compare(&folder.join("ours"), &folder.join(peer))
                .with_context(|| format!("{peer} gives other rows for the shape {}", shape.name))?;
        }
        fs::remove_dir_all(&folder)?;
    }
    Ok(())
}

pub fn measure(programs: &Programs, runs: usize) -> Result<(Vec<Reach>, String)> {
    let mut tables = String::from(
        "The floor reads the file and parses each record whole into a document, by the fastest crate of those \
         below, with the same threads. DuckDB and Polars do the same work hand-written (`benches/peers`), told the \
         columns and their types beforehand, from the file to tables in memory; their rows are compared with ours \
         one by one before anything is measured.\n",
    );
    let mut reaches = Vec::new();
    for shape in &SHAPES {
        let file = data::file(programs.project, shape.name, shape.events, shape.users)?;
        let lines = lines(programs, shape, &file);
        let measured: Vec<&Measured> = lines.iter().map(|line| &line.measured).collect();
        let figures = alternate(programs.project, runs, &measured)?;
        let found = Found { lines: &lines, figures: &figures, file: fs::metadata(&file)?.len() as f64 };
        tables += &found.table(shape);
        if shape.name == "offer" {
            reaches = found.reaches();
        }
    }
    Ok((reaches, tables))
}

fn lines(programs: &Programs, shape: &Shape, file: &Path) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut add = |measured: Measured, windows: bool, floor: bool| lines.push(Line { measured, windows, floor });
    let documents = programs.documents(shape.name);
    let cores: &[usize] = if shape.windows { &[1, 2] } else { &[1] };
    for cores in cores.iter().copied() {
        for parser in &PARSERS[..if cores == 1 { PARSERS.len() } else { 2 }] {
            add(programs.floor(parser, file, cores), false, true);
        }
        for windows in [false, true] {
            if windows && !shape.windows {
                continue;
            }
            let more: &[OsString] = if windows { &["--windows".into()] } else { &[] };
            add(programs.ours(&documents, file, cores, more), windows, false);
            for peer in ["duckdb", "polars"] {
                add(programs.peer(peer, shape.name, file, cores, more), windows, false);
            }
        }
    }
    if shape.windows {
        // The same documents as people get them, with a function in Rhai where the others have an expression.
        let template: PathBuf = programs.project.root.join("dtc-templates/offer-ai");
        add(programs.ours(&template, file, 1, &[]).named("ours, a function in Rhai"), false, false);
    }
    lines
}

struct Found<'f> {
    lines: &'f [Line],
    figures: &'f [Figures],
    /// Its size in bytes.
    file: f64,
}

impl Found<'_> {
    fn floor(&self, cores: usize) -> f64 {
        self.least(cores, |figures| figures.seconds)
    }

    /// Of all parsers.
    fn least(&self, cores: usize, of: impl Fn(&Figures) -> f64) -> f64 {
        let lines = self.lines.iter().zip(self.figures);
        let floors = lines.filter(|(line, _)| line.floor && line.measured.cores == cores);
        floors.map(|(_, figures)| of(figures)).fold(f64::INFINITY, f64::min)
    }

    fn of(&self, name: &str, cores: usize, windows: bool) -> Figures {
        let wanted =
            |line: &Line| line.measured.name == name && line.measured.cores == cores && line.windows == windows;
        let found = self.lines.iter().position(wanted).and_then(|at| self.figures.get(at));
        found.cloned().unwrap_or_default()
    }

    fn table(&self, shape: &Shape) -> String {
        let mut text = format!(
            "\n### The shape `{}`: {} events, {} users, {:.0} MB\n\n\
             | | to | cores | s | processor s | × the floor | events a second | memory, MB |\n\
             |---|---|---|---|---|---|---|---|\n",
            shape.name,
            grouped(shape.events as f64),
            grouped(shape.users as f64),
            self.file / 1e6
        );
        for (line, figures) in self.lines.iter().zip(self.figures) {
            let cores = line.measured.cores;
            text += &format!(
                "| {} | {} | {cores} | {:.3} | {:.3} | {:.2} | {} | {:.0} |\n",
                line.measured.name,
                if line.floor {
                    "documents"
                } else if line.windows {
                    "windows"
                } else {
                    "sessions"
                },
                figures.seconds,
                figures.processor,
                figures.seconds / self.floor(cores),
                grouped(shape.events as f64 / figures.seconds),
                figures.peak / 1e6
            );
        }
        if shape.windows {
            text += &format!(
                "| Blurr, by figure, 2,000 users | sessions | 1 | | | | {} to {} | |\n",
                grouped(BLURR.0),
                grouped(BLURR.1)
            );
        }
        text
    }

    fn reaches(&self) -> Vec<Reach> {
        let ours = |cores: usize| self.of("ours", cores, false);
        let share = ours(1).seconds / self.floor(1);
        let by_processor = ours(1).processor / self.least(1, |figures| figures.processor);
        let mut reaches = vec![Reach {
            what: "JSON to sessions on one core: at most 1.6 × the floor",
            measured: format!("{share:.2} × ({by_processor:.2} × by processor time)"),
            met: share <= 1.6,
        }];
        for (peer, what) in [
            ("DuckDB", "at least 2 × faster than DuckDB, on as many cores"),
            ("Polars", "at least 2 × faster than Polars, on as many cores"),
        ] {
            let ratio =
                |cores, windows| self.of(peer, cores, windows).seconds / self.of("ours", cores, windows).seconds;
            let [one, two, one_windows, two_windows] =
                [ratio(1, false), ratio(2, false), ratio(1, true), ratio(2, true)];
            reaches.push(Reach {
                what,
                measured: format!(
                    "to sessions {one:.2} × on one core, {two:.2} × on two; to windows {one_windows:.2} × and {two_windows:.2} ×"
                ),
                met: [one, two, one_windows, two_windows].into_iter().all(|ratio| ratio >= 2.0),
            });
        }
        let [gain, gain_windows] =
            [false, true].map(|windows| self.of("ours", 1, windows).seconds / self.of("ours", 2, windows).seconds);
        reaches.push(Reach {
            what: "two cores at least 1.8 × as fast as one",
            measured: format!(
                "to sessions {gain:.2} ×, to windows {gain_windows:.2} ×; reading alone, the floor, {:.2} ×",
                self.floor(1) / self.floor(2)
            ),
            met: gain >= 1.8,
        });
        let beyond = (self.of("ours", 2, true).peak.max(self.of("ours", 1, true).peak) - self.file) / 1e6;
        reaches.push(Reach {
            what: "memory at most the file and 200 MB",
            measured: format!("the file and {beyond:.0} MB, windows included"),
            met: beyond <= 200.0,
        });
        reaches
    }
}

/// `1,234,567`
pub fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_are_told_apart() {
        assert_eq!([7.0, 1234.4, 999_999.6].map(grouped), ["7", "1,234", "1,000,000"]);
    }
}
