//! Clipped weights: mean(min(w, λ) r), and DR with them. Bottou et al., JMLR 2013; biased towards 0 (or the model).

use crate::evaluate::{Estimator, Needs, Row, Term};

use super::dr::corrected;

pub(super) fn clipped_ips(most: f64) -> Estimator {
    let term = move |row: &Row| Term::Mean(row.weight().min(most) * row.reward);
    Estimator::of_terms(format!("ipw_clip{most}"), Needs::Weights, term)
}

pub(super) fn clipped_dr(most: f64) -> Estimator {
    let term = move |row: &Row| corrected(row.model, row.weight().min(most), row.reward);
    Estimator::of_terms(format!("dr_clip{most}"), Needs::Model, term)
}
