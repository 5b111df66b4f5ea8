//! The percentile bootstrap. Efron, Annals of Statistics 1979. Rows are drawn once for all estimators, and of a ratio
//! the top and the bottom together: resampling terms that were normalised before makes it too short.

use super::estimator::Kind;
use super::{Estimator, Interval, Row, Term};

/// More rows than these are drawn by groups of neighbours, which is as good for so many and takes no longer.
const MOST_GROUPS: usize = 20_000;

/// Values of each estimator over resamples.
#[derive(Debug, Clone)]
pub struct Bootstrap {
    /// By estimator, sorted; empty for those without terms.
    values: Vec<Vec<f64>>,
}

/// A sum of terms: base, top, bottom and rows.
type Sums = [f64; 4];

impl Bootstrap {
    /// The same for the same seed and rows.
    pub fn of(rows: &[Row], estimators: &[&Estimator], resamples: usize, seed: u64) -> Bootstrap {
        let size = rows.len().div_ceil(MOST_GROUPS).max(1);
        let groups: Vec<Vec<Sums>> =
            rows.chunks(size).map(|group| estimators.iter().map(|one| sums(group, one)).collect()).collect();
        let mut values = vec![Vec::with_capacity(resamples); estimators.len()];
        let mut random = SplitMix(seed);
        for _ in 0..resamples {
            let mut totals = vec![[0.0; 4]; estimators.len()];
            for _ in 0..groups.len() {
                let drawn = &groups[random.below(groups.len())];
                for (total, sums) in totals.iter_mut().zip(drawn) {
                    total.iter_mut().zip(sums).for_each(|(total, sum)| *total += sum);
                }
            }
            for (values, [base, top, bottom, count]) in values.iter_mut().zip(totals) {
                let value = base / count + top / bottom;
                if value.is_finite() {
                    values.push(value);
                }
            }
        }
        values.iter_mut().for_each(|values| values.sort_by(f64::total_cmp));
        Bootstrap { values }
    }

    /// Of the estimator at this place. `None` where fewer than two resamples gave a value.
    pub fn interval(&self, estimator: usize, miss: f64) -> Option<Interval> {
        let values = self.values.get(estimator).filter(|values| values.len() > 1)?;
        Some(Interval { low: percentile(values, miss / 2.0), high: percentile(values, 1.0 - miss / 2.0) })
    }
}

fn sums(rows: &[Row], estimator: &Estimator) -> Sums {
    let mut sums = [0.0; 4];
    let Kind::Terms(term) = &estimator.kind else { return [f64::NAN; 4] };
    for row in rows {
        let values = match term(row).times(row.stands_for) {
            Term::Mean(value) => [0.0, value, 1.0, 1.0],
            Term::Ratio { base, top, bottom } => [base, top, bottom, 1.0],
        };
        sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
    }
    sums
}

/// Between the two nearest of sorted values.
fn percentile(values: &[f64], share: f64) -> f64 {
    let place = share * (values.len() - 1) as f64;
    let low = values[place.floor() as usize];
    let high = values[place.ceil() as usize];
    low + (high - low) * place.fract()
}

/// Steele, Lea, Flood, OOPSLA 2014.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        ((u128::from(self.next()) * count as u128) >> 64) as usize
    }
}
