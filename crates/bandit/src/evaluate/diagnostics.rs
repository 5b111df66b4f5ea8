//! How far the log can answer for the policy at all.

use super::Weights;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Diagnostics {
    pub rows: u64,
    /// Effective sample size (Kish).
    pub effective_size: f64,
    /// 1 where the logged probabilities are true and cover the policy.
    pub mean_weight: f64,
    /// Standard error of the mean weight.
    pub weight_error: f64,
    pub largest_weight: f64,
    /// Of the row with the largest weight in the sum of weights.
    pub largest_share: f64,
    /// Share of rows with weight 0.
    pub zero_share: f64,
    pub mean_logged_reward: f64,
}

impl Diagnostics {
    /// `None` without rows.
    pub fn of(sums: &Weights) -> Option<Diagnostics> {
        if sums.count == 0 {
            return None;
        }
        let n = sums.count as f64;
        let mean_weight = sums.w.value() / n;
        let variance = (sums.w2.value() / n - mean_weight * mean_weight).max(0.0);
        let total = sums.w.value();
        Some(Diagnostics {
            rows: sums.count,
            effective_size: sums.effective_size(),
            mean_weight,
            weight_error: (variance / n).sqrt(),
            largest_weight: sums.largest_weight,
            largest_share: if total > 0.0 { sums.largest_weight / total } else { 0.0 },
            zero_share: sums.zeros as f64 / n,
            mean_logged_reward: sums.r.value() / n,
        })
    }
}
