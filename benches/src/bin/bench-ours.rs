//! `bench-ours FOLDER FILE [--threads N] [--windows] [--rows FOLDER]`: what `dtc transform` does with the
//! documents of a folder and a file, from its first byte to the rows in memory. Prints `events N`, the number
//! of rows of each table, `read S` and `seconds S`, and what of them the main thread ran (`read_cpu S`,
//! `main_cpu S`). `--rows` writes the tables too, outside the time.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Result, bail};
use benches::arguments::Arguments;
use benches::project::{Documents, events};
use dtc_engine::{Cancel, Silent};
use dtc_io::{Format, write_tables};

fn main() -> Result<()> {
    let start = Instant::now();
    let mut arguments = Arguments::from_env();
    let threads: usize = arguments.option("--threads")?.unwrap_or(1);
    let rows: Option<PathBuf> = arguments.option("--rows")?;
    let windows = arguments.flag("--windows");
    let folder = PathBuf::from(arguments.word("the documents' folder")?);
    let file = PathBuf::from(arguments.word("the file")?);
    arguments.done()?;
    let plan = Documents::of(&folder, windows)?.plan()?;
    let events = events(&plan, &file, threads)?;
    println!("read {:.6}", start.elapsed().as_secs_f64());
    println!("read_cpu {:.6}", cpu());
    let output = match dtc_engine::run(&plan, &events, threads, &Cancel::default(), &Silent) {
        Ok(output) => output,
        Err(stopped) => bail!("the run stopped: {stopped:?}"),
    };
    println!("seconds {:.6}", start.elapsed().as_secs_f64());
    println!("main_cpu {:.6}", cpu());
    if let Some(fault) = output.faults.first() {
        bail!("{} failed: {}", fault.place.name, fault.cause);
    }
    let records: usize = output.identities.iter().map(|identity| identity.records.len()).sum();
    let windows: usize = output.identities.iter().map(|identity| identity.rows.len()).sum();
    println!("events {}\nrecords {records}\nrows {windows}", output.events);
    if let Some(rows) = rows {
        let tables = output.tables(&plan);
        write_tables(&rows, tables.iter().map(|(_, table)| table), Format::JsonLines)?;
    }
    // Giving the memory back is nobody's work: the peers do not do it either.
    std::process::exit(0)
}

/// Seconds that the main thread has run: with one thread, what the machine's other work does not lengthen.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = stat.split(' ').next().and_then(|first| first.parse::<f64>().ok());
    nanos.unwrap_or(f64::NAN) / 1e9
}
