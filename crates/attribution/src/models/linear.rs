//! Linear: w_i = 1/n. Each touch gets the same, so a channel that is touched twice gets twice as much.
//!
//! Source: every peer; ATTRIBUTION.md §1. Per channel instead of per touch: `linear_unique`.

pub fn weigh(weights: &mut [f64]) {
    let share = 1.0 / weights.len() as f64;
    weights.fill(share);
}
