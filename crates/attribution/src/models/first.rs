//! First touch: w_1 = 1. The whole credit goes to the touch that began the journey.
//!
//! Source: every peer; ATTRIBUTION.md §1.

pub fn weigh(weights: &mut [f64]) {
    weights.fill(0.0);
    if let Some(first) = weights.first_mut() {
        *first = 1.0;
    }
}
