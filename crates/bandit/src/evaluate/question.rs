//! What is asked of a log: which estimators, how sure, with how many resamples.

use super::{ALL_NAMES, Estimator, of_name};

pub struct Question {
    pub estimators: Vec<Estimator>,
    /// How often an interval may miss, e.g. 0.05.
    pub miss: f64,
    pub resamples: usize,
    pub seed: u64,
    /// The smallest and largest reward that there can be. `None`: [0, 1] where all rewards lie in it, else
    /// those seen, which is too narrow for what was not seen.
    pub reward_range: Option<(f64, f64)>,
}

impl Default for Question {
    /// All estimators at 95 %.
    fn default() -> Question {
        let estimators = ALL_NAMES.iter().filter_map(|name| of_name(name)).collect();
        Question { estimators, miss: 0.05, resamples: 1_000, seed: 12_345, reward_range: None }
    }
}
