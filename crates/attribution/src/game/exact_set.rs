//! Game of exact sets: v(S) = conversion rate of the journeys whose channels are exactly S, 0 for sets that never
//! occur. Over all channels; exact for any number of them, since only sets that occur have a worth:
//! φ_c = Σ over T with c of a_T v(T) − Σ over T without c of b_T v(T), with Shapley's weights a and b.
//!
//! Source: the classic method of the package shapley-attribution and of MAM; ATTRIBUTION.md §2 (a).

use super::Rates;
use super::sets::{members, seen_sets, weights};
use crate::credit::Exact;
use crate::paths::Sample;
use crate::unable::Unable;

pub fn run(sample: Sample<'_>) -> Result<Rates, Unable> {
    let sets = seen_sets(sample)?;
    let players = sample.channels();
    // Everybody pays for each set, and its members get that back: only members are looked at.
    let mut paid = Exact::default();
    let mut values = vec![Exact::default(); players];
    for set in &sets {
        let (within, without) = weights(set.size(), players);
        paid.add(-without * set.rate());
        for member in members(set.mask) {
            values[member].add(within * set.rate());
            values[member].add(without * set.rate());
        }
    }
    Ok(Rates::exact(
        values
            .into_iter()
            .map(|mut value| {
                value.add(paid.total());
                value.total()
            })
            .collect(),
    ))
}
