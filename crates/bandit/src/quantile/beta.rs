//! The Beta distribution: its regularised incomplete function by continued fraction, and its quantile.

use super::{ln_gamma, root};

/// `below` is the probability to the left of it; a and b above 0.
pub(crate) fn beta(below: f64, a: f64, b: f64) -> f64 {
    if below <= 0.0 {
        return 0.0;
    }
    if below >= 1.0 {
        return 1.0;
    }
    // In the logarithm of x, because of few successes the quantile may be 1e-46.
    let middle = share(0.5, a, b);
    if middle > below {
        root(|ln_x| share(ln_x.exp(), a, b).ln() - below.ln(), -700.0, -std::f64::consts::LN_2).exp()
    } else {
        root(|x| share(x, a, b) - below, 0.5, 1.0)
    }
}

/// I_x(a, b).
fn share(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let front = (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (-x).ln_1p()).exp();
    // The fraction converges fast on one side of the mean.
    if x < (a + 1.0) / (a + b + 2.0) {
        front * fraction(x, a, b) / a
    } else {
        1.0 - front * fraction(1.0 - x, b, a) / b
    }
}

/// Lentz's evaluation of the continued fraction.
fn fraction(x: f64, a: f64, b: f64) -> f64 {
    let tiny = f64::MIN_POSITIVE / f64::EPSILON;
    let whole = |value: f64| if value.abs() < tiny { tiny } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / whole(1.0 - (a + b) * x / (a + 1.0));
    let mut h = d;
    for m in 1..100_000 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / whole(1.0 + even * d);
        c = whole(1.0 + even / c);
        h *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / whole(1.0 + odd * d);
        c = whole(1.0 + odd / c);
        let step = d * c;
        h *= step;
        if (step - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    h
}
