//! Doubly robust: mean[q̂_π + w (r - q̂)]. Dudík, Langford, Li, ICML 2011 (arXiv 1103.4601).

use crate::evaluate::{Estimator, Model, Needs, Term};

pub(super) fn dr() -> Estimator {
    Estimator::of_terms("dr", Needs::Model, |row| corrected(row.model, row.weight(), row.reward))
}

/// q̂_π + weight (r - q̂): what the doubly robust estimators share. They differ in the weight.
pub(super) fn corrected(model: Option<Model>, weight: f64, reward: f64) -> Term {
    Term::Mean(model.map_or(f64::NAN, |model| model.policy + weight * (reward - model.logged)))
}
