//! More robust doubly robust: DR whose model was fitted to make the variance small, with row weights
//! π_e(a)(1-p)/p². Farajtabar, Chow, Ghavamzadeh, ICML 2018 (arXiv 1802.03493).

use crate::evaluate::{Estimator, Needs};

use super::dr::corrected;

pub(super) fn mrdr() -> Estimator {
    Estimator::of_terms("mrdr", Needs::RobustModel, |row| corrected(row.robust_model, row.weight(), row.reward))
}

/// How much a row counts when its model is fitted.
pub fn fitting_weight(logged: f64, evaluated: f64) -> f64 {
    evaluated * (1.0 - logged) / (logged * logged)
}
