//! Linear ramp: w_i = i / (n(n+1)/2). Later touches get more, by equal steps.
//!
//! Source: "position decay" of MAM; ATTRIBUTION.md §1.

pub fn weigh(weights: &mut [f64]) {
    let touches = weights.len() as f64;
    let sum = touches * (touches + 1.0) / 2.0;
    for (place, weight) in weights.iter_mut().enumerate() {
        *weight = (place + 1) as f64 / sum;
    }
}
