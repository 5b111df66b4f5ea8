//! A run over more events than memory should hold: what was read goes aside by partition, each partition is
//! run by itself, and what they give is merged in order of first appearance, so that it is what a run in
//! memory gives. Refuses to know where aside is.

mod bytes;
mod entries;
mod held;
mod ids;
mod merge;
mod ran;
mod run;
mod segment;
mod spilled;
mod streams;
mod tables;

use std::io;

pub use held::Held;
pub use ran::Ran;
pub use run::{Halted, run_spilled};
pub use spilled::Spilled;
pub use tables::{RanTable, TableParts};

/// Where bytes are kept until the end of a run.
pub trait Aside: Sync {
    /// Keeps bytes, and says where.
    fn put(&self, bytes: &[u8]) -> io::Result<Spot>;
    /// What was kept.
    fn get(&self, spot: Spot) -> io::Result<Vec<u8>>;
}

/// Where bytes are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spot {
    pub offset: u64,
    pub length: u64,
}

/// What a run over spilled events gives in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Lines as Blurr prints them.
    Lines,
    Tables,
}

/// When an identity came first: batch, then place in it. No two have the same.
type Key = u64;

/// Gives the key of an arrival.
fn key(batch: u32, arrival: u32) -> Key {
    u64::from(batch) << 32 | u64::from(arrival)
}

/// What was put aside is not what comes back.
fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "temporary data is not what was written; run again")
}
