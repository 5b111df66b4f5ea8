//! Value ± z s/√n, and with Student's quantile. True for many rows of bounded weight; too short for heavy tails.

use super::Interval;
use crate::evaluate::Moments;
use crate::quantile;

/// `miss` is the probability to miss, e.g. 0.05. `None` below two rows.
pub fn normal_interval(moments: &Moments, miss: f64) -> Option<Interval> {
    around(moments, quantile::normal(1.0 - miss / 2.0))
}

/// With n-1 degrees of freedom.
pub fn student_interval(moments: &Moments, miss: f64) -> Option<Interval> {
    around(moments, quantile::student(1.0 - miss / 2.0, moments.count().checked_sub(1)? as f64))
}

fn around(moments: &Moments, quantile: f64) -> Option<Interval> {
    let half = quantile * (moments.variance()? / moments.count() as f64).sqrt();
    Some(Interval::around(moments.value()?, half))
}
