//! Credit per channel, summed so that nothing is lost on the way.

use crate::names::Channel;

/// What each channel is credited with, by channel number.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Credit {
    pub conversions: Vec<f64>,
    pub value: Vec<f64>,
}

impl Credit {
    pub fn nothing(channels: usize) -> Credit {
        Credit { conversions: vec![0.0; channels], value: vec![0.0; channels] }
    }

    /// `total` shared out in the proportion of `weights`; nothing if they sum to 0.
    pub fn in_proportion(weights: &[f64], total: f64) -> Vec<f64> {
        let sum: f64 = sum(weights);
        let share = |weight: &f64| if sum == 0.0 { 0.0 } else { total * (weight / sum) };
        weights.iter().map(share).collect()
    }
}

/// A sum that keeps the digits that a plain one drops (Neumaier 1974).
#[derive(Debug, Clone, Copy, Default)]
pub struct Exact {
    sum: f64,
    lost: f64,
}

impl Exact {
    #[inline]
    pub fn add(&mut self, term: f64) {
        let sum = self.sum + term;
        self.lost += if self.sum.abs() >= term.abs() { (self.sum - sum) + term } else { (term - sum) + self.sum };
        self.sum = sum;
    }

    pub fn total(self) -> f64 {
        self.sum + self.lost
    }
}

pub fn sum(terms: &[f64]) -> f64 {
    let mut exact = Exact::default();
    for term in terms {
        exact.add(*term);
    }
    exact.total()
}

/// Collects credit touch by touch.
#[derive(Debug, Clone)]
pub struct Ledger {
    conversions: Vec<Exact>,
    value: Vec<Exact>,
}

impl Ledger {
    pub fn new(channels: usize) -> Ledger {
        Ledger { conversions: vec![Exact::default(); channels], value: vec![Exact::default(); channels] }
    }

    #[inline]
    pub fn give(&mut self, channel: Channel, conversions: f64, value: f64) {
        self.conversions[channel as usize].add(conversions);
        self.value[channel as usize].add(value);
    }

    pub fn close(self) -> Credit {
        let totals = |sums: Vec<Exact>| sums.into_iter().map(Exact::total).collect();
        Credit { conversions: totals(self.conversions), value: totals(self.value) }
    }
}
