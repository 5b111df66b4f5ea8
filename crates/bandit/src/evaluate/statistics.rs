//! Everything that a bin of rows has to say to a set of estimators; bins merge.

use serde::{Deserialize, Serialize};

use super::estimator::Kind;
use super::{Estimator, Moments, Row, Weights};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Statistics {
    pub weights: Weights,
    /// One an estimator, in their order; empty moments for those without terms.
    pub moments: Vec<Moments>,
}

impl Statistics {
    pub fn new(estimators: usize) -> Statistics {
        Statistics { weights: Weights::default(), moments: vec![Moments::default(); estimators] }
    }

    pub fn add(&mut self, row: &Row, estimators: &[&Estimator]) {
        self.weights.add(row);
        for (moments, estimator) in self.moments.iter_mut().zip(estimators) {
            if let Kind::Terms(term) = &estimator.kind {
                moments.add(term(row).times(row.stands_for));
            }
        }
    }

    /// As if every row stood for `factor` times as many decisions.
    pub fn scale(&mut self, factor: f64) {
        self.weights.scale(factor);
        self.moments.iter_mut().filter(|moments| moments.count() > 0).for_each(|moments| moments.scale(factor));
    }

    pub fn merge(&mut self, other: &Statistics) {
        self.weights.merge(&other.weights);
        self.moments.iter_mut().zip(&other.moments).for_each(|(ours, theirs)| ours.merge(theirs));
    }
}
