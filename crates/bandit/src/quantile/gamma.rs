//! The logarithm of the gamma function and of the regularised lower incomplete one.

pub(crate) fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// ln P(a, x), the share of the gamma function below x, for x ≥ a > 0 up to ten millions: where P is no small
/// number and its logarithm loses nothing. Series up to x = a+1, Legendre's continued fraction above.
pub(crate) fn ln_gamma_share(a: f64, x: f64) -> f64 {
    let scale = a * x.ln() - x - ln_gamma(a);
    if x < a + 1.0 {
        scale + series(a, x).ln()
    } else {
        // What is left above is taken away from one.
        (-(scale.exp() * fraction(a, x))).ln_1p()
    }
}

/// Σ x^k / (a (a+1) … (a+k)). Its number of terms grows with √a.
fn series(a: f64, x: f64) -> f64 {
    let (mut term, mut sum, mut k) = (1.0 / a, 1.0 / a, a);
    while term > sum * f64::EPSILON * 0.1 {
        k += 1.0;
        term *= x / k;
        sum += term;
    }
    sum
}

/// Lentz's evaluation of Γ(a, x) / (e^-x x^a).
fn fraction(a: f64, x: f64) -> f64 {
    let tiny = f64::MIN_POSITIVE / f64::EPSILON;
    let mut b = x + 1.0 - a;
    let mut c = 1.0 / tiny;
    let mut d = 1.0 / if b == 0.0 { tiny } else { b };
    let mut h = d;
    for i in 1..100_000 {
        let i = f64::from(i);
        let an = -i * (i - a);
        b += 2.0;
        d = an * d + b;
        d = 1.0 / if d.abs() < tiny { tiny } else { d };
        c = b + an / c;
        c = if c.abs() < tiny { tiny } else { c };
        let step = d * c;
        h *= step;
        if (step - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    h
}
