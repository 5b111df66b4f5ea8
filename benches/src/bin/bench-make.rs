//! `bench-make SHAPE --events N --users N [--seed N] FILE`: makes data to measure with.

use std::fs::File;
use std::io::{BufWriter, Write};

use anyhow::{Context, Result};
use benches::arguments::Arguments;
use benches::data::{self, Shape};

fn main() -> Result<()> {
    let mut arguments = Arguments::from_env();
    let events: u64 = arguments.option("--events")?.context("--events is missing")?;
    let users: u64 = arguments.option("--users")?.context("--users is missing")?;
    let seed: u64 = arguments.option("--seed")?.unwrap_or(20_180_313);
    let shape = arguments.word("the shape")?;
    let shape: Shape = shape.parse().map_err(|()| anyhow::anyhow!("there is no shape `{shape}`"))?;
    let path = arguments.word("the file")?;
    arguments.done()?;
    let file = File::create(&path).with_context(|| format!("cannot write {path}"))?;
    let mut out = BufWriter::with_capacity(1 << 20, file);
    data::write(shape, events, users, seed, &mut out)?;
    out.flush().with_context(|| format!("cannot write {path}"))
}
