//! Statistics by bins of time: a curve is read off them, bins of several logs merge, and no row is looked at again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Estimator, Interval, Row, Statistics, normal_interval};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bins {
    width: i64,
    estimators: usize,
    bins: BTreeMap<i64, Statistics>,
}

/// One estimator's value over some bins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BinPoint {
    /// Where the last bin ends, and where the first one begins.
    pub end: i64,
    pub start: i64,
    pub rows: u64,
    /// Rows of equal weight that would tell as much.
    pub effective: f64,
    /// `None` where no row has a weight.
    pub value: Option<f64>,
    pub interval: Option<Interval>,
}

impl Bins {
    /// Bins as wide as `width` (at least 1), for so many estimators.
    pub fn new(width: i64, estimators: usize) -> Bins {
        Bins { width: width.max(1), estimators, bins: BTreeMap::new() }
    }

    pub fn add(&mut self, at: i64, row: &Row, estimators: &[&Estimator]) {
        let bin = self.bins.entry(at.div_euclid(self.width)).or_insert_with(|| Statistics::new(self.estimators));
        bin.add(row, estimators);
    }

    /// Of the same width and the same estimators.
    pub fn merge(&mut self, other: &Bins) {
        for (at, theirs) in &other.bins {
            self.bins.entry(*at).or_insert_with(|| Statistics::new(self.estimators)).merge(theirs);
        }
    }

    /// As if every row stood for `factor` times as many decisions.
    pub fn scale(&mut self, factor: f64) {
        self.bins.values_mut().for_each(|bin| bin.scale(factor));
    }

    /// Keeps nothing of an estimator that cannot answer: its terms may be no numbers.
    pub(super) fn forget(&mut self, estimator: usize) {
        for bin in self.bins.values_mut() {
            if let Some(moments) = bin.moments.get_mut(estimator) {
                *moments = super::Moments::default();
            }
        }
    }

    /// The same rows in bins so many times as wide.
    pub fn widened(&self, times: i64) -> Bins {
        let times = times.max(1);
        let mut wide = Bins::new(self.width.saturating_mul(times), self.estimators);
        for (at, bin) in &self.bins {
            let place = at.div_euclid(times);
            wide.bins.entry(place).or_insert_with(|| Statistics::new(self.estimators)).merge(bin);
        }
        wide
    }

    pub fn width(&self) -> i64 {
        self.width
    }

    /// Where the first bin begins and the last one ends; `None` without bins.
    pub fn extent(&self) -> Option<(i64, i64)> {
        let (first, last) = (self.bins.keys().next()?, self.bins.keys().next_back()?);
        Some((first.saturating_mul(self.width), last.saturating_add(1).saturating_mul(self.width)))
    }

    /// Whether it can be of so many estimators: what was read may be anything.
    pub(super) fn suits(&self, estimators: usize) -> bool {
        let sound = |bin: &Statistics| bin.moments.len() == estimators && bin.weights.count > 0;
        self.width > 0 && self.estimators == estimators && self.bins.values().all(sound)
    }

    pub fn len(&self) -> usize {
        self.bins.len()
    }

    pub fn is_empty(&self) -> bool {
        self.bins.is_empty()
    }

    /// All bins as one.
    pub fn total(&self) -> Statistics {
        let mut total = Statistics::new(self.estimators);
        self.bins.values().for_each(|bin| total.merge(bin));
        total
    }

    /// From the first bin up to each.
    pub fn cumulative(&self, estimator: usize, miss: f64) -> Vec<BinPoint> {
        let mut sums = Statistics::new(self.estimators);
        let first = self.bins.keys().next().copied().unwrap_or_default();
        let point = |(at, bin): (&i64, &Statistics)| {
            sums.merge(bin);
            self.point((first, *at), &sums, estimator, miss)
        };
        self.bins.iter().map(point).collect()
    }

    /// Over the last `count` bins up to each, empty ones included.
    pub fn windowed(&self, estimator: usize, count: i64, miss: f64) -> Vec<BinPoint> {
        let point = |at: &i64| {
            let first = at.saturating_sub(count.max(1) - 1);
            let mut sums = Statistics::new(self.estimators);
            self.bins.range(first..=*at).for_each(|(_, bin)| sums.merge(bin));
            self.point((first, *at), &sums, estimator, miss)
        };
        self.bins.keys().map(point).collect()
    }

    fn point(&self, (first, last): (i64, i64), sums: &Statistics, estimator: usize, miss: f64) -> BinPoint {
        let moments = sums.moments.get(estimator);
        BinPoint {
            start: first.saturating_mul(self.width),
            end: last.saturating_add(1).saturating_mul(self.width),
            rows: sums.weights.count,
            effective: sums.weights.effective_size(),
            value: moments.and_then(super::Moments::value),
            interval: moments.and_then(|moments| normal_interval(moments, miss)),
        }
    }
}
