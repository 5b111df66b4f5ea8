//! What journeys look like before any model: frequent paths, where journeys end, how many touches and days lead to a
//! conversion, and who follows whom at which place.
//!
//! Percentiles are by nearest rank: the smallest value that so many journeys do not exceed. Counts are of journeys,
//! so a path that stands for many counts as often.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::credit::Exact;
use crate::markov::State;
use crate::names::Channel;
use crate::paths::{Outcome, Sample};

const HOURS_A_DAY: f64 = 24.0;

/// One sequence of touches and what came of all journeys that took it.
#[derive(Debug, Clone, PartialEq)]
pub struct Sequence {
    pub touches: Vec<Channel>,
    pub outcome: Outcome,
}

/// The sequences of at least one touch, most journeys first, then by names; and how many there are.
pub fn sequences(sample: Sample<'_>, most: usize) -> (Vec<Sequence>, usize) {
    let mut counted: FxHashMap<&[Channel], Outcome> = FxHashMap::default();
    for (path, outcome) in sample.iter().filter(|(path, _)| !path.touches.is_empty()) {
        let sum = counted.entry(path.touches).or_default();
        sum.conversions += outcome.conversions;
        sum.nulls += outcome.nulls;
        sum.value += outcome.value;
    }
    let names = &sample.paths.names;
    let named = |touches: &[Channel]| -> Vec<&str> { touches.iter().map(|touch| names.name(*touch)).collect() };
    let mut all: Vec<(&[Channel], Outcome)> = counted.into_iter().collect();
    all.sort_by(|a, b| b.1.journeys().total_cmp(&a.1.journeys()).then_with(|| named(a.0).cmp(&named(b.0))));
    let found = all.len();
    let listed = all.into_iter().take(most);
    (listed.map(|(touches, outcome)| Sequence { touches: touches.to_vec(), outcome }).collect(), found)
}

/// What a channel has to do with journeys, whoever is credited.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Presence {
    /// Journeys that touched it at least once.
    pub journeys: f64,
    pub touches: f64,
    /// Journeys whose last touch it is, with what came of them.
    pub last: Outcome,
}

/// By channel.
pub fn presence(sample: Sample<'_>) -> Vec<Presence> {
    let mut all = vec![Presence::default(); sample.channels()];
    let mut seen_in = vec![usize::MAX; sample.channels()];
    for (index, (path, outcome)) in sample.iter().enumerate() {
        let journeys = outcome.journeys();
        for touch in path.touches {
            let place = *touch as usize;
            all[place].touches += journeys;
            if seen_in[place] != index {
                seen_in[place] = index;
                all[place].journeys += journeys;
            }
        }
        if let Some(last) = path.touches.last() {
            let last = &mut all[*last as usize].last;
            last.conversions += outcome.conversions;
            last.nulls += outcome.nulls;
            last.value += outcome.value;
        }
    }
    all
}

/// How a number is spread over journeys that converted.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Spread {
    /// Ascending, each with the conversions that it belongs to.
    pub values: Vec<(f64, f64)>,
    pub conversions: f64,
    pub mean: f64,
}

/// One bar: from (inclusive) to (exclusive; `None`: and everything above), and the conversions within.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    pub from: f64,
    pub to: Option<f64>,
    pub conversions: f64,
}

/// Touches of each converting journey.
pub fn touches_to_convert(sample: Sample<'_>) -> Spread {
    let touched = sample.iter().filter(|(path, _)| !path.touches.is_empty());
    Spread::of(touched.map(|(path, outcome)| (path.touches.len() as f64, outcome.conversions)))
}

/// Days from the first touch of each converting journey to its end; nothing where nobody knows times.
pub fn days_to_convert(sample: Sample<'_>) -> Option<Spread> {
    let first = |path: crate::paths::Path<'_>| path.hours.first().map(|hours| (hours / HOURS_A_DAY).max(0.0));
    let known = sample.iter().filter_map(|(path, outcome)| Some((first(path)?, outcome.conversions)));
    sample.paths.has_hours().then(|| Spread::of(known))
}

impl Spread {
    fn of(values: impl Iterator<Item = (f64, f64)>) -> Spread {
        let mut values: Vec<(f64, f64)> = values.filter(|(_, weight)| *weight > 0.0).collect();
        values.sort_by(|a, b| a.0.total_cmp(&b.0));
        values.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            kept.1 += if same { next.1 } else { 0.0 };
            same
        });
        let (mut all, mut sum) = (Exact::default(), Exact::default());
        for (value, weight) in &values {
            all.add(*weight);
            sum.add(value * weight);
        }
        let conversions = all.total();
        let mean = if conversions == 0.0 { 0.0 } else { sum.total() / conversions };
        Spread { values, conversions, mean }
    }

    /// The smallest value that `part` of the conversions do not exceed; `None` without any.
    pub fn percentile(&self, part: f64) -> Option<f64> {
        let wanted = part.clamp(0.0, 1.0) * self.conversions;
        let mut below = 0.0;
        let reached = self.values.iter().find(|(_, weight)| {
            below += weight;
            below >= wanted * (1.0 - 1e-12)
        });
        reached.or(self.values.last()).map(|(value, _)| *value)
    }

    /// About `wanted` bars of one width (a multiple of 1, 2 or 5; at least `finest`) from 0 to the 99th percentile, and
    /// one for what is above.
    pub fn bins(&self, wanted: usize, finest: f64) -> Vec<Bin> {
        let Some(top) = self.percentile(0.99) else { return Vec::new() };
        let width = round_up(top / wanted.max(1) as f64).max(finest);
        let count = (top / width).floor() as usize + 1;
        let mut bins: Vec<Bin> = (0..count)
            .map(|place| Bin { from: place as f64 * width, to: Some((place + 1) as f64 * width), conversions: 0.0 })
            .collect();
        let mut above = Bin { from: count as f64 * width, to: None, conversions: 0.0 };
        for (value, weight) in &self.values {
            let place = (value / width).floor() as usize;
            bins.get_mut(place).unwrap_or(&mut above).conversions += weight;
        }
        bins.extend((above.conversions > 0.0).then_some(above));
        bins
    }
}

fn round_up(size: f64) -> f64 {
    if size.is_nan() || size <= 0.0 {
        return 0.0;
    }
    let power = 10_f64.powf(size.log10().floor());
    let figure = size / power;
    power * [1.0, 2.0, 5.0].into_iter().find(|round| figure <= *round).unwrap_or(10.0)
}

/// Journeys that go from one state to another at a place of their path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// 0: from the first touch to the second, or to its end.
    pub place: usize,
    pub from: Channel,
    /// A channel, a conversion or null.
    pub to: State,
    pub journeys: f64,
}

/// The steps of the first `places` touches, by place, then from, then to.
pub fn steps(sample: Sample<'_>, places: usize) -> Vec<Step> {
    let mut counted: BTreeMap<(usize, Channel, State), f64> = BTreeMap::new();
    let mut count = |place: usize, from: Channel, to: State, journeys: f64| {
        if journeys > 0.0 {
            *counted.entry((place, from, to)).or_default() += journeys;
        }
    };
    for (path, outcome) in sample.iter() {
        for (place, from) in path.touches.iter().enumerate().take(places) {
            match path.touches.get(place + 1) {
                Some(next) => count(place, *from, State::Channel(*next), outcome.journeys()),
                None => {
                    count(place, *from, State::Conversion, outcome.conversions);
                    count(place, *from, State::Null, outcome.nulls);
                }
            }
        }
    }
    counted.into_iter().map(|((place, from, to), journeys)| Step { place, from, to, journeys }).collect()
}
