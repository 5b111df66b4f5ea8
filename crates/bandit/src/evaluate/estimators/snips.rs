//! Self-normalised inverse propensity: Σ w r / Σ w. Swaminathan, Joachims, NIPS 2015.

use crate::evaluate::{Estimator, Needs, Term};

pub(super) fn snips() -> Estimator {
    Estimator::of_terms("snipw", Needs::Weights, |row| {
        let weight = row.weight();
        Term::Ratio { base: 0.0, top: weight * row.reward, bottom: weight }
    })
}
