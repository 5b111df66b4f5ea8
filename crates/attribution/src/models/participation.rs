//! Participation: each channel of a journey gets the whole conversion. The sums are above the conversions by design:
//! they say how many conversions a channel had a part in.
//!
//! Source: Adobe Analytics, Mixpanel; ATTRIBUTION.md §1.

use crate::names::Channel;

pub fn weigh(touches: &[Channel], seen: &mut [u32], weights: &mut [f64]) {
    for (touch, weight) in touches.iter().zip(weights.iter_mut()) {
        *weight = if seen[*touch as usize] == 0 { 1.0 } else { 0.0 };
        seen[*touch as usize] += 1;
    }
    touches.iter().for_each(|touch| seen[*touch as usize] = 0);
}
