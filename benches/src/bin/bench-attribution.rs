//! `bench-attribution FILE [--journeys] [--threads N] [--credits FILE]`: what `dtc attribute` does with a table: reads it
//! and runs every heuristic, Shapley in closed form and the exact Markov chain of order 1. Prints `read S`,
//! `heuristics S`, `shapley S`, `markov S` and `seconds S`; `--credits` writes the conversions of four models.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Result, bail};
use attribution::table::{Shape, Table};
use attribution::{Model, Paths, Rule, run_all};
use benches::arguments::Arguments;
use dtc_io::delimited::{Gather, Record, gather};

fn main() -> Result<()> {
    let start = Instant::now();
    let mut arguments = Arguments::from_env();
    let threads: usize = arguments.option("--threads")?.unwrap_or(1);
    let credits: Option<PathBuf> = arguments.option("--credits")?;
    let shape = if arguments.flag("--journeys") { Shape::Journeys } else { Shape::Paths };
    let file = PathBuf::from(arguments.word("the file")?);
    arguments.done()?;
    let paths = read(shape, &file, threads)?;
    println!("read {:.6}", start.elapsed().as_secs_f64());
    let timed = paths.has_hours();
    let rules = Rule::usual().into_iter().filter(|rule| timed || !matches!(rule, Rule::HalfLife(_)));
    let parts: [(&str, Vec<Model>); 3] = [
        ("heuristics", rules.map(Model::Rule).collect()),
        ("shapley", vec![Model::Shapley]),
        ("markov", vec![Model::read("markov").map_err(|error| anyhow::anyhow!("{error:?}"))?]),
    ];
    for (name, models) in &parts {
        let begun = Instant::now();
        for (model, answer) in models.iter().zip(run_all(paths.sample(), models, threads)) {
            if let Err(unable) = answer {
                bail!("{}: {unable}", model.name());
            }
        }
        println!("{name} {:.6}", begun.elapsed().as_secs_f64());
    }
    println!("seconds {:.6}", start.elapsed().as_secs_f64());
    println!("paths {}\ntouches {}", paths.len(), paths.touches());
    if let Some(file) = credits {
        fs::write(file, table(&paths)?)?;
    }
    // Giving the memory back is nobody's work: the peers do not do it either.
    std::process::exit(0)
}

fn read(shape: Shape, file: &std::path::Path, threads: usize) -> Result<Paths> {
    match gather(file, threads, |header| Table::new(shape, header.cells()).map(Lines))? {
        Some(Lines(table)) => Ok(table.finish()),
        None => bail!("{} is empty", file.display()),
    }
}

/// As `dtc attribute` reads tables.
struct Lines(Table);

impl Gather for Lines {
    fn fresh(&self) -> Lines {
        Lines(self.0.fresh())
    }

    fn take(&mut self, record: &Record<'_>) -> Result<(), String> {
        self.0.take(record.len(), |column| record.cell(column))
    }

    fn append(&mut self, next: Lines) -> bool {
        self.0.append(&next.0)
    }
}

/// `channel,first,last,linear,markov` lines, to compare the peers' with.
fn table(paths: &Paths) -> Result<String> {
    let names = ["first", "last", "linear", "markov"];
    let mut columns = Vec::new();
    for name in names {
        let model = Model::read(name).map_err(|error| anyhow::anyhow!("{error:?}"))?;
        let Some(credit) = model.run(paths.sample())?.credit(0.0) else { bail!("{name} gives no credit") };
        columns.push(credit.conversions);
    }
    let mut text = format!("channel,{}\n", names.join(","));
    for channel in paths.names.sorted() {
        write!(text, "{}", paths.names.name(channel))?;
        for column in &columns {
            write!(text, ",{}", column[channel as usize])?;
        }
        text.push('\n');
    }
    Ok(text)
}
