//! The standard normal distribution's quantile.

use super::root;

/// `below` is the probability to the left of it, within (0, 1).
pub(crate) fn normal(below: f64) -> f64 {
    if below > 0.5 {
        return -normal(1.0 - below);
    }
    // erfc keeps its digits in the tail; ±40 holds every probability that a double can be.
    root(|z| 0.5 * libm::erfc(-z / std::f64::consts::SQRT_2) - below, -40.0, 0.0)
}
