//! Sums as words of 64 bits, and back without a rounding: how a service keeps its bins between two runs.

use super::{ActionSums, Calibration, Moments, Statistics, Sum, Weights};

/// Words of `Weights` and of one `Moments`.
const WEIGHTS: usize = 18;
const MOMENTS: usize = 2 + Moments::NUMBERS;

impl Statistics {
    /// To be given to `of_words`.
    pub fn words(&self) -> Vec<u64> {
        let sums = &self.weights;
        let mut words = vec![sums.count, sums.zeros];
        for sum in [sums.w, sums.w2, sums.wr, sums.w2r, sums.w2r2, sums.r] {
            let (whole, rest): (f64, f64) = sum.into();
            words.extend([whole, rest].map(f64::to_bits));
        }
        let ends = [sums.least_weight, sums.largest_weight, sums.least_reward, sums.largest_reward];
        words.extend(ends.map(f64::to_bits));
        for moments in &self.moments {
            let (count, ratio, numbers) = moments.numbers();
            words.extend([count, u64::from(ratio)]);
            words.extend(numbers.map(f64::to_bits));
        }
        words
    }

    /// `None` where these are not the words of statistics of so many estimators.
    pub fn of_words(words: &[u64], estimators: usize) -> Option<Statistics> {
        if words.len() != WEIGHTS + MOMENTS * estimators {
            return None;
        }
        let (sums, moments) = words.split_at(WEIGHTS);
        let number = |at: usize| f64::from_bits(sums[at]);
        let sum = |at: usize| Sum::from((number(2 + 2 * at), number(3 + 2 * at)));
        let weights = Weights {
            count: sums[0],
            zeros: sums[1],
            w: sum(0),
            w2: sum(1),
            wr: sum(2),
            w2r: sum(3),
            w2r2: sum(4),
            r: sum(5),
            least_weight: number(14),
            largest_weight: number(15),
            least_reward: number(16),
            largest_reward: number(17),
        };
        let moments = moments.chunks_exact(MOMENTS).map(|words| {
            let numbers = std::array::from_fn(|at| f64::from_bits(words[2 + at]));
            Moments::of_numbers(words[0], words[1] != 0, numbers)
        });
        Some(Statistics { weights, moments: moments.collect() })
    }
}

impl Calibration {
    /// To be given to `of_words`.
    pub fn words(&self) -> Vec<u64> {
        let words = |one: &ActionSums| {
            let (inverse, squares) = one.inverses();
            [one.offered.to_bits(), one.taken, inverse.to_bits(), squares.to_bits()]
        };
        self.actions().flat_map(words).collect()
    }

    /// `None` where these are not the words of a calibration.
    pub fn of_words(words: &[u64]) -> Option<Calibration> {
        let number = f64::from_bits;
        let actions = words.chunks_exact(4).enumerate().map(|(action, words)| {
            ActionSums::of_parts(action, number(words[0]), words[1], (number(words[2]), number(words[3])))
        });
        words.len().is_multiple_of(4).then(|| Calibration::of_actions(actions.collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::{Estimator, Row, of_name};

    #[test]
    fn what_is_kept_comes_back_bit_for_bit() {
        let estimators: Vec<Estimator> = ["ipw", "snipw"].iter().filter_map(|name| of_name(name)).collect();
        let asked: Vec<&Estimator> = estimators.iter().collect();
        let mut statistics = Statistics::new(2);
        assert_eq!(Statistics::of_words(&statistics.words(), 2).as_ref(), Some(&statistics));
        let mut calibration = Calibration::default();
        for place in 0..50 {
            let reward = f64::from(place) / 7.0;
            statistics.add(&Row::new(reward, 0.3, if place % 3 == 0 { 0.0 } else { 0.9 }), &asked);
            calibration.take(place as usize % 4, 0.3, 1.0);
            calibration.offer(place as usize % 4, 2.0);
        }
        let words = statistics.words();
        assert_eq!(Statistics::of_words(&words, 2).as_ref(), Some(&statistics));
        assert_eq!(Statistics::of_words(&words, 3), None);
        assert_eq!(Statistics::of_words(&words[1..], 2), None);
        assert_eq!(Calibration::of_words(&calibration.words()).as_ref(), Some(&calibration));
        assert_eq!(Calibration::of_words(&calibration.words()[1..]), None);
    }
}
