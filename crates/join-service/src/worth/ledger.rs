//! Sums by bins of time, policy by policy: what a curve is read off. Bins widen when there are too many, and merge.

use std::collections::BTreeMap;

use bandit::evaluate::{Calibration, Estimator, Row, Statistics, of_name};

use super::Said;
use crate::record::Place;
use crate::tail::Cursor;

/// The estimators of each policy, whose terms need no model of the reward.
pub const ESTIMATORS: [&str; 2] = ["ipw", "snipw"];
/// Bins beyond which they are widened.
const MOST_BINS: usize = 240;
/// Widths of bins in milliseconds, each some times the one before; then they double.
const WIDTHS_MS: [i64; 11] =
    [1_000, 5_000, 10_000, 30_000, 60_000, 300_000, 900_000, 3_600_000, 10_800_000, 21_600_000, 86_400_000];

/// Everything that was found out of the records up to a place, and all that is kept between two starts.
#[derive(Debug, Clone, PartialEq)]
pub struct Ledger {
    pub width_ms: i64,
    /// By the number of the bin; of each policy.
    pub bins: BTreeMap<i64, Vec<Statistics>>,
    pub policies: Vec<PolicyNotes>,
    /// In the order in which they were seen.
    pub actions: Vec<String>,
    /// What was taken; what was offered is every action each time.
    pub taken: Calibration,
    pub records: u64,
    /// Records that cannot be weighed.
    pub without_probability: u64,
    /// The last record that was looked at, and where the next one is.
    pub last: Option<Place>,
    pub cursor: Cursor,
}

/// What sums do not tell of a policy.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PolicyNotes {
    /// Records of which it said nothing.
    pub failures: u64,
    pub last_failure: String,
    /// The sum of its probabilities that was furthest from 1, and the key of its record.
    pub worst_sum: Option<(f64, String)>,
}

/// One record as the sums see it.
pub struct Weighed<'r> {
    pub decided_ms: i64,
    pub reward: f64,
    pub key: &'r str,
    pub action: usize,
    /// `None` where none was logged.
    pub probability: Option<f64>,
}

pub fn estimators() -> Vec<Estimator> {
    ESTIMATORS.iter().filter_map(|name| of_name(name)).collect()
}

impl Ledger {
    pub fn new(policies: usize, actions: Vec<String>) -> Ledger {
        Ledger {
            width_ms: WIDTHS_MS[0],
            bins: BTreeMap::new(),
            policies: vec![PolicyNotes::default(); policies],
            actions,
            taken: Calibration::default(),
            records: 0,
            without_probability: 0,
            last: None,
            cursor: Cursor::default(),
        }
    }

    /// Adds a record of which each policy said this.
    pub fn add(&mut self, record: &Weighed<'_>, said: Vec<Result<Said, String>>, estimators: &[Estimator]) {
        self.records += 1;
        match record.probability {
            Some(probability) => self.taken.take(record.action, probability, 1.0),
            None => self.without_probability += 1,
        }
        let estimators: Vec<&Estimator> = estimators.iter().collect();
        let count = self.policies.len();
        let bin = self.bins.entry(record.decided_ms.div_euclid(self.width_ms));
        let bin = bin.or_insert_with(|| vec![Statistics::new(ESTIMATORS.len()); count]);
        for ((notes, statistics), said) in self.policies.iter_mut().zip(bin).zip(said) {
            let row = match (said, record.probability) {
                // What was seen, whatever its probability.
                (Ok(Said::Logged), _) => Row::new(record.reward, 1.0, 1.0),
                (Ok(_), None) => continue,
                (Ok(Said::OfLogged(p)), Some(logged)) => Row::new(record.reward, logged, p),
                (Ok(Said::OfAll { of_logged, sum }), Some(logged)) => {
                    let apart = |sum: f64| (sum - 1.0).abs();
                    if notes.worst_sum.as_ref().is_none_or(|(worst, _)| apart(sum) > apart(*worst)) {
                        notes.worst_sum = Some((sum, record.key.to_owned()));
                    }
                    Row::new(record.reward, logged, of_logged)
                }
                (Err(reason), _) => {
                    notes.failures += 1;
                    notes.last_failure = reason;
                    continue;
                }
            };
            statistics.add(&row, &estimators);
        }
        while self.bins.len() > MOST_BINS {
            self.widen();
        }
    }

    fn widen(&mut self) {
        let wider = WIDTHS_MS.into_iter().find(|width| *width > self.width_ms);
        let width_ms = wider.unwrap_or(self.width_ms.saturating_mul(2));
        let mut bins: BTreeMap<i64, Vec<Statistics>> = BTreeMap::new();
        for (at, statistics) in std::mem::take(&mut self.bins) {
            let wide = bins.entry(at.saturating_mul(self.width_ms).div_euclid(width_ms));
            let wide = wide.or_insert_with(|| vec![Statistics::new(ESTIMATORS.len()); statistics.len()]);
            wide.iter_mut().zip(&statistics).for_each(|(wide, narrow)| wide.merge(narrow));
        }
        (self.bins, self.width_ms) = (bins, width_ms);
    }

    /// All bins of a policy as one.
    pub fn total(&self, policy: usize) -> Statistics {
        let mut total = Statistics::new(ESTIMATORS.len());
        self.bins.values().filter_map(|bin| bin.get(policy)).for_each(|bin| total.merge(bin));
        total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger(records: i64, every_ms: i64) -> Ledger {
        let (mut ledger, estimators) = (Ledger::new(2, vec!["a".to_owned(), "b".to_owned()]), estimators());
        for place in 0..records {
            let key = format!("k{place}");
            let record = Weighed {
                decided_ms: place * every_ms,
                reward: (place % 3) as f64,
                key: &key,
                action: place as usize % 2,
                probability: Some(0.5),
            };
            let one = if place % 2 == 0 { 1.0 } else { 0.0 };
            ledger.add(&record, vec![Ok(Said::Logged), Ok(Said::OfAll { of_logged: one, sum: 1.0 })], &estimators);
        }
        ledger
    }

    #[test]
    fn bins_widen_and_say_the_same() {
        let ledger = ledger(3_000, 700);
        // 2,100 seconds are 210 bins of 10 seconds.
        assert_eq!((ledger.width_ms, ledger.bins.len()), (10_000, 210));
        let total = ledger.total(0);
        assert_eq!(total.weights.count, 3_000);
        assert!((total.moments[1].value().unwrap() - 1.0).abs() < 1e-12);
        // The action of even places: its rewards go 0, 2, 1.
        let other = ledger.total(1);
        assert_eq!((other.weights.count, other.weights.zeros), (3_000, 1_500));
        assert!((other.moments[1].value().unwrap() - 1.0).abs() < 1e-12);
        assert!((other.weights.effective_size() - 1_500.0).abs() < 1e-9);
    }

    #[test]
    fn what_is_not_said_is_counted() {
        let (mut ledger, estimators) = (Ledger::new(2, vec!["a".to_owned()]), estimators());
        let record = Weighed { decided_ms: 5, reward: 1.0, key: "k", action: 0, probability: Some(1.0) };
        ledger.add(&record, vec![Err("no".to_owned()), Ok(Said::OfAll { of_logged: 0.7, sum: 0.7 })], &estimators);
        let record = Weighed { probability: None, ..record };
        ledger.add(&record, vec![Ok(Said::Logged), Ok(Said::OfLogged(1.0))], &estimators);
        assert_eq!((ledger.records, ledger.without_probability), (2, 1));
        assert_eq!((ledger.policies[0].failures, ledger.policies[0].last_failure.as_str()), (1, "no"));
        assert_eq!(ledger.policies[1].worst_sum, Some((0.7, "k".to_owned())));
        assert_eq!((ledger.total(0).weights.count, ledger.total(1).weights.count), (1, 1));
    }
}
