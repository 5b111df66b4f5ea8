//! `bench-floor CRATE FILE THREADS`: reads a file of JSON Lines and parses each record whole into a
//! document whose members can be asked for, and drops it: the time below which nothing that reads JSON gets.
//! Prints `records N` and `seconds S`.

mod lines;

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};

/// Parses every line of a block and gives their number.
type Parse = fn(&mut [u8], &mut simd_json::Buffers) -> Result<u64>;

fn main() -> Result<()> {
    let start = Instant::now();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, path, threads] = arguments.as_slice() else { bail!("bench-floor CRATE FILE THREADS") };
    let threads: u64 = threads.parse().context("the number of threads")?;
    let path = PathBuf::from(path);
    let parse: Parse = match name.as_str() {
        "sonic-rs" => sonic,
        "simd-json-tape" => simd_tape,
        "simd-json" => simd_borrowed,
        "serde_json" => serde,
        "lines" => count,
        _ => bail!("there is no `{name}` here"),
    };
    let records = std::thread::scope(|scope| -> Result<u64> {
        let path = path.as_path();
        let parts: Vec<_> = (0..threads).map(|part| scope.spawn(move || one(path, part, threads, parse))).collect();
        let counts = parts.into_iter().map(|part| part.join().map_err(|_| anyhow::anyhow!("a thread ended early"))?);
        counts.sum()
    })?;
    println!("records {records}\nseconds {:.6}", start.elapsed().as_secs_f64());
    Ok(())
}

fn one(path: &Path, part: u64, parts: u64, parse: Parse) -> Result<u64> {
    let mut buffers = simd_json::Buffers::default();
    let mut records = Ok(0);
    lines::blocks(path, part, parts, |block| {
        if let Ok(so_far) = records {
            records = parse(block, &mut buffers).map(|more| so_far + more);
        }
    })
    .with_context(|| format!("cannot read {}", path.display()))?;
    records
}

fn sonic(block: &mut [u8], _: &mut simd_json::Buffers) -> Result<u64> {
    let mut records = 0;
    for line in records_of(block) {
        black_box(sonic_rs::from_slice::<sonic_rs::Value>(line)?);
        records += 1;
    }
    Ok(records)
}

fn simd_tape(block: &mut [u8], buffers: &mut simd_json::Buffers) -> Result<u64> {
    let mut records = 0;
    for line in records_of(block) {
        black_box(simd_json::to_tape_with_buffers(line, buffers)?);
        records += 1;
    }
    Ok(records)
}

fn simd_borrowed(block: &mut [u8], buffers: &mut simd_json::Buffers) -> Result<u64> {
    let mut records = 0;
    for line in records_of(block) {
        black_box(simd_json::borrowed::to_value_with_buffers(line, buffers)?);
        records += 1;
    }
    Ok(records)
}

fn serde(block: &mut [u8], _: &mut simd_json::Buffers) -> Result<u64> {
    let mut records = 0;
    for line in records_of(block) {
        black_box(serde_json::from_slice::<serde_json::Value>(line)?);
        records += 1;
    }
    Ok(records)
}

/// No parsing: what reading and finding the lines costs.
fn count(block: &mut [u8], _: &mut simd_json::Buffers) -> Result<u64> {
    Ok(records_of(block).map(|line| u64::from(!black_box(line).is_empty())).sum())
}

fn records_of(block: &mut [u8]) -> impl Iterator<Item = &mut [u8]> {
    let mut rest = block;
    std::iter::from_fn(move || {
        while !rest.is_empty() {
            let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let (line, after) = std::mem::take(&mut rest).split_at_mut(end);
            rest = if after.is_empty() { after } else { &mut after[1..] };
            if !line.is_empty() {
                return Some(line);
            }
        }
        None
    })
}
