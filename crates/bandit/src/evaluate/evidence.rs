//! What guards look at beside the weights, of one log or of several merged: whether logged probabilities are true, and
//! whether probabilities over all actions sum to 1.

use serde::{Deserialize, Serialize};

use super::{Calibration, Guard, calibration_guard, sum_guard};

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Evidence {
    /// Their places are those of `calibration`.
    pub actions: Vec<String>,
    pub calibration: Calibration,
    /// The furthest from 1 among the sums of logged probabilities, and of the policy's; `None` where they are not told.
    pub logged: Option<FarSum>,
    pub own: Option<FarSum>,
}

/// A sum of probabilities, and where it was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FarSum {
    pub sum: f64,
    pub place: String,
}

impl FarSum {
    fn apart(&self) -> f64 {
        (self.sum - 1.0).abs()
    }

    /// Of two the one that is further from 1.
    pub fn further(one: Option<FarSum>, other: Option<FarSum>) -> Option<FarSum> {
        match (one, other) {
            (Some(one), Some(other)) => Some(if other.apart().total_cmp(&one.apart()).is_gt() { other } else { one }),
            (one, other) => one.or(other),
        }
    }
}

impl Evidence {
    pub fn guards(&self, policy: &str) -> Vec<Guard> {
        let name = |action: usize| self.actions.get(action).cloned().unwrap_or_default();
        let mut found: Vec<Guard> = calibration_guard(&self.calibration, name).into_iter().collect();
        if let Some(far) = &self.logged {
            found.push(sum_guard("sum_of_logged_probabilities", "the logged policy", far.sum, &far.place));
        }
        if let Some(far) = &self.own {
            found.push(sum_guard("sum_of_probabilities", &format!("policy {policy}"), far.sum, &far.place));
        }
        found
    }

    pub fn merge(&mut self, other: Evidence) {
        let places: Vec<usize> = other.actions.iter().map(|name| self.place(name)).collect();
        self.calibration.merge(&other.calibration, |action| places.get(action).copied().unwrap_or(action));
        self.logged = FarSum::further(self.logged.take(), other.logged);
        self.own = FarSum::further(self.own.take(), other.own);
    }

    fn place(&mut self, name: &str) -> usize {
        match self.actions.iter().position(|known| known == name) {
            Some(place) => place,
            None => {
                self.actions.push(name.to_owned());
                self.actions.len() - 1
            }
        }
    }

    /// What was read may be anything.
    pub(super) fn is_sound(&self) -> bool {
        self.calibration.actions().enumerate().all(|(place, one)| one.action == place && place < self.actions.len())
    }
}
