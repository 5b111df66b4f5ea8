//! Doubly robust with optimistic shrinkage: weight λw/(w²+λ). Su, Dimakopoulou, Krishnamurthy, Dudík, ICML 2020
//! (arXiv 1907.09623).

use crate::evaluate::{Estimator, Needs, Row};

use super::dr::corrected;

pub(super) fn dr_os(lambda: f64) -> Estimator {
    let term = move |row: &Row| {
        let weight = row.weight();
        // λ/(w²+λ) has the limit 1 for an infinite λ, which is DR.
        let kept = if lambda.is_infinite() { 1.0 } else { lambda / (weight * weight + lambda) };
        corrected(row.model, weight * kept, row.reward)
    };
    Estimator::of_terms(format!("dr-os_{lambda}"), Needs::Model, term)
}
