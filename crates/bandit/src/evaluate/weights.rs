//! Mergeable sums over weights and rewards, enough for the effective sample size, Clopper–Pearson, Hoeffding
//! and Cressie–Read (the idea of mwt-ds' dashboard: a few sums a bin, and months merge at once).

use serde::{Deserialize, Serialize};

use super::{Row, Sum};

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Weights {
    pub count: u64,
    /// Rows of weight 0: the evaluated policy never takes their action.
    pub zeros: u64,
    pub w: Sum,
    pub w2: Sum,
    pub wr: Sum,
    pub w2r: Sum,
    pub w2r2: Sum,
    pub r: Sum,
    pub least_weight: f64,
    pub largest_weight: f64,
    pub least_reward: f64,
    pub largest_reward: f64,
}

impl Default for Weights {
    fn default() -> Weights {
        let sum = Sum::default();
        Weights {
            count: 0,
            zeros: 0,
            w: sum,
            w2: sum,
            wr: sum,
            w2r: sum,
            w2r2: sum,
            r: sum,
            least_weight: f64::INFINITY,
            largest_weight: f64::NEG_INFINITY,
            least_reward: f64::INFINITY,
            largest_reward: f64::NEG_INFINITY,
        }
    }
}

impl Weights {
    pub fn add(&mut self, row: &Row) {
        let (w, r) = (row.counted_weight(), row.reward);
        self.count += 1;
        self.zeros += u64::from(w == 0.0);
        self.w.add(w);
        self.w2.add(w * w);
        self.wr.add(w * r);
        self.w2r.add(w * w * r);
        self.w2r2.add(w * w * r * r);
        self.r.add(r * row.stands_for);
        self.least_weight = self.least_weight.min(w);
        self.largest_weight = self.largest_weight.max(w);
        self.least_reward = self.least_reward.min(r);
        self.largest_reward = self.largest_reward.max(r);
    }

    pub fn merge(&mut self, other: &Weights) {
        self.count += other.count;
        self.zeros += other.zeros;
        self.w.merge(&other.w);
        self.w2.merge(&other.w2);
        self.wr.merge(&other.wr);
        self.w2r.merge(&other.w2r);
        self.w2r2.merge(&other.w2r2);
        self.r.merge(&other.r);
        self.least_weight = self.least_weight.min(other.least_weight);
        self.largest_weight = self.largest_weight.max(other.largest_weight);
        self.least_reward = self.least_reward.min(other.least_reward);
        self.largest_reward = self.largest_reward.max(other.largest_reward);
    }

    /// As if every row stood for `factor` times as many decisions.
    pub fn scale(&mut self, factor: f64) {
        for (sum, power) in [
            (&mut self.w, 1),
            (&mut self.wr, 1),
            (&mut self.r, 1),
            (&mut self.w2, 2),
            (&mut self.w2r, 2),
            (&mut self.w2r2, 2),
        ] {
            sum.scale(factor.powi(power));
        }
        self.least_weight *= factor;
        self.largest_weight *= factor;
    }

    /// (Σw)²/Σw²: rows of equal weight that would tell as much (Kish). 0 where no row has a weight.
    pub fn effective_size(&self) -> f64 {
        let squares = self.w2.value();
        if squares > 0.0 { self.w.value().powi(2) / squares } else { 0.0 }
    }
}
