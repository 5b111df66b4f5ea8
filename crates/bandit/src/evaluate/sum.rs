//! A sum that keeps what a plain one rounds away (Neumaier 1974), so that merged bins equal one pass.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(from = "(f64, f64)", into = "(f64, f64)")]
pub struct Sum {
    whole: f64,
    rest: f64,
}

impl Sum {
    pub fn add(&mut self, value: f64) {
        let whole = self.whole + value;
        self.rest +=
            if self.whole.abs() >= value.abs() { (self.whole - whole) + value } else { (value - whole) + self.whole };
        self.whole = whole;
    }

    pub fn merge(&mut self, other: &Sum) {
        self.add(other.whole);
        self.rest += other.rest;
    }

    pub fn value(&self) -> f64 {
        self.whole + self.rest
    }

    /// Of the same values times a factor.
    pub fn scale(&mut self, factor: f64) {
        self.whole *= factor;
        self.rest *= factor;
    }
}

impl From<(f64, f64)> for Sum {
    fn from((whole, rest): (f64, f64)) -> Sum {
        Sum { whole, rest }
    }
}

impl From<Sum> for (f64, f64) {
    fn from(sum: Sum) -> (f64, f64) {
        (sum.whole, sum.rest)
    }
}
