//! Inverse propensity: mean(w r). Horvitz, Thompson, JASA 1952.

use crate::evaluate::{Estimator, Needs, Term};

pub(super) fn ips() -> Estimator {
    Estimator::of_terms("ipw", Needs::Weights, |row| Term::Mean(row.weight() * row.reward))
}
