//! Hoeffding, JASA 1963: R √(ln(2/δ)/2n) for terms that span R. Holds for any number of rows, if R is the true span.

use super::Interval;
use crate::evaluate::Moments;

/// `None` without rows.
pub fn hoeffding(moments: &Moments, span: f64, miss: f64) -> Option<Interval> {
    let half = span * ((2.0 / miss).ln() / (2.0 * moments.count() as f64)).sqrt();
    Some(Interval::around(moments.value()?, half))
}
