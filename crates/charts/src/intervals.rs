//! Estimates beside each other: a row for each, a dot for its value, a bar for every interval of it. Where one is
//! refused, its row says so.

use serde::{Deserialize, Serialize};

use crate::across::Across;
use crate::axis::rounded;
use crate::canvas::{Align, Canvas, Drawn, Size, draw as draw_canvas, units};
use crate::number::{alike, drawable, number};
use crate::text::{clip, width as text_width};
use crate::{Chart, Hit, Style};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IntervalChart {
    /// What is estimated, above the drawing.
    pub label: String,
    pub rows: Vec<IntervalRow>,
    /// A value that all are compared with, and its name.
    pub reference: Option<(String, f64)>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IntervalRow {
    pub name: String,
    pub color: usize,
    /// Or why there is none.
    pub value: Result<f64, String>,
    /// Kind, low, high.
    pub intervals: Vec<(String, f64, f64)>,
}

struct Layout {
    across: Across,
    top: f64,
    bottom: f64,
    /// Of a bar.
    bar: f64,
}

/// Of a bar and the gap below it.
const BAR: f64 = 8.0;
const GAP: f64 = 10.0;

/// `None` without rows. Sizes as for `credit`.
pub fn intervals(data: &IntervalChart, style: &Style, width: u32, height: u32) -> Option<Chart> {
    if data.rows.is_empty() {
        return None;
    }
    let size = Size::new(width, height);
    draw_canvas(style, size, |canvas| {
        let layout = Layout::new(canvas, size, data);
        grid(canvas, &layout, data)?;
        let mut hits = Vec::new();
        let mut y = layout.top;
        for row in &data.rows {
            let height = row_height(row) * layout.bar;
            paint(canvas, &layout, row, y, height)?;
            hits.push(hit(&layout, row, y, height));
            y += height;
        }
        Some(hits)
    })
}

/// A height at which every interval has its bar.
pub fn intervals_height(data: &IntervalChart, style: &Style) -> u32 {
    let font = f64::from(style.font_size.clamp(6, 64));
    let rows: f64 = data.rows.iter().map(row_height).sum();
    (rows + font * 4.8).ceil().min(8192.0) as u32
}

fn row_height(row: &IntervalRow) -> f64 {
    (row.intervals.len() as f64 * BAR).max(16.0) + GAP
}

impl Layout {
    fn new(canvas: &Canvas, size: Size, data: &IntervalChart) -> Layout {
        let (width, height, font) = (f64::from(size.width), f64::from(size.height), canvas.font_size);
        let names = data.rows.iter().map(|row| text_width(&row.name, font)).fold(0.0, f64::max);
        let left = (names + 18.0).min(width * 0.35);
        let right = width - (font * 5.5).min(width * 0.2);
        let (top, bottom) = (font * 2.4, height - font * 2.2);
        let values = || data.rows.iter().filter_map(|row| drawable(*row.value.as_ref().ok()?));
        let ends =
            || data.rows.iter().flat_map(|row| &row.intervals).flat_map(|one| [one.1, one.2]).filter_map(drawable);
        let reference = data.reference.iter().filter_map(|(_, value)| drawable(*value));
        let all = values().chain(ends()).chain(reference);
        let (low, high) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), value| (a.min(value), b.max(value)));
        let (low, high) = if low <= high { (low, high) } else { (0.0, 1.0) };
        let margin = if high > low { (high - low) * 0.03 } else { (high.abs() * 0.1).max(0.5) };
        let range = rounded(low - margin..high + margin, 6);
        let rows: f64 = data.rows.iter().map(row_height).sum();
        Layout { across: Across { left, right, range }, top, bottom, bar: (bottom - top).max(1.0) / rows }
    }
}

fn grid(canvas: &Canvas, layout: &Layout, data: &IntervalChart) -> Drawn {
    let font = canvas.font_size;
    layout.across.grid(canvas, (layout.top, layout.bottom), false)?;
    canvas.text(&data.label, (8.0, font * 1.1), Align::Left, canvas.dim())?;
    let reference = data.reference.as_ref().and_then(|(name, value)| Some((name, drawable(*value)?)));
    let Some((name, value)) = reference else { return Some(()) };
    let x = layout.across.x(value);
    let text = format!("{name} {}", number(value));
    canvas.bar((x - 0.75, layout.top, 1.5, layout.bottom - layout.top), canvas.dim())?;
    let (left, half) = (layout.across.left, text_width(&text, font) / 2.0);
    let middle = x.clamp(left + half, (layout.across.right + font * 5.0 - half).max(left + half));
    canvas.text(&text, (middle, layout.top - font * 0.45), Align::Middle, canvas.dim())
}

fn paint(canvas: &Canvas, layout: &Layout, row: &IntervalRow, y: f64, height: f64) -> Drawn {
    let (font, left) = (canvas.font_size, layout.across.left);
    let middle = y + height / 2.0;
    canvas.text(&clip(&row.name, left - 12.0, font), (left - 10.0, middle), Align::Right, canvas.text_color())?;
    let value = match &row.value {
        Err(reason) => {
            let room = layout.across.right - left;
            return canvas.text(&clip(reason, room, font), (left + 4.0, middle), Align::Left, canvas.dim());
        }
        Ok(value) => *value,
    };
    let color = canvas.series(row.color);
    let own = row.intervals.len() as f64 * BAR * layout.bar;
    let mut top = middle - own / 2.0;
    for (_, low, high) in &row.intervals {
        if let (Some(low), Some(high)) = (drawable(*low), drawable(*high)) {
            let (from, to) = (layout.across.x(low), layout.across.x(high));
            let corners = vec![
                (units(from), units(top + 1.5)),
                (units(to.max(from + 1.0)), units(top + 1.5)),
                (units(to.max(from + 1.0)), units(top + 1.5 + (BAR - 4.0) * layout.bar)),
                (units(from), units(top + 1.5 + (BAR - 4.0) * layout.bar)),
            ];
            canvas.shape(corners, plotters::style::Color::mix(&color, 0.45))?;
        }
        top += BAR * layout.bar;
    }
    if let Some(value) = drawable(value) {
        canvas.dot((units(layout.across.x(value)), units(middle)), 3.5, color)?;
    }
    canvas.text(&number(value), (layout.across.right + 8.0, middle), Align::Left, canvas.text_color())
}

fn hit(layout: &Layout, row: &IntervalRow, y: f64, height: f64) -> Hit {
    let mut lines = Vec::new();
    let anchor = match &row.value {
        Ok(value) => {
            lines.push(("estimate".to_owned(), number(*value)));
            drawable(*value).map_or(layout.across.left, |value| layout.across.x(value))
        }
        Err(reason) => {
            lines.push(("no answer".to_owned(), reason.clone()));
            layout.across.left
        }
    };
    let interval =
        |(kind, low, high): &(String, f64, f64)| (kind.replace('_', " "), alike(&[*low, *high]).join(" to "));
    lines.extend(row.intervals.iter().map(interval));
    Hit {
        area: (0.0, y, layout.across.right, height),
        anchor: (anchor, y + height / 2.0),
        title: row.name.clone(),
        lines,
    }
}
