//! What an estimator is: a name, what it needs, and one term for each row.

use super::Row;

/// A row's part in the estimate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Term {
    /// The estimate is the mean of the terms.
    Mean(f64),
    /// The estimate is mean(base) + Σtop/Σbottom.
    Ratio { base: f64, top: f64, bottom: f64 },
}

impl Term {
    /// The part of a row that stands for more or fewer decisions than itself: a mean becomes a weighted one.
    pub(super) fn times(self, count: f64) -> Term {
        match self {
            _ if count == 1.0 => self,
            Term::Mean(value) => Term::Ratio { base: 0.0, top: value * count, bottom: count },
            Term::Ratio { base, top, bottom } => {
                Term::Ratio { base: base * count, top: top * count, bottom: bottom * count }
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    Weights,
    /// A model of the reward: `q_logged` and `q_pi`.
    Model,
    /// A model that was fitted for this very policy: only a log has what it takes.
    RobustModel,
    /// A policy that takes one action for certain.
    Certain,
}

impl Needs {
    /// Why the rows cannot answer; `None` where they can.
    pub fn missing(self, rows: &[Row]) -> Option<&'static str> {
        let met = match self {
            Needs::Weights => true,
            Needs::Model => rows.iter().all(|row| row.model.is_some()),
            Needs::RobustModel => rows.iter().all(|row| row.robust_model.is_some()),
            Needs::Certain => rows.iter().all(|row| row.evaluated == 0.0 || row.evaluated == 1.0),
        };
        match self {
            _ if met => None,
            Needs::Weights => None,
            Needs::Model => Some(
                "it needs a model of the reward: the policy's probability of every action, or columns q_logged and q_pi",
            ),
            Needs::RobustModel => Some("it fits a model of its own, which takes the log with actions and contexts"),
            Needs::Certain => Some("it is for policies that take one action for certain (pi_e 0 or 1)"),
        }
    }
}

/// Most estimators; those that look at all rows together (`Whole`) have functions of their own.
pub struct Estimator {
    /// E.g. `switch-dr_5`.
    pub name: String,
    pub needs: Needs,
    pub kind: Kind,
}

pub enum Kind {
    Terms(Box<dyn Fn(&Row) -> Term + Send + Sync>),
    /// From the weights' sums alone.
    CressieRead,
    /// From all weights.
    EmpiricalLikelihood,
}

impl Estimator {
    pub(crate) fn of_terms(
        name: impl Into<String>,
        needs: Needs,
        term: impl Fn(&Row) -> Term + Send + Sync + 'static,
    ) -> Estimator {
        Estimator { name: name.into(), needs, kind: Kind::Terms(Box::new(term)) }
    }
}
