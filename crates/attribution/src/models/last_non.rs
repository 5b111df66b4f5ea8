//! Last touch that is not of channel X: w_i = 1 for the last i with c_i ≠ X; a journey of nothing but X pays its last
//! touch.
//!
//! Source: "last non-direct click" of Google Analytics and MAM; ATTRIBUTION.md §1.

use crate::names::Channel;

/// `skipped`: X; `None` when no journey has it.
pub fn weigh(touches: &[Channel], skipped: Option<Channel>, weights: &mut [f64]) {
    weights.fill(0.0);
    let other = touches.iter().rposition(|touch| Some(*touch) != skipped);
    if let Some(paid) = other.or(touches.len().checked_sub(1)) {
        weights[paid] = 1.0;
    }
}
