//! Last touch: w_n = 1. The whole credit goes to the touch right before the conversion.
//!
//! Source: every peer; ATTRIBUTION.md §1.

pub fn weigh(weights: &mut [f64]) {
    weights.fill(0.0);
    if let Some(last) = weights.last_mut() {
        *last = 1.0;
    }
}
