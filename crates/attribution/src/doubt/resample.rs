//! Journeys drawn anew: as many as there were, each time any of them.

use crate::paths::{Outcome, Sample};
use crate::random::Random;
use crate::unable::Unable;

/// Journeys up to which each has a place in a table; more are looked up by their counts.
const TABLE: u64 = 5_000_000;
/// More would take minutes for each replicate.
const MOST: f64 = 1e9;

pub(super) struct Urn<'a> {
    sample: Sample<'a>,
    /// Conversions and nulls of each path in turn: where each ends in the row of all journeys.
    ends: Vec<u64>,
    /// The index in `ends` of each journey, where the row is short.
    table: Vec<u32>,
}

impl<'a> Urn<'a> {
    /// Errors: `BadParameter` for counts that are not whole, `TooMuch`.
    pub fn new(sample: Sample<'a>) -> Result<Urn<'a>, Unable> {
        let mut ends = Vec::new();
        let mut all = 0.0;
        for (_, outcome) in sample.iter() {
            for count in [outcome.conversions, outcome.nulls] {
                if count.fract() != 0.0 {
                    return Err(Unable::BadParameter("a count of journeys that are drawn anew", "a whole number"));
                }
                all += count;
                ends.push(all as u64);
            }
        }
        if all > MOST {
            return Err(Unable::TooMuch("journeys to draw", all));
        }
        let mut table = Vec::new();
        if all as u64 <= TABLE {
            for (index, end) in ends.iter().enumerate() {
                table.resize(*end as usize, index as u32);
            }
        }
        Ok(Urn { sample, ends, table })
    }

    /// Outcomes by path of as many journeys as there are, drawn one by one with replacement.
    pub fn draw(&self, random: &mut Random) -> Vec<Outcome> {
        let mut counts = vec![0_u32; self.ends.len()];
        let all = self.ends.last().copied().unwrap_or_default();
        for _ in 0..all {
            let drawn = random.below(all);
            let index = match self.table.get(drawn as usize) {
                Some(index) => *index as usize,
                None => self.ends.partition_point(|end| *end <= drawn),
            };
            counts[index] += 1;
        }
        let outcomes = self.sample.iter().zip(counts.chunks_exact(2)).map(|((_, outcome), counts)| {
            let (conversions, nulls) = (f64::from(counts[0]), f64::from(counts[1]));
            let each = if outcome.conversions == 0.0 { 0.0 } else { outcome.value / outcome.conversions };
            Outcome { conversions, nulls, value: conversions * each }
        });
        outcomes.collect()
    }
}
