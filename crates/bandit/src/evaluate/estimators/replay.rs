//! Replay: the mean reward where the policy would have done what was done. Li, Chu, Langford, Wang, WSDM 2011
//! (arXiv 1003.5956). Unbiased only where the logging policy was uniform.

use crate::evaluate::{Estimator, Needs, Term};

pub(super) fn replay() -> Estimator {
    Estimator::of_terms("rm", Needs::Certain, |row| Term::Ratio {
        base: 0.0,
        top: row.evaluated * row.reward,
        bottom: row.evaluated,
    })
}
