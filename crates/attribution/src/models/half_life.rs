//! Time decay: w_i = 2^(−t_i/h) / Σ, t_i the time from the touch to the end of the journey, h the half-life.
//! Continuous: no steps at whole half-lives.
//!
//! Source: Google Ads (7 days), MAM 2.x; ATTRIBUTION.md §1.

use crate::unable::Unable;

/// Half-life in hours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HalfLife(f64);

impl HalfLife {
    pub const WEEK: HalfLife = HalfLife(168.0);

    pub fn hours(hours: f64) -> Result<HalfLife, Unable> {
        let fits = hours > 0.0 && hours.is_finite();
        if fits { Ok(HalfLife(hours)) } else { Err(Unable::BadParameter("the half-life", "hours above 0")) }
    }

    pub fn as_hours(self) -> f64 {
        self.0
    }

    pub fn weigh(self, hours: &[f64], weights: &mut [f64]) {
        // From the latest touch on, so that a journey that ended years after its touches has weights at all.
        let nearest = hours.iter().copied().fold(f64::INFINITY, f64::min);
        let mut sum = 0.0;
        for (weight, hours) in weights.iter_mut().zip(hours) {
            *weight = ((nearest - hours) / self.0).exp2();
            sum += *weight;
        }
        weights.iter_mut().for_each(|weight| *weight /= sum);
    }
}
