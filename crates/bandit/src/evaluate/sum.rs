//! A sum that keeps what a plain one rounds away (Neumaier 1974), so that merged bins equal one pass.

#[derive(Debug, Clone, Copy, PartialEq, Default)]
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

    pub(super) fn parts(&self) -> [f64; 2] {
        [self.whole, self.rest]
    }

    pub(super) fn of_parts([whole, rest]: [f64; 2]) -> Sum {
        Sum { whole, rest }
    }
}
