//! Shapley's classic value over conversion rates: three games that answer different questions, each under its name.
//!
//! `exact_set`, `subset` and `per_journey` differ in what a set of channels is worth; ATTRIBUTION.md §2 tells them
//! apart. All need journeys that did not convert.

pub mod exact_set;
pub mod per_journey;
mod permutations;
mod sets;
pub mod subset;

use crate::credit::Credit;

pub use sets::MOST_CHANNELS;

/// Values of a game by channel; negative ones are right: a channel may lower a rate.
#[derive(Debug, Clone, PartialEq)]
pub struct Rates {
    pub values: Vec<f64>,
    /// Standard error by channel where the value was sampled; `None` where it is exact.
    pub error: Option<Vec<f64>>,
}

impl Rates {
    fn exact(values: Vec<f64>) -> Rates {
        Rates { values, error: None }
    }

    /// The conversions in proportion to the values, if these sum to something positive.
    pub fn credit(&self, conversions: f64) -> Option<Credit> {
        let positive = crate::credit::sum(&self.values) > 0.0;
        positive.then(|| Credit { conversions: Credit::in_proportion(&self.values, conversions), value: Vec::new() })
    }
}
