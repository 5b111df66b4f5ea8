//! W: .3 to the first touch, .3 to the milestone (the touch that led to it, or the first of a named channel,
//! such as a demo), .3 to the last, .1 over the others. Shares of places that coincide are added; without others, or without a milestone, the rest
//! is scaled to 1.
//!
//! Source: W-shaped attribution of B2B marketing (Bizible); ATTRIBUTION.md §1.

const PLACE: f64 = 0.3;
const OTHERS: f64 = 0.1;

/// `milestone` is the place of its touch.
pub fn weigh(milestone: Option<usize>, weights: &mut [f64]) {
    weights.fill(0.0);
    let Some(last) = weights.len().checked_sub(1) else { return };
    let places = [Some(0), milestone.filter(|place| *place <= last), Some(last)];
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
