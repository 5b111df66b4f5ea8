//! Mergeable means and (co)variances of an estimator's terms (Chan, Golub, LeVeque 1979).

use serde::{Deserialize, Serialize};

use super::Term;

/// Means and sums of products around them, of (base, top, bottom); of a plain mean only `top` is told.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(try_from = "Vec<f64>", into = "Vec<f64>")]
pub struct Moments {
    count: u64,
    ratio: bool,
    means: [f64; 3],
    /// Of the pairs (base, base), (base, top), (base, bottom), (top, top), (top, bottom), (bottom, bottom).
    products: [f64; 6],
}

const PAIRS: [(usize, usize); 6] = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)];

impl Moments {
    pub fn add(&mut self, term: Term) {
        let values = match term {
            Term::Mean(value) => [0.0, value, 1.0],
            Term::Ratio { base, top, bottom } => {
                self.ratio = true;
                [base, top, bottom]
            }
        };
        self.count += 1;
        let count = self.count as f64;
        let before = self.means;
        for (mean, value) in self.means.iter_mut().zip(values) {
            *mean += (value - *mean) / count;
        }
        for (product, (i, j)) in self.products.iter_mut().zip(PAIRS) {
            *product += (values[i] - before[i]) * (values[j] - self.means[j]);
        }
    }

    pub fn merge(&mut self, other: &Moments) {
        if other.count == 0 {
            return;
        }
        let (ours, theirs) = (self.count as f64, other.count as f64);
        let count = ours + theirs;
        let apart: [f64; 3] = std::array::from_fn(|at| other.means[at] - self.means[at]);
        for (at, (i, j)) in PAIRS.into_iter().enumerate() {
            self.products[at] += other.products[at] + apart[i] * apart[j] * ours * theirs / count;
        }
        for (mean, apart) in self.means.iter_mut().zip(apart) {
            *mean += apart * theirs / count;
        }
        self.count += other.count;
        self.ratio |= other.ratio;
    }

    /// As if every row stood for `factor` times as many decisions: a mean becomes a ratio.
    pub fn scale(&mut self, factor: f64) {
        self.ratio = true;
        self.means.iter_mut().for_each(|mean| *mean *= factor);
        self.products.iter_mut().for_each(|product| *product *= factor * factor);
    }

    /// How many numbers `numbers` gives.
    pub(super) const NUMBERS: usize = 9;

    pub(super) fn numbers(&self) -> (u64, bool, [f64; Moments::NUMBERS]) {
        let mut numbers = [0.0; Moments::NUMBERS];
        numbers[..3].copy_from_slice(&self.means);
        numbers[3..].copy_from_slice(&self.products);
        (self.count, self.ratio, numbers)
    }

    pub(super) fn of_numbers(count: u64, ratio: bool, numbers: [f64; Moments::NUMBERS]) -> Moments {
        let [a, b, c, products @ ..] = numbers;
        Moments { count, ratio, means: [a, b, c], products }
    }

    pub fn count(&self) -> u64 {
        self.count
    }

    /// mean(base) + Σtop/Σbottom; `None` without rows, or where all rows are worth nothing.
    pub fn value(&self) -> Option<f64> {
        let [base, top, bottom] = self.means;
        let value = base + top / bottom;
        (self.count > 0 && value.is_finite()).then_some(value)
    }

    /// Variance of one term: of a mean the sample's (n-1); of a ratio that of its linear part (delta method, n).
    pub fn variance(&self) -> Option<f64> {
        if self.count < 2 {
            return None;
        }
        let [_, top, bottom] = self.means;
        let [bb, bt, bd, tt, td, dd] = self.products;
        let sum = if self.ratio {
            let v = top / bottom;
            bb + 2.0 * (bt - v * bd) / bottom + (tt - 2.0 * v * td + v * v * dd) / (bottom * bottom)
        } else {
            tt
        };
        let freedom = if self.ratio { self.count } else { self.count - 1 };
        let variance = sum.max(0.0) / freedom as f64;
        variance.is_finite().then_some(variance)
    }
}

/// Nothing of an estimator without terms; count, mean and squares of a mean; all of a ratio.
impl From<Moments> for Vec<f64> {
    fn from(moments: Moments) -> Vec<f64> {
        let count = moments.count as f64;
        match moments {
            Moments { count: 0, .. } => Vec::new(),
            Moments { ratio: false, means, products, .. } => vec![count, means[1], products[3]],
            Moments { means, products, .. } => [&[count][..], &means, &products].concat(),
        }
    }
}

impl TryFrom<Vec<f64>> for Moments {
    type Error = String;

    fn try_from(kept: Vec<f64>) -> Result<Moments, String> {
        let count = |count: f64| match count {
            _ if count >= 1.0 && count.fract() == 0.0 && count < 9e15 => Ok(count as u64),
            _ => Err(format!("{count} is no number of rows")),
        };
        match kept[..] {
            [] => Ok(Moments::default()),
            [rows, mean, squares] => Ok(Moments {
                count: count(rows)?,
                ratio: false,
                means: [0.0, mean, 1.0],
                products: [0.0, 0.0, 0.0, squares, 0.0, 0.0],
            }),
            [rows, base, top, bottom, bb, bt, bd, tt, td, dd] => Ok(Moments {
                count: count(rows)?,
                ratio: true,
                means: [base, top, bottom],
                products: [bb, bt, bd, tt, td, dd],
            }),
            _ => Err(format!("moments are 0, 3 or 10 numbers, not {}", kept.len())),
        }
    }
}
