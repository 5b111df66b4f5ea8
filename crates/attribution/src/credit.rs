//! Sums a model's shares over paths to credit per channel.
//!
//! Invariant: the credit of all channels is the conversions (and value) of all paths with a touch.

use crate::models::Model;

/// A sequence of channels and what came of it: one journey, or many with the same sequence.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    pub channels: Vec<u32>,
    pub conversions: f64,
    pub value: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Credit {
    pub conversions: f64,
    pub value: f64,
}

/// Credit of each of `channels` channels, by index. Touches of channels beyond that are left out.
pub fn credit(model: Model, paths: &[Path], channels: usize) -> Vec<Credit> {
    let mut credits = vec![Credit::default(); channels];
    for path in paths {
        if path.conversions == 0.0 && path.value == 0.0 {
            continue;
        }
        model.shares(path.channels.len(), |position, share| {
            let channel = path.channels.get(position).and_then(|channel| credits.get_mut(*channel as usize));
            if let Some(credit) = channel {
                credit.conversions += share * path.conversions;
                credit.value += share * path.value;
            }
        });
    }
    credits
}
