//! Empirical Bernstein: √(2V ln(4/δ)/n) + 7R ln(4/δ)/(3(n-1)). Maurer, Pontil, COLT 2009 (arXiv 0907.3740), both sides.

use super::Interval;
use crate::evaluate::Moments;

/// For terms that span R; `None` below two rows.
pub fn empirical_bernstein(moments: &Moments, span: f64, miss: f64) -> Option<Interval> {
    let (n, log) = (moments.count() as f64, (4.0 / miss).ln());
    let half = (2.0 * moments.variance()? * log / n).sqrt() + 7.0 * span * log / (3.0 * (n - 1.0));
    Some(Interval::around(moments.value()?, half))
}
