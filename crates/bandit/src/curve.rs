//! The cumulative average reward in the order of emission, with a normal interval of the mean.

use crate::join::Joined;

/// Quantile of the standard normal distribution at 0.975.
const Z_95: f64 = 1.959_963_984_540_054;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurvePoint {
    /// Decisions so far.
    pub decisions: u64,
    /// When the last of them was emitted.
    pub emitted_ms: i64,
    pub mean: f64,
    /// 95 % normal interval of the mean (sample deviation over √n); `None` below two decisions.
    pub interval: Option<(f64, f64)>,
}

/// The curve over all records, thinned to at most `limit` points; the first and the last always stay.
/// A limit below 2 gives the last point alone.
pub fn curve<P>(records: &[Joined<P>], limit: usize) -> Vec<CurvePoint> {
    let mut points = Vec::with_capacity(records.len().min(limit));
    let (mut mean, mut squares) = (0.0, 0.0);
    for (place, record) in records.iter().enumerate() {
        // Welford's update: sums of squares would lose small deviations around a large mean.
        let decisions = place as u64 + 1;
        let step = record.reward - mean;
        mean += step / decisions as f64;
        squares += step * (record.reward - mean);
        if is_kept(place, records.len(), limit) {
            let interval = (decisions > 1).then(|| {
                let half = Z_95 * (squares / (decisions - 1) as f64 / decisions as f64).max(0.0).sqrt();
                (mean - half, mean + half)
            });
            points.push(CurvePoint { decisions, emitted_ms: record.emitted_ms, mean, interval });
        }
    }
    points
}

/// Whether `place` is one of `limit` places spread evenly over `0..count`, both ends included.
fn is_kept(place: usize, count: usize, limit: usize) -> bool {
    let last = count.saturating_sub(1);
    if place == last || count <= limit {
        return true;
    }
    if limit < 2 {
        return false;
    }
    // Kept places are the first of each of limit-1 even steps; u128 because the product may not fit.
    let step = |place: usize| place as u128 * (limit - 1) as u128 / last as u128;
    place == 0 || step(place) != step(place - 1)
}
