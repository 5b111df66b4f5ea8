//! Round numbers along an axis.

use std::ops::Range;

/// Multiples of 1, 2 or 5 times a power of ten within the range, about `wanted` of them, ascending.
/// A range without extent, or one that is no range, has none.
pub fn ticks(range: &Range<f64>, wanted: usize) -> Vec<f64> {
    let step = step(range, wanted);
    if !(step.is_finite() && step > 0.0) {
        return Vec::new();
    }
    let slack = step * 1e-9;
    let first = ((range.start - slack) / step).ceil();
    let count = ((range.end + slack) / step).floor() - first;
    // A step that vanishes beside the numbers themselves would give the same tick again and again.
    if !(0.0..=200.0).contains(&count) || range.start + step == range.start {
        return Vec::new();
    }
    (0..=count as usize).map(|place| tidy((first + place as f64) * step, step)).collect()
}

/// The range grown to the next tick on both sides.
pub fn rounded(range: Range<f64>, wanted: usize) -> Range<f64> {
    let step = step(&range, wanted);
    if !(step.is_finite() && step > 0.0) {
        return range;
    }
    let grown = tidy((range.start / step).floor() * step, step)..tidy((range.end / step).ceil() * step, step);
    if grown.start.is_finite() && grown.end.is_finite() && grown.start < grown.end { grown } else { range }
}

fn step(range: &Range<f64>, wanted: usize) -> f64 {
    let rough = (range.end - range.start) / wanted.max(1) as f64;
    let power = 10f64.powf(rough.log10().floor());
    let figure = rough / power;
    power
        * if figure <= 1.0 {
            1.0
        } else if figure <= 2.0 {
            2.0
        } else if figure <= 5.0 {
            5.0
        } else {
            10.0
        }
}

/// `3 * 0.1` as `0.3`.
fn tidy(value: f64, step: f64) -> f64 {
    let decimals = (-step.log10().floor()).clamp(0.0, 17.0) as usize;
    if decimals == 0 {
        return value;
    }
    format!("{value:.decimals$}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn are_round() {
        assert_eq!(ticks(&(0.0..10.0), 5), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(ticks(&(0.0..0.35), 4), [0.0, 0.1, 0.2, 0.3]);
        assert_eq!(ticks(&(-1.0..1.0), 4), [-1.0, -0.5, 0.0, 0.5, 1.0]);
        assert_eq!(rounded(0.03..0.97, 5), 0.0..1.0);
        for strange in [0.0..0.0, 5.0..4.0, 0.0..f64::NAN, f64::NEG_INFINITY..f64::INFINITY, 1e17..1e17 + 16.0] {
            assert!(ticks(&strange, 5).len() < 10, "{strange:?}");
        }
    }
}
