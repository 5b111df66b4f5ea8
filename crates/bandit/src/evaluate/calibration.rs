//! Mergeable sums that tell whether logged probabilities are true: an action that is taken with probability p adds
//! 1/p when it is taken, which sums to the number of decisions that offered it.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Calibration {
    actions: Vec<ActionSums>,
}

#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct ActionSums {
    pub action: usize,
    /// Decisions that offered it.
    pub offered: f64,
    pub taken: u64,
    inverse: f64,
    inverse_squares: f64,
}

impl Calibration {
    /// A decision that offered the action, `stands_for` others like it.
    pub fn offer(&mut self, action: usize, stands_for: f64) {
        self.of(action).offered += stands_for;
    }

    pub fn take(&mut self, action: usize, probability: f64, stands_for: f64) {
        let one = self.of(action);
        one.taken += 1;
        one.inverse += stands_for / probability;
        one.inverse_squares += (stands_for / probability).powi(2);
    }

    /// `place_of` is where an action of the other has its place here.
    pub fn merge(&mut self, other: &Calibration, place_of: impl Fn(usize) -> usize) {
        for theirs in &other.actions {
            let ours = self.of(place_of(theirs.action));
            ours.offered += theirs.offered;
            ours.taken += theirs.taken;
            ours.inverse += theirs.inverse;
            ours.inverse_squares += theirs.inverse_squares;
        }
    }

    /// As if every row stood for `factor` times as many decisions.
    pub fn scale(&mut self, factor: f64) {
        for one in &mut self.actions {
            one.offered *= factor;
            one.inverse *= factor;
            one.inverse_squares *= factor * factor;
        }
    }

    pub(super) fn of_actions(actions: Vec<ActionSums>) -> Calibration {
        Calibration { actions }
    }

    pub fn actions(&self) -> impl Iterator<Item = &ActionSums> {
        self.actions.iter()
    }

    fn of(&mut self, action: usize) -> &mut ActionSums {
        while self.actions.len() <= action {
            self.actions.push(ActionSums { action: self.actions.len(), ..ActionSums::default() });
        }
        &mut self.actions[action]
    }
}

impl ActionSums {
    pub(super) fn of_parts(action: usize, offered: f64, taken: u64, inverses: (f64, f64)) -> ActionSums {
        ActionSums { action, offered, taken, inverse: inverses.0, inverse_squares: inverses.1 }
    }

    /// Sums of 1/p and of its square over the decisions that took the action.
    pub(super) fn inverses(&self) -> (f64, f64) {
        (self.inverse, self.inverse_squares)
    }

    /// 1 where the probabilities are true.
    pub fn mean(&self) -> f64 {
        self.inverse / self.offered
    }

    /// How many standard errors the mean is away from 1.
    pub fn errors(&self) -> f64 {
        let mean = self.mean();
        let apart = (mean - 1.0).abs();
        let variance = (self.inverse_squares / self.offered - mean * mean).max(0.0);
        // Equal but for rounding, as an action that is always taken with probability 1.
        if apart < 1e-9 { 0.0 } else { apart / (variance / self.offered).sqrt().max(f64::MIN_POSITIVE) }
    }
}
