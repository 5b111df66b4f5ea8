//! Shapley, simplified: φ_c = Σ over sets S with c of R(S)/|S|, R(S) the conversions of journeys whose channels are
//! exactly S. Nothing of size 2^N: R is the Harsanyi dividend of v(S) = Σ over T ⊆ S of R(T), and Shapley's value
//! shares each dividend evenly.
//!
//! Source: Zhao, Mahboobi, Bagheri, "Shapley Value Methods for Attribution Modeling in Online Advertising"
//! (arXiv 1804.05327); Harsanyi 1963; ATTRIBUTION.md §2.

use super::linear_unique;
use crate::credit::{Credit, Ledger};
use crate::paths::Sample;

pub fn run(sample: Sample<'_>) -> Credit {
    let mut ledger = Ledger::new(sample.channels());
    let mut seen = vec![0; sample.channels()];
    let mut weights = Vec::new();
    for (path, outcome) in sample.iter().filter(|(path, outcome)| outcome.pays() && !path.touches.is_empty()) {
        weights.resize(path.touches.len(), 0.0);
        linear_unique::weigh(path.touches, &mut seen, &mut weights);
        for (touch, weight) in path.touches.iter().zip(&weights).filter(|(_, weight)| **weight != 0.0) {
            ledger.give(*touch, weight * outcome.conversions, weight * outcome.value);
        }
    }
    ledger.close()
}
