//! Sub-Gaussian weights w/(1-λ+λw), for IPS and DR. Metelli, Russo, Restelli, NeurIPS 2021.

use crate::evaluate::{Estimator, Needs, Row, Term};

use super::dr::corrected;

pub(super) fn sub_gaussian_ips(lambda: f64) -> Estimator {
    let term = move |row: &Row| Term::Mean(harmonic(row.weight(), lambda) * row.reward);
    Estimator::of_terms(format!("sg-ipw_{lambda}"), Needs::Weights, term)
}

pub(super) fn sub_gaussian_dr(lambda: f64) -> Estimator {
    let term = move |row: &Row| corrected(row.model, harmonic(row.weight(), lambda), row.reward);
    Estimator::of_terms(format!("sg-dr_{lambda}"), Needs::Model, term)
}

fn harmonic(weight: f64, lambda: f64) -> f64 {
    weight / (1.0 - lambda + lambda * weight)
}
