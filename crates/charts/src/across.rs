//! Values from left to right: where each stands, and the lines at round ones with what they stand for below.

use std::ops::Range;

use crate::axis::ticks;
use crate::canvas::{Align, Canvas, Drawn};
use crate::number::{alike, percent};

/// In pixels, and in values.
pub struct Across {
    pub left: f64,
    pub right: f64,
    pub range: Range<f64>,
}

impl Across {
    /// Pixels of a value.
    pub fn x(&self, value: f64) -> f64 {
        self.left + (value - self.range.start) / (self.range.end - self.range.start) * (self.right - self.left)
    }

    /// Lines from `top` to `bottom`, the values as they are or as shares.
    pub fn grid(&self, canvas: &Canvas, (top, bottom): (f64, f64), shares: bool) -> Drawn {
        let wanted = ((self.right - self.left) / 90.0).clamp(2.0, 8.0) as usize;
        let levels = ticks(&self.range, wanted);
        let labels = if shares { levels.iter().map(|level| percent(*level)).collect() } else { alike(&levels) };
        for (level, label) in levels.iter().zip(labels) {
            let x = self.x(*level);
            canvas.grid_line((x, top), (x, bottom))?;
            canvas.text(&label, (x, bottom + canvas.font_size * 0.95), Align::Middle, canvas.dim())?;
        }
        Some(())
    }
}
