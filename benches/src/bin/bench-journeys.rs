//! `bench-journeys --journeys N [--seed N] JOURNEYS.csv PATHS.csv`: makes journeys to measure with, one a line and counted.

use std::fs::File;
use std::io::{BufWriter, Write};

use anyhow::{Context, Result};
use benches::arguments::Arguments;
use benches::data::journeys;

fn main() -> Result<()> {
    let mut arguments = Arguments::from_env();
    let count: u64 = arguments.option("--journeys")?.context("--journeys is missing")?;
    let seed: u64 = arguments.option("--seed")?.unwrap_or(20_220_714);
    let (singles, paths) = (arguments.word("the file of journeys")?, arguments.word("the file of paths")?);
    arguments.done()?;
    let create = |path: &str| -> Result<BufWriter<File>> {
        Ok(BufWriter::with_capacity(1 << 20, File::create(path).with_context(|| format!("cannot write {path}"))?))
    };
    let (mut singles, mut paths) = (create(&singles)?, create(&paths)?);
    journeys::write(count, seed, &mut singles, &mut paths)?;
    singles.flush()?;
    Ok(paths.flush()?)
}
