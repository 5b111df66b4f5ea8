//! A plotting area over two axes: where a point lies, the lines at round values of y, bands of doubt.

use std::ops::Range;

use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;

use crate::axis::{rounded, ticks};
use crate::canvas::{Align, Canvas, Drawn, pixels, units};
use crate::number::{alike, drawable};
use crate::text::width as text_width;

type Plot = Cartesian2d<RangedCoordf64, RangedCoordf64>;

/// Edges in pixels, and what they show.
pub struct Plane {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
    /// About how many lines there is room for.
    rows: usize,
    pub y_range: Range<f64>,
    plot: Plot,
}

impl Plane {
    /// In a drawing of this width and height; `beyond` pixels at the right are for names, `y_range` is grown to
    /// round values.
    pub fn new(
        canvas: &Canvas,
        (width, height): (f64, f64),
        beyond: f64,
        x_range: Range<f64>,
        y_range: Range<f64>,
    ) -> Plane {
        let font = canvas.font_size;
        let (top, bottom) = (font * 2.4, height - font * 2.4);
        let rows = ((bottom - top) / 45.0).clamp(2.0, 6.0) as usize;
        let y_range = roomy(y_range, rows);
        let labels = alike(&ticks(&y_range, rows)).iter().map(|label| text_width(label, font)).fold(0.0, f64::max);
        let left = (16.0 + labels).min(width * 0.3);
        let right = width - beyond;
        // Upside down, because pixels count downwards.
        let area = (units(left)..units(right), units(bottom)..units(top));
        Plane { left, right, top, bottom, rows, plot: Plot::new(x_range, y_range.clone(), area), y_range }
    }

    /// Units of a point; what lies outside of the range of y stays at its edge.
    pub fn place(&self, x: f64, y: f64) -> (i32, i32) {
        self.plot.translate(&(x, y.clamp(self.y_range.start, self.y_range.end)))
    }

    /// Lines at round values with what they stand for.
    pub fn levels(&self, canvas: &Canvas) -> Drawn {
        let levels = ticks(&self.y_range, self.rows);
        for (level, label) in levels.iter().zip(alike(&levels)) {
            let y = pixels(self.place(0.0, *level).1);
            canvas.grid_line((self.left, y), (self.right, y))?;
            canvas.text(&label, (self.left - 8.0, y), Align::Right, canvas.dim())?;
        }
        Some(())
    }

    /// What y is, above the lines.
    pub fn heading(&self, canvas: &Canvas, label: &str) -> Drawn {
        canvas.text(label, (self.left - 8.0, canvas.font_size * 1.1), Align::Left, canvas.dim())
    }

    /// What lies between low and high from place to place; nothing where fewer than two have both.
    pub fn band(&self, canvas: &Canvas, places: &[(f64, (f64, f64))], color: RGBAColor) -> Drawn {
        if places.len() < 2 {
            return Some(());
        }
        let above = places.iter().map(|(x, (_, high))| self.place(*x, *high));
        let below = places.iter().rev().map(|(x, (low, _))| self.place(*x, *low));
        canvas.shape(above.chain(below).collect(), color)
    }
}

/// A band that can be drawn.
pub fn band(low: Option<f64>, high: Option<f64>) -> Option<(f64, f64)> {
    let bound = |bound: Option<f64>| bound.and_then(drawable);
    bound(low).zip(bound(high)).filter(|(low, high)| low <= high)
}

/// A little more than the range, to round values.
fn roomy(Range { start, end }: Range<f64>, rows: usize) -> Range<f64> {
    let margin = match end - start {
        extent if extent > 0.0 => extent * 0.04,
        _ => (end.abs() * 0.1).max(0.5),
    };
    rounded(start - margin..end + margin, rows)
}
