//! Clopper–Pearson, Biometrika 1934, as Vowpal Wabbit takes it: Σwr/w_max successes of n/w_max trials, rewards scaled
//! to [0, 1]. Exact for equal weights, careful otherwise.

use super::Interval;
use crate::evaluate::Weights;
use crate::quantile::beta;

/// For rewards in `range`. `None` without a weight, or for a range that is a point.
pub fn clopper_pearson(sums: &Weights, range: (f64, f64), miss: f64) -> Option<Interval> {
    let (least, span) = (range.0, range.1 - range.0);
    if sums.count == 0 || sums.largest_weight <= 0.0 || span <= 0.0 {
        return None;
    }
    let scaled = (sums.wr.value() - least * sums.w.value()) / span;
    let successes = scaled / sums.largest_weight;
    let trials = sums.count as f64 / sums.largest_weight;
    let low = if successes > 0.0 { beta(miss / 2.0, successes, (trials - successes).max(0.0) + 1.0) } else { 0.0 };
    let high = if successes < trials { beta(1.0 - miss / 2.0, successes + 1.0, trials - successes) } else { 1.0 };
    Some(Interval { low: least + low * span, high: least + high * span })
}
