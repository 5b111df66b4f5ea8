//! A root between two ends, by Brent's method.

/// Of a continuous function with different signs at the ends; an end where it has the same sign at both. As
/// exact as doubles allow.
pub(crate) fn root(of: impl Fn(f64) -> f64, low: f64, high: f64) -> f64 {
    let (mut a, mut b) = (low, high);
    let (mut fa, mut fb) = (of(a), of(b));
    if fa * fb > 0.0 {
        return if fa.abs() < fb.abs() { a } else { b };
    }
    let (mut c, mut fc) = (a, fa);
    let (mut step, mut before) = (b - a, b - a);
    for _ in 0..300 {
        if fb * fc > 0.0 {
            (c, fc) = (a, fa);
            step = b - a;
            before = step;
        }
        if fc.abs() < fb.abs() {
            (a, b, c) = (b, c, b);
            (fa, fb, fc) = (fb, fc, fb);
        }
        let tolerance = 2.0 * f64::EPSILON * b.abs() + f64::MIN_POSITIVE;
        let middle = 0.5 * (c - b);
        if middle.abs() <= tolerance || fb == 0.0 {
            return b;
        }
        (step, before) = match interpolated(&[(a, fa), (b, fb), (c, fc)], middle, before, tolerance) {
            Some(shorter) if fa.abs() > fb.abs() => (shorter, step),
            _ => (middle, middle),
        };
        (a, fa) = (b, fb);
        b += if step.abs() > tolerance { step } else { tolerance.copysign(middle) };
        fb = of(b);
    }
    b
}

/// The step of inverse interpolation, where it shortens the bracket fast enough.
fn interpolated(points: &[(f64, f64); 3], middle: f64, before: f64, tolerance: f64) -> Option<f64> {
    let [(a, fa), (b, fb), (c, fc)] = *points;
    if before.abs() < tolerance {
        return None;
    }
    let s = fb / fa;
    let (mut p, mut q) = if a == c {
        (2.0 * middle * s, 1.0 - s)
    } else {
        let (q, r) = (fa / fc, fb / fc);
        (s * (2.0 * middle * q * (q - r) - (b - a) * (r - 1.0)), (q - 1.0) * (r - 1.0) * (s - 1.0))
    };
    if p > 0.0 {
        q = -q;
    }
    p = p.abs();
    (2.0 * p < (3.0 * middle * q - (tolerance * q).abs()).min((before * q).abs())).then(|| p / q)
}
