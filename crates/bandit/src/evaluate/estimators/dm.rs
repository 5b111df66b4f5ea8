//! Direct method: mean q̂_π(x). As good as its model, and no interval knows that. Beygelzimer, Langford, KDD 2009.

use crate::evaluate::{Estimator, Needs, Term};

pub(super) fn dm() -> Estimator {
    Estimator::of_terms("dm", Needs::Model, |row| Term::Mean(row.model.map_or(f64::NAN, |model| model.policy)))
}
