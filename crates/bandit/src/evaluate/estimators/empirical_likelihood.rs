//! Empirical likelihood: the most likely weights of rows under which the mean of w is one; missing mass gets the
//! mean logged reward. Karampatziakis, Langford, Mineiro, ICML 2020 (arXiv 1906.03323); vw-estimators 0.2.2 (`mle`).

use crate::evaluate::{Row, Sum};
use crate::quantile::root;

/// For weights that may be anything from 0 up. `None` without rows.
pub fn empirical_likelihood(rows: &[Row]) -> Option<f64> {
    if rows.is_empty() {
        return None;
    }
    let n = rows.len() as f64;
    let sum = |of: &dyn Fn(f64, f64) -> f64| -> f64 {
        let mut sum = Sum::default();
        rows.iter().for_each(|row| sum.add(of(row.counted_weight(), row.reward)));
        sum.value()
    };
    let gradient = |beta: f64| sum(&|w, _| (w - 1.0) / ((w - 1.0) * beta + n));
    // No row may get more than all of the mass: bounds of the multiplier.
    let bounds = rows.iter().map(Row::counted_weight).filter(|w| *w != 1.0).map(|w| (w, (n - 1.0) / (1.0 - w)));
    let (mut low, mut high) = (0.0f64, n);
    for (w, bound) in bounds {
        match w < 1.0 {
            true => high = high.min(bound),
            false => low = low.max(bound),
        }
    }
    let (at_low, at_high) = (gradient(low), gradient(high));
    let beta = if at_low * at_high < 0.0 {
        root(gradient, low, high)
    } else if at_low < 0.0 {
        low
    } else {
        high
    };
    let missing = (1.0 - sum(&|w, _| w / ((w - 1.0) * beta + n))).max(0.0);
    let known = sum(&|w, r| w * r / ((w - 1.0) * beta + n));
    Some(known + missing * sum(&|_, r| r) / n)
}
