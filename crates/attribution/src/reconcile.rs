//! Whether what a model gave is what there was to give.

use crate::credit::{Credit, sum};
use crate::paths::Sample;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reconciled {
    /// Given minus there.
    pub conversions_gap: f64,
    pub value_gap: f64,
    /// Both gaps are within what rounding explains.
    pub holds: bool,
}

/// Compares a credit's sums with the sample's attributed conversions and value. Rounding explains one unit in the
/// last place for each weight of the longest path and each channel, of the sum of sizes.
pub fn reconcile(sample: Sample<'_>, credit: &Credit) -> Reconciled {
    let totals = sample.totals();
    let longest = sample.iter().map(|(path, _)| path.touches.len()).max().unwrap_or_default();
    let units = (longest + sample.channels() + 4) as f64 * f64::EPSILON;
    let size: f64 = sample.iter().map(|(_, outcome)| outcome.value.abs()).sum();
    let conversions_gap = sum(&credit.conversions) - totals.conversions;
    let value_gap = if credit.value.is_empty() { 0.0 } else { sum(&credit.value) - totals.value };
    let holds =
        conversions_gap.abs() <= units * totals.conversions.max(1.0) && value_gap.abs() <= units * size.max(1.0);
    Reconciled { conversions_gap, value_gap, holds }
}
