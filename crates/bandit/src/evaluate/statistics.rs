//! Everything that a bin of rows has to say to a set of estimators; bins merge.

use super::estimator::Kind;
use super::{Estimator, Moments, Row, Weights};

#[derive(Debug, Clone, PartialEq)]
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

    pub fn merge(&mut self, other: &Statistics) {
        self.weights.merge(&other.weights);
        self.moments.iter_mut().zip(&other.moments).for_each(|(ours, theirs)| ours.merge(theirs));
    }
}
