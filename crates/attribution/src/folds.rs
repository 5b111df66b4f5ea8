//! Parts of a sample: each journey goes to one of some parts, by seeded chance.

use crate::paths::{Outcome, Sample};
use crate::random::Random;

/// A path's journeys above this count are dealt out evenly instead of one by one.
const ONE_BY_ONE: f64 = 1e7;

/// The outcomes of `parts` disjoint parts, each with one outcome a path. A path's value follows its conversions.
pub fn deal(sample: Sample<'_>, parts: usize, seed: u64) -> Vec<Vec<Outcome>> {
    let mut dealt = vec![Vec::new(); parts];
    let mut random = Random::new(seed);
    for (_, outcome) in sample.iter() {
        let conversions = deal_count(outcome.conversions, parts, &mut random);
        let nulls = deal_count(outcome.nulls, parts, &mut random);
        for (part, outcomes) in dealt.iter_mut().enumerate() {
            let share = if outcome.conversions == 0.0 { 0.0 } else { conversions[part] / outcome.conversions };
            outcomes.push(Outcome { conversions: conversions[part], nulls: nulls[part], value: outcome.value * share });
        }
    }
    dealt
}

fn deal_count(count: f64, parts: usize, random: &mut Random) -> Vec<f64> {
    let mut dealt = vec![0.0; parts];
    let mut left = count;
    if count > ONE_BY_ONE {
        let each = (count / parts as f64).floor();
        dealt.fill(each);
        left -= each * parts as f64;
    }
    while left > 0.0 {
        dealt[random.below(parts as u64) as usize] += left.min(1.0);
        left -= left.min(1.0);
    }
    dealt
}
