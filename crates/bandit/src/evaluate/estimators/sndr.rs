//! Self-normalised doubly robust: mean q̂_π + Σ w (r - q̂) / Σ w. Thomas, Brunskill, ICML 2016 (as WDR, one step).

use crate::evaluate::{Estimator, Model, Needs, Term};

pub(super) fn sndr() -> Estimator {
    Estimator::of_terms("sndr", Needs::Model, |row| {
        let weight = row.weight();
        let model = row.model.unwrap_or(Model { logged: f64::NAN, policy: f64::NAN });
        Term::Ratio { base: model.policy, top: weight * (row.reward - model.logged), bottom: weight }
    })
}
