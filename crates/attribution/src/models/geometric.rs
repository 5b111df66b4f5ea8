//! Decay by position: w_i = b^(n−i) / Σ, b = 1/2.
//!
//! Source: "time decay" of the package shapley-attribution, which knows no times; ATTRIBUTION.md §1.

const BASE: f64 = 0.5;

pub fn weigh(weights: &mut [f64]) {
    let (mut power, mut sum) = (1.0, 0.0);
    for weight in weights.iter_mut().rev() {
        *weight = power;
        sum += power;
        power *= BASE;
    }
    weights.iter_mut().for_each(|weight| *weight /= sum);
}
