//! How often: upright bars over kinds or ranges, in their order.

use serde::{Deserialize, Serialize};

use crate::axis::{rounded, ticks};
use crate::canvas::{Align, Canvas, Drawn, Size, draw as draw_canvas};
use crate::number::{alike, drawable, number, percent};
use crate::text::width as text_width;
use crate::{Chart, Hit, Style};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnChart {
    /// What is counted by what, above the drawing.
    pub label: String,
    /// Range or kind, and how many.
    pub columns: Vec<(String, f64)>,
    pub color: usize,
}

/// `None` without columns or where all are empty. Sizes as for `credit`.
pub fn columns(data: &ColumnChart, style: &Style, width: u32, height: u32) -> Option<Chart> {
    let counts: Vec<f64> = data.columns.iter().map(|(_, count)| drawable(*count).unwrap_or(0.0).max(0.0)).collect();
    let most = counts.iter().copied().fold(0.0, f64::max);
    if most <= 0.0 {
        return None;
    }
    let size = Size::new(width, height);
    draw_canvas(style, size, |canvas| {
        let (width, height, font) = (f64::from(size.width), f64::from(size.height), canvas.font_size);
        let (top, bottom) = (font * 2.4, height - font * 2.2);
        let range = rounded(0.0..most, 4);
        let levels = ticks(&range, 4);
        let labels = alike(&levels);
        let left = 16.0 + labels.iter().map(|label| text_width(label, font)).fold(0.0, f64::max);
        let right = width - 10.0;
        let y = |count: f64| bottom - (count / range.end).clamp(0.0, 1.0) * (bottom - top);
        for (level, label) in levels.iter().zip(&labels) {
            canvas.grid_line((left, y(*level)), (right, y(*level)))?;
            canvas.text(label, (left - 8.0, y(*level)), Align::Right, canvas.dim())?;
        }
        canvas.text(&data.label, (left - 8.0, font * 1.1), Align::Left, canvas.dim())?;
        let step = (right - left) / counts.len() as f64;
        names(canvas, data, (left, step), bottom + font * 0.95)?;
        let total: f64 = counts.iter().sum();
        let mut hits = Vec::new();
        for (place, count) in counts.iter().enumerate() {
            let from = left + place as f64 * step;
            let gap = (step * 0.12).min(3.0);
            canvas.bar((from + gap, y(*count), step - 2.0 * gap, bottom - y(*count)), canvas.series(data.color))?;
            hits.push(Hit {
                area: (from, top, step, bottom - top),
                anchor: (from + step / 2.0, y(*count)),
                title: data.columns[place].0.clone(),
                lines: vec![("count".into(), number(*count)), ("share".into(), percent(count / total))],
            });
        }
        Some(hits)
    })
}

/// Under their columns, as many as there is room for.
fn names(canvas: &Canvas, data: &ColumnChart, (left, step): (f64, f64), y: f64) -> Drawn {
    let widest = data.columns.iter().map(|(name, _)| text_width(name, canvas.font_size)).fold(0.0, f64::max);
    let every = ((widest + 8.0) / step).ceil().max(1.0) as usize;
    for (place, (name, _)) in data.columns.iter().enumerate().step_by(every) {
        canvas.text(name, (left + (place as f64 + 0.5) * step, y), Align::Middle, canvas.dim())?;
    }
    Some(())
}
