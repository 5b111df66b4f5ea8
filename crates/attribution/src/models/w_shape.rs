//! W: .3 to the first touch, .3 to the milestone (the first touch of a named channel, such as a demo), .3 to the last,
//! .1 over the others. Shares of places that coincide are added; without others, or without a milestone, the rest
//! is scaled to 1.
//!
//! Source: W-shaped attribution of B2B marketing (Bizible); ATTRIBUTION.md §1.

use crate::names::Channel;

const PLACE: f64 = 0.3;
const OTHERS: f64 = 0.1;

pub fn weigh(touches: &[Channel], milestone: Option<Channel>, weights: &mut [f64]) {
    weights.fill(0.0);
    let Some(last) = weights.len().checked_sub(1) else { return };
    let middle = touches.iter().position(|touch| Some(*touch) == milestone);
    let places = [Some(0), middle, Some(last)];
    for place in places.into_iter().flatten() {
        weights[place] += PLACE;
    }
    let others = weights.iter().filter(|weight| **weight == 0.0).count();
    let share = OTHERS / others.max(1) as f64;
    let mut sum = 0.0;
    for weight in weights.iter_mut() {
        *weight = if *weight == 0.0 { share } else { *weight };
        sum += *weight;
    }
    weights.iter_mut().for_each(|weight| *weight /= sum);
}
