//! Switch: the doubly robust correction where w ≤ λ, the model alone elsewhere. Wang, Agarwal, Dudík, ICML 2017
//! (arXiv 1612.01205).

use crate::evaluate::{Estimator, Needs, Row, Term};

use super::dr::corrected;

pub(super) fn switch_dr(most: f64) -> Estimator {
    let term = move |row: &Row| -> Term {
        let weight = row.weight();
        corrected(row.model, if weight <= most { weight } else { 0.0 }, row.reward)
    };
    Estimator::of_terms(format!("switch-dr_{most}"), Needs::Model, term)
}
