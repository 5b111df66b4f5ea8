//! Linear over channels: each of the m distinct channels of a journey gets 1/m, its first touch holds it.
//!
//! Source: mta's `share="same"`; ATTRIBUTION.md §1. Its sums are those of Shapley's closed form.

use crate::names::Channel;

pub fn weigh(touches: &[Channel], seen: &mut [u32], weights: &mut [f64]) {
    let mut distinct = 0_u32;
    for (touch, weight) in touches.iter().zip(weights.iter_mut()) {
        let count = &mut seen[*touch as usize];
        *weight = if *count == 0 { 1.0 } else { 0.0 };
        distinct += u32::from(*count == 0);
        *count += 1;
    }
    for (touch, weight) in touches.iter().zip(weights.iter_mut()) {
        seen[*touch as usize] = 0;
        *weight /= f64::from(distinct);
    }
}
