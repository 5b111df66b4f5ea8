//! Shapley's value of the game of subsets from random orders of the channels, for more channels than can be summed over.
//!
//! Each order is used forwards and backwards, which halves the noise; the seed is fixed, so the same journeys give the
//! same numbers. Source: Castro, Gómez, Tejada 2009 (sampling), Mitchell et al. 2022 (antithetic pairs).

use super::Rates;
use super::sets::{SeenSet, members};
use crate::random::Random;
use crate::runs::GoOn;
use crate::unable::Unable;

const PAIRS: usize = 1000;
const SEED: u64 = 0x5ba9_1e70;

/// Errors: `Stopped`.
pub(super) fn sample(sets: &[SeenSet], players: usize, go_on: GoOn<'_>) -> Result<Rates, Unable> {
    let mut random = Random::new(SEED);
    let mut order: Vec<usize> = (0..players).collect();
    let (mut sums, mut squares) = (vec![0.0; players], vec![0.0; players]);
    let mut pair = vec![0.0; players];
    for _ in 0..PAIRS {
        if !go_on() {
            return Err(Unable::Stopped);
        }
        random.shuffle(&mut order);
        pair.fill(0.0);
        add_marginals(sets, &order, &mut pair);
        order.reverse();
        add_marginals(sets, &order, &mut pair);
        for player in 0..players {
            let value = pair[player] / 2.0;
            sums[player] += value;
            squares[player] += value * value;
        }
    }
    let pairs = PAIRS as f64;
    let values: Vec<f64> = sums.iter().map(|sum| sum / pairs).collect();
    let error = values.iter().zip(&squares).map(|(mean, square)| {
        let variance = (square / pairs - mean * mean).max(0.0) * pairs / (pairs - 1.0);
        (variance / pairs).sqrt()
    });
    Ok(Rates { error: Some(error.collect()), values })
}

/// What each channel adds when it joins in this order. A set counts from when its last member has joined.
fn add_marginals(sets: &[SeenSet], order: &[usize], marginals: &mut [f64]) {
    let mut rank = vec![0; order.len()];
    for (place, player) in order.iter().enumerate() {
        rank[*player] = place;
    }
    let mut joined = vec![(0.0, 0.0); order.len()];
    for set in sets {
        let last = members(set.mask).map(|member| rank[member]).max().unwrap_or_default();
        joined[last].0 += set.conversions;
        joined[last].1 += set.journeys;
    }
    let (mut conversions, mut journeys, mut before) = (0.0, 0.0, 0.0);
    for (player, (more_conversions, more_journeys)) in order.iter().zip(joined) {
        conversions += more_conversions;
        journeys += more_journeys;
        let worth = if journeys == 0.0 { 0.0 } else { conversions / journeys };
        marginals[*player] += worth - before;
        before = worth;
    }
}
