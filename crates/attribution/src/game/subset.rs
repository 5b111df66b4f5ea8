//! Game of subsets: v(S) = Σ conversions / Σ journeys over the journeys whose channels are all in S, 0 if there are none.
//! Exact up to 20 channels by summing over subsets (2^N · N steps); above, seeded permutations with an error bar.
//!
//! Source: Shapley 1953 over conversion rates; ATTRIBUTION.md §2 (b).

use super::permutations;
use super::sets::{SeenSet, seen_sets};
use super::{Rates, sets::weights};
use crate::credit::Exact;
use crate::paths::Sample;
use crate::runs::GoOn;
use crate::unable::Unable;

/// More would take seconds and gigabytes.
const MOST_EXACT: usize = 20;

pub fn run(sample: Sample<'_>, go_on: GoOn<'_>) -> Result<Rates, Unable> {
    let sets = seen_sets(sample)?;
    if sample.channels() > MOST_EXACT {
        return permutations::sample(&sets, sample.channels(), go_on);
    }
    Ok(Rates::exact(exact(&sets, sample.channels())))
}

fn exact(sets: &[SeenSet], players: usize) -> Vec<f64> {
    let worth = worths(sets, players);
    let coefficients: Vec<(f64, f64)> =
        (0..=players).map(|size| if size == 0 { (0.0, 0.0) } else { weights(size, players) }).collect();
    let mut values = vec![Exact::default(); players];
    for (mask, worth) in worth.iter().enumerate().skip(1).filter(|(_, worth)| **worth != 0.0) {
        let (within, without) = coefficients[mask.count_ones() as usize];
        for (player, value) in values.iter_mut().enumerate() {
            value.add(worth * if mask >> player & 1 == 1 { within } else { -without });
        }
    }
    values.into_iter().map(Exact::total).collect()
}

/// The rate of each of the 2^N sets.
fn worths(sets: &[SeenSet], players: usize) -> Vec<f64> {
    let mut sums = vec![(0.0, 0.0); 1 << players];
    for set in sets {
        sums[set.mask as usize] = (set.conversions, set.journeys);
    }
    for player in 0..players {
        for mask in 0..sums.len() {
            if mask >> player & 1 == 1 {
                let (conversions, journeys) = sums[mask ^ 1 << player];
                sums[mask].0 += conversions;
                sums[mask].1 += journeys;
            }
        }
    }
    sums.into_iter().map(|(conversions, journeys)| if journeys == 0.0 { 0.0 } else { conversions / journeys }).collect()
}
