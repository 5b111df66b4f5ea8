//! A model of the reward by table, cross-fitted: a row is foretold from the rows of other folds, so that its own
//! reward does not speak for itself. Cells with few rows lean on the mean of all.

use hashbrown::HashMap;

/// What a logged decision tells the model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// Rows of a fold are foretold by the other folds.
    pub fold: usize,
    pub action: usize,
    /// Of the context: which of its kinds it is.
    pub cell: usize,
    pub reward: f64,
    /// How much it counts.
    pub weight: f64,
}

/// Weight that the mean of all has in each cell.
const LEAN: f64 = 20.0;

#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    weight: f64,
    reward: f64,
}

#[derive(Debug, Clone)]
pub struct CrossFit {
    /// By fold: of all rows that are not in it.
    overall: Vec<Sums>,
    cells: HashMap<(usize, usize, usize), Sums>,
}

impl CrossFit {
    /// Weights are brought to a mean of 1 first, so that leaning means the same for all of them.
    pub fn of(folds: usize, observations: impl Iterator<Item = Observation> + Clone) -> CrossFit {
        let (count, weight) =
            observations.clone().fold((0.0, 0.0), |(count, weight), one| (count + 1.0, weight + one.weight));
        let scale = if weight > 0.0 { count / weight } else { 0.0 };
        let mut fitted = CrossFit { overall: vec![Sums::default(); folds], cells: HashMap::new() };
        for one in observations {
            let weight = one.weight * scale;
            for fold in (0..folds).filter(|fold| *fold != one.fold || folds == 1) {
                let cell = fitted.cells.entry((fold, one.action, one.cell)).or_default();
                for sums in [cell, &mut fitted.overall[fold]] {
                    sums.weight += weight;
                    sums.reward += weight * one.reward;
                }
            }
        }
        fitted
    }

    /// The reward that the action is expected to bring; 0 where nothing was seen at all.
    pub fn reward(&self, fold: usize, action: usize, cell: usize) -> f64 {
        let overall = self.overall.get(fold).copied().unwrap_or_default();
        let mean = if overall.weight > 0.0 { overall.reward / overall.weight } else { 0.0 };
        let own = self.cells.get(&(fold, action, cell)).copied().unwrap_or_default();
        (own.reward + LEAN * mean) / (own.weight + LEAN)
    }
}
