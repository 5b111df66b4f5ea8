//! The profile interval of the Cressie–Read (-2) estimate with an F(1, n) quantile. Karampatziakis, Langford,
//! Mineiro, ICML 2020 (arXiv 1906.03323); vw-estimators 0.2.2.

use super::Interval;
use crate::evaluate::Weights;
use crate::quantile::fisher_one;

const EXACT: f64 = 1e-9;

/// For rewards in `range` and weights that may be anything from 0 up. `None` without rows.
pub fn cressie_read_interval(sums: &Weights, range: (f64, f64), miss: f64) -> Option<Interval> {
    if sums.count == 0 {
        return None;
    }
    let (n, w) = (sums.count as f64, sums.w.value());
    let least = sums.least_weight.min(0.0);
    let unconstrained = if w < n {
        1.0 + 1.0 / n
    } else {
        let a = (least + w) / (1.0 + n);
        let b = (least * least + sums.w2.value()) / (1.0 + n);
        (1.0 + n) * (a - 1.0).powi(2) / (b - a * a)
    };
    let phi = (-unconstrained - fisher_one(miss, n)) / (2.0 * (1.0 + n));
    let end = |reward: f64, sign: f64| {
        let found = [bounded(sums, least, reward, sign, phi), unbounded(sums, reward, sign, phi)];
        let best = found.into_iter().flatten().reduce(f64::min);
        best.map_or(range.0, |best| sign * best).clamp(range.0, range.1)
    };
    Some(Interval { low: end(range.0, 1.0), high: end(range.1, -1.0) })
}

/// The bound if the mass that is missing has the least weight.
fn bounded(sums: &Weights, weight: f64, reward: f64, sign: f64, phi: f64) -> Option<f64> {
    let more = 1.0 + sums.count as f64;
    let w = (weight + sums.w.value()) / more;
    let w2 = (weight * weight + sums.w2.value()) / more;
    let wr = sign * (weight * reward + sums.wr.value()) / more;
    let w2r = sign * (weight * weight * reward + sums.w2r.value()) / more;
    let w2r2 = (weight * weight * reward * reward + sums.w2r2.value()) / more;
    let spread = w2 - w * w;
    if spread <= 0.0 {
        return None;
    }
    let together = w2r - w * wr;
    let x = wr + (1.0 - w) * together / spread;
    let y = together * together / spread - (w2r2 - wr * wr);
    let z = phi + 0.5 * (1.0 - w).powi(2) / spread;
    lowest(x, y, z)
}

/// The bound if its weight is without limit.
fn unbounded(sums: &Weights, reward: f64, sign: f64, phi: f64) -> Option<f64> {
    let n = sums.count as f64;
    let (w, wr) = (sums.w.value(), sums.wr.value());
    let x = sign * (reward + (wr - w * reward) / n);
    let apart = reward * reward * sums.w2.value() - 2.0 * reward * sums.w2r.value() + sums.w2r2.value();
    let y = (reward * w - wr).powi(2) / (n * (1.0 + n)) - apart / (1.0 + n);
    let z = phi + 1.0 / (2.0 * n);
    lowest(x, y, z)
}

fn lowest(x: f64, y: f64, z: f64) -> Option<f64> {
    if (y * z).abs() <= EXACT * EXACT {
        Some(x - std::f64::consts::SQRT_2 * EXACT)
    } else if z <= 0.0 && y * z >= 0.0 {
        Some(x - (2.0 * y * z).sqrt())
    } else {
        None
    }
}
