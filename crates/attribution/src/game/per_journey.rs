//! Game per journey's set: for every set K of which journeys convert, the players are K's channels alone and v(S) is the
//! rate of exactly S; K's value is scaled so that it sums to K's conversions. The values are conversions.
//!
//! Source: `attribution_shapley` of MAM 1.x; ATTRIBUTION.md §2 (c).

use super::Rates;
use super::sets::{Mask, SeenSet, members, seen_sets, weights};
use crate::credit::Exact;
use crate::paths::Sample;
use crate::runs::GoOn;
use crate::unable::Unable;

/// Looks at subsets; some seconds.
const MOST_WORK: f64 = 1e9;

pub fn run(sample: Sample<'_>, go_on: GoOn<'_>) -> Result<Rates, Unable> {
    let sets = seen_sets(sample)?;
    let work: f64 = sets.iter().filter(|set| set.conversions > 0.0).map(|set| looks(set, sets.len())).sum();
    if work > MOST_WORK {
        return Err(Unable::TooMuch("looks at subsets", work));
    }
    let mut values = vec![Exact::default(); sample.channels()];
    for whole in sets.iter().filter(|set| set.conversions > 0.0) {
        if !go_on() {
            return Err(Unable::Stopped);
        }
        // Scaled to the conversions of `whole`: its rate times its journeys.
        let scale = whole.journeys;
        each_subset(whole.mask, &sets, |subset| {
            let (within, without) = weights(subset.size(), whole.size());
            for member in members(whole.mask) {
                let is_in = subset.mask >> member & 1 == 1;
                values[member].add(scale * subset.rate() * if is_in { within } else { -without });
            }
        });
    }
    Ok(Rates::exact(values.into_iter().map(Exact::total).collect()))
}

fn looks(whole: &SeenSet, sets: usize) -> f64 {
    f64::exp2(whole.size() as f64).min(sets as f64)
}

/// Every set that occurs and is contained in `whole`: by counting through subsets, or through sets if these are fewer.
fn each_subset(whole: Mask, sets: &[SeenSet], mut look: impl FnMut(&SeenSet)) {
    if f64::exp2(f64::from(whole.count_ones())) > sets.len() as f64 {
        sets.iter().filter(|set| set.mask & !whole == 0).for_each(look);
        return;
    }
    let mut subset = whole;
    while subset != 0 {
        if let Ok(place) = sets.binary_search_by_key(&subset, |set| set.mask) {
            look(&sets[place]);
        }
        subset = (subset - 1) & whole;
    }
}
