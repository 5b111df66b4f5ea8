//! Journeys by the set of their channels.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use crate::paths::Sample;
use crate::unable::Unable;

/// One bit a channel.
pub(super) type Mask = u128;

/// Above this sets do not fit into a mask.
pub const MOST_CHANNELS: usize = 128;

/// What came of all journeys whose channels are exactly this set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct SeenSet {
    pub mask: Mask,
    pub conversions: f64,
    pub journeys: f64,
}

impl SeenSet {
    pub fn rate(&self) -> f64 {
        self.conversions / self.journeys
    }

    pub fn size(&self) -> usize {
        self.mask.count_ones() as usize
    }
}

/// The sets that occur, by mask. Errors: `TooManyChannels`, `NoConversions`.
pub(super) fn seen_sets(sample: Sample<'_>) -> Result<Vec<SeenSet>, Unable> {
    if sample.channels() > MOST_CHANNELS {
        return Err(Unable::TooManyChannels(sample.channels(), MOST_CHANNELS));
    }
    let mut places: FxHashMap<Mask, usize> = FxHashMap::default();
    let mut sets: Vec<SeenSet> = Vec::new();
    for (path, outcome) in sample.iter().filter(|(path, outcome)| !path.touches.is_empty() && outcome.journeys() > 0.0)
    {
        let mask = path.touches.iter().fold(0, |mask, touch| mask | 1 << touch);
        let place = match places.entry(mask) {
            Entry::Occupied(place) => *place.get(),
            Entry::Vacant(free) => {
                sets.push(SeenSet { mask, conversions: 0.0, journeys: 0.0 });
                *free.insert(sets.len() - 1)
            }
        };
        sets[place].conversions += outcome.conversions;
        sets[place].journeys += outcome.journeys();
    }
    if sets.iter().all(|set| set.conversions == 0.0) {
        return Err(Unable::NoConversions);
    }
    sets.sort_by_key(|set| set.mask);
    Ok(sets)
}

/// The channels of a set.
pub(super) fn members(mut mask: Mask) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let member = (mask != 0).then(|| mask.trailing_zeros() as usize)?;
        mask &= mask - 1;
        Some(member)
    })
}

/// Shapley's weights of one set T of `size` among `players`: what T's worth adds to each member, and takes from each
/// that is not in it. `(size−1)!(players−size)!/players!` and `size!(players−size−1)!/players!`.
pub(super) fn weights(size: usize, players: usize) -> (f64, f64) {
    let mut choose = 1.0;
    for step in 0..size - 1 {
        choose *= (players - 1 - step) as f64 / (step + 1) as f64;
    }
    let within = 1.0 / (players as f64 * choose);
    let without = if size == players { 0.0 } else { within * size as f64 / (players - size) as f64 };
    (within, without)
}
