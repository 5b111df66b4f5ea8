//! An interval that holds at every moment at once, however often one looks: a confidence sequence by a
//! gamma-exponential wealth process. Howard, Ramdas, McAuliffe, Sekhon, Annals of Statistics 2021 (arXiv 1810.08240);
//! Mineiro, arXiv 2210.10768; vw-estimators 0.2.2 (`cs`).
//!
//! Each row is weighed by a guess from the rows before it, so the order counts and two of these do not merge.

use super::{Interval, Row, Sum};
use crate::quantile::{ln_gamma, ln_gamma_share, root};

/// Of the gamma prior.
const RHO: f64 = 1.0;

#[derive(Debug, Clone)]
pub struct Anytime {
    range: (f64, f64),
    count: f64,
    w: Sum,
    wr: Sum,
    w2: Sum,
    w2r: Sum,
    w2r2: Sum,
    low: Guesses,
    high: Guesses,
}

/// Sums with the guess of each row, for one of both ends.
#[derive(Debug, Clone, Copy, Default)]
struct Guesses {
    wr: Sum,
    w: Sum,
    squares: Sum,
}

impl Anytime {
    /// For rewards in `range`; those outside are taken as its nearest end.
    pub fn new(range: (f64, f64)) -> Anytime {
        let sum = Sum::default();
        Anytime {
            range,
            count: 0.0,
            w: sum,
            wr: sum,
            w2: sum,
            w2r: sum,
            w2r2: sum,
            low: Guesses::default(),
            high: Guesses::default(),
        }
    }

    pub fn add(&mut self, row: &Row) {
        let (w, r) = (row.counted_weight(), row.reward.clamp(self.range.0, self.range.1));
        let (gained, lost) = self.scaled();
        for (guesses, sum) in [(&mut self.low, gained), (&mut self.high, lost)] {
            let guess = (sum + 0.5) / (self.count + 1.0);
            guesses.wr.add(w * r * guess);
            guesses.w.add(w * guess);
            guesses.squares.add(guess * guess);
        }
        self.w.add(w);
        self.wr.add(w * r);
        self.w2.add(w * w);
        self.w2r.add(w * w * r);
        self.w2r2.add((w * r) * (w * r));
        self.count += 1.0;
    }

    /// `None` without rows, or for a range that is a point.
    pub fn interval(&self, miss: f64) -> Option<Interval> {
        let (least, most) = self.range;
        let span = most - least;
        if self.count == 0.0 || span <= 0.0 {
            return None;
        }
        let (gained, lost) = self.scaled();
        let low = self.bound(gained, self.spread(least, -1.0, &self.low), miss / 2.0);
        let high = 1.0 - self.bound(lost, self.spread(most, 1.0, &self.high), miss / 2.0);
        Some(Interval { low: least + low * span, high: least + high * span })
    }

    /// Σ w (r - least)/span and Σ w (most - r)/span.
    fn scaled(&self) -> (f64, f64) {
        let (least, most) = self.range;
        let span = most - least;
        let (w, wr) = (self.w.value(), self.wr.value());
        ((wr - w * least) / span, (w * most - wr) / span)
    }

    /// Σ (scaled term - guess)², measured from one end of the range.
    fn spread(&self, end: f64, sign: f64, guesses: &Guesses) -> f64 {
        let span = self.range.1 - self.range.0;
        let squares = self.w2r2.value() - 2.0 * end * self.w2r.value() + end * end * self.w2.value();
        squares / (span * span)
            + sign * 2.0 * (guesses.wr.value() - end * guesses.w.value()) / span
            + guesses.squares.value()
    }

    /// The largest mean that the wealth process refuses, within [0, 1].
    fn bound(&self, sum: f64, spread: f64, miss: f64) -> f64 {
        let enough = -miss.ln();
        let wealth = |mean: f64| log_wealth(sum - self.count * mean, spread) - enough;
        if wealth(0.0) <= 0.0 {
            return 0.0;
        }
        let most = (sum / self.count).min(1.0);
        if wealth(most) >= 0.0 { most } else { root(wealth, 0.0, most) }
    }
}

fn log_wealth(sum: f64, spread: f64) -> f64 {
    let shape = spread + RHO;
    sum + spread + RHO * RHO.ln() - shape * (sum + shape).ln() + (ln_gamma_share(shape, sum + shape) + ln_gamma(shape))
        - (ln_gamma_share(RHO, RHO) + ln_gamma(RHO))
}
