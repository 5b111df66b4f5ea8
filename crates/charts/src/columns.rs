//! How often: upright bars over kinds or ranges, in their order, with percentiles as lines through them and their names
//! above.

use serde::{Deserialize, Serialize};

use crate::axis::{rounded, ticks};
use crate::canvas::{Align, Canvas, Drawn, Size, draw as draw_canvas, units};
use crate::number::{alike, drawable, number, percent};
use crate::text::width as text_width;
use crate::{Chart, Hit, Style};

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ColumnChart {
    /// What is counted by what, above the drawing.
    pub label: String,
    /// Range or kind, and how many.
    pub columns: Vec<(String, f64)>,
    pub color: usize,
    /// What is counted, on hover.
    pub measure: String,
    /// Of the ranges, below them; may be empty.
    pub unit: String,
    /// Name, and the place in columns: 1.5 is the middle of the second one.
    pub marks: Vec<(String, f64)>,
}

struct Layout {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    bar: f64,
    high: f64,
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
        let layout = Layout::new(canvas, size, data, most);
        grid(canvas, &layout, data)?;
        for (place, count) in counts.iter().enumerate() {
            let top = layout.y(*count);
            let area = (layout.x(place as f64) + 1.0, top, (layout.bar - 2.0).max(0.5), layout.bottom - top);
            canvas.bar(area, canvas.series(data.color))?;
        }
        marks(canvas, &layout, data)?;
        Some(hits(&layout, data, &counts))
    })
}

impl Layout {
    fn new(canvas: &Canvas, size: Size, data: &ColumnChart, most: f64) -> Layout {
        let (width, height, font) = (f64::from(size.width), f64::from(size.height), canvas.font_size);
        let high = rounded(0.0..most, 4).end;
        let labels = alike(&ticks(&(0.0..high), 4)).iter().map(|label| text_width(label, font)).fold(0.0, f64::max);
        let left = (16.0 + labels).min(width * 0.3);
        // Names of marks stand right of their lines.
        let names = data.marks.iter().map(|(name, _)| text_width(name, font)).fold(0.0, f64::max);
        let right = width - (names + 8.0).max(24.0).min(width * 0.3);
        let top = match data.marks.len() {
            0 => font * 2.4,
            marks => font * (3.0 + 1.3 * marks as f64),
        };
        let below = if data.unit.is_empty() { font * 2.2 } else { font * 3.4 };
        let bar = (right - left) / data.columns.len() as f64;
        Layout { left, right, top: top.min(height * 0.5), bottom: height - below, bar, high }
    }

    /// Of a place among the columns.
    fn x(&self, place: f64) -> f64 {
        self.left + place * self.bar
    }

    fn y(&self, count: f64) -> f64 {
        self.bottom - (count / self.high).clamp(0.0, 1.0) * (self.bottom - self.top)
    }
}

fn grid(canvas: &Canvas, layout: &Layout, data: &ColumnChart) -> Drawn {
    let font = canvas.font_size;
    canvas.text(&data.label, (layout.left - 8.0, font * 1.1), Align::Left, canvas.dim())?;
    let levels = ticks(&(0.0..layout.high), 4);
    for (level, label) in levels.iter().zip(alike(&levels)) {
        let y = layout.y(*level);
        canvas.grid_line((layout.left, y), (layout.right, y))?;
        canvas.text(&label, (layout.left - 8.0, y), Align::Right, canvas.dim())?;
    }
    // As many names as there is room for, the last one among them.
    let widest = data.columns.iter().map(|(name, _)| text_width(name, font)).fold(0.0, f64::max);
    let every = ((widest + 8.0) / layout.bar).ceil().max(1.0) as usize;
    let last = data.columns.len() - 1;
    for (place, (name, _)) in data.columns.iter().enumerate() {
        if place == last || (place % every == 0 && last - place >= every) {
            let spot = (layout.x(place as f64 + 0.5), layout.bottom + font * 0.95);
            canvas.text(name, spot, Align::Middle, canvas.dim())?;
        }
    }
    let below = ((layout.left + layout.right) / 2.0, layout.bottom + font * 2.3);
    if data.unit.is_empty() { Some(()) } else { canvas.text(&data.unit, below, Align::Middle, canvas.dim()) }
}

/// The names stand above each other, so that near ones do not touch.
fn marks(canvas: &Canvas, layout: &Layout, data: &ColumnChart) -> Drawn {
    let font = canvas.font_size;
    for (place, (name, at)) in data.marks.iter().enumerate() {
        let Some(at) = drawable(*at).filter(|at| (0.0..=data.columns.len() as f64).contains(at)) else { continue };
        let (x, y) = (layout.x(at), font * (2.6 + 1.3 * place as f64));
        let ends = vec![(units(x), units(y + font * 0.1)), (units(x), units(layout.bottom))];
        canvas.line(ends, canvas.thin(canvas.text_color()))?;
        canvas.text(name, (x + 6.0, y), Align::Left, canvas.text_color())?;
    }
    Some(())
}

fn hits(layout: &Layout, data: &ColumnChart, counts: &[f64]) -> Vec<Hit> {
    let all: f64 = counts.iter().sum();
    let mut below = 0.0;
    let hit = |(place, count): (usize, &f64)| {
        below += count;
        Hit {
            area: (layout.x(place as f64), layout.top, layout.bar, layout.bottom - layout.top),
            anchor: (layout.x(place as f64 + 0.5), layout.y(*count)),
            title: format!("{} {}", data.columns[place].0, data.unit).trim_end().to_owned(),
            lines: vec![
                (data.measure.clone(), number(*count)),
                ("share".to_string(), percent(count / all)),
                ("up to here".to_string(), percent(below / all)),
            ],
        }
    };
    counts.iter().enumerate().map(hit).collect()
}
