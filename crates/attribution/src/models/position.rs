//! Position: w_1 = f, w_n = l, and m = 1 − f − l over the touches between; of two touches each end gets half of m, a
//! single touch gets all.
//!
//! Source: U shape (.4/.2/.4) of Google Analytics and MAM, J (.2/.2/.6) and inverse J (.6/.2/.2) of Adobe
//! Analytics; ATTRIBUTION.md §1.

use crate::unable::Unable;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    first: f64,
    last: f64,
}

impl Position {
    pub const U: Position = Position { first: 0.4, last: 0.4 };
    pub const J: Position = Position { first: 0.2, last: 0.6 };
    pub const INVERSE_J: Position = Position { first: 0.6, last: 0.2 };

    /// Shares of the first and the last touch, together at most 1.
    pub fn custom(first: f64, last: f64) -> Result<Position, Unable> {
        let fits = first >= 0.0 && last >= 0.0 && first + last <= 1.0 + 1e-12;
        if fits { Ok(Position { first, last }) } else { Err(Unable::BadParameter("position", WANTED)) }
    }

    pub fn ends(&self) -> (f64, f64) {
        (self.first, self.last)
    }

    pub fn weigh(&self, weights: &mut [f64]) {
        let middle = (1.0 - self.first - self.last).max(0.0);
        match weights {
            [] => {}
            [only] => *only = 1.0,
            [first, last] => (*first, *last) = (self.first + middle / 2.0, self.last + middle / 2.0),
            [first, between @ .., last] => {
                between.fill(middle / between.len() as f64);
                (*first, *last) = (self.first, self.last);
            }
        }
    }
}

const WANTED: &str = "two shares from 0 on, of the first and the last touch, that sum to at most 1";
