//! One logged decision as every estimator sees it.

/// What a model of the reward says about a decision.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Model {
    /// q̂(x, a) of the action that was taken.
    pub logged: f64,
    /// q̂_π(x) = Σ_a π_e(a|x) q̂(x, a).
    pub policy: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row {
    pub reward: f64,
    /// Probability with which the logging policy took the action, within (0, 1].
    pub logged: f64,
    /// Probability with which the evaluated policy takes it, within [0, 1].
    pub evaluated: f64,
    pub model: Option<Model>,
    /// How many decisions the row stands for, against the others (mean 1 over a log): more than 1 where the log
    /// leaves out some decisions like it.
    pub stands_for: f64,
    /// A model that was fitted to make the doubly robust estimate's variance small (`mrdr`).
    pub robust_model: Option<Model>,
}

impl Row {
    /// Stands for itself, without models.
    pub fn new(reward: f64, logged: f64, evaluated: f64) -> Row {
        Row { reward, logged, evaluated, model: None, stands_for: 1.0, robust_model: None }
    }

    /// w = π_e/π_b.
    pub fn weight(&self) -> f64 {
        self.evaluated / self.logged
    }

    /// The weight, as often as the row stands for decisions.
    pub fn counted_weight(&self) -> f64 {
        self.weight() * self.stands_for
    }
}
