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
    /// A model that was fitted to make the doubly robust estimate's variance small (`mrdr`).
    pub robust_model: Option<Model>,
}

impl Row {
    /// w = π_e/π_b.
    pub fn weight(&self) -> f64 {
        self.evaluated / self.logged
    }
}
