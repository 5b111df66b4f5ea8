//! How far the credits can be trusted: what they would be had other journeys of the same kind come.
//!
//! `bootstrap` draws journeys anew for intervals and ranks, `halves` compares disjoint halves, `correlation` models with
//! each other, `compare` two runs. Everything is seeded: the same journeys give the same doubts on every machine.

pub mod bootstrap;
pub mod compare;
pub mod correlation;
pub mod halves;
mod resample;

pub use bootstrap::{Interval, Ranks, Stability, bootstrap, bootstrap_while};
pub use compare::{Compared, Run, Share, compare};
pub use correlation::{pearson, spearman};
pub use halves::{Halves, split_halves, split_halves_while};

/// What the numbers of a doubt rest on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Times that journeys are drawn anew.
    pub replicates: u32,
    /// Times that journeys are split into halves.
    pub splits: u32,
    pub seed: u64,
    /// Share of replicates within an interval.
    pub level: f64,
    /// 0: one a core.
    pub threads: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options { replicates: 200, splits: 10, seed: 1, level: 0.95, threads: 0 }
    }
}
