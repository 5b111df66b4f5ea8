//! Intervals, one kind a file.

mod bernstein;
mod clopper_pearson;
mod cressie_read;
mod hoeffding;
mod normal;

pub use bernstein::empirical_bernstein;
pub use clopper_pearson::clopper_pearson;
pub use cressie_read::cressie_read_interval;
pub use hoeffding::hoeffding;
pub use normal::{normal_interval, student_interval};

/// Both ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
}

impl Interval {
    pub(super) fn around(value: f64, half: f64) -> Interval {
        Interval { low: value - half, high: value + half }
    }
}
