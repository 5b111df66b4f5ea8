//! Numbers with their doubt: a line from low to high, the number as a dot on it, and what else was found as small marks.
//! One row a name, the series beside each other within it.

use crate::across::Across;
use crate::axis::rounded;
use crate::canvas::{Align, Canvas, Drawn, Size, draw as draw_canvas, stroke, units};
use crate::number::{drawable, number, percent};
use crate::text::{clip, width as text_width};
use crate::{Chart, Dot, DotChart, Hit, Style};

/// Pixels that one series of a row takes.
const LINE: f64 = 15.0;

struct Layout {
    across: Across,
    top: f64,
    bottom: f64,
    row: f64,
}

pub fn draw(data: &DotChart, style: &Style, width: u32, height: u32) -> Option<Chart> {
    if data.rows.is_empty() || data.series.is_empty() {
        return None;
    }
    let size = Size::new(width, height);
    draw_canvas(style, size, |canvas| {
        let layout = Layout::new(canvas, size, data);
        heading(canvas, &layout, data)?;
        layout.across.grid(canvas, (layout.top, layout.bottom), data.percent)?;
        for (place, (name, dots)) in data.rows.iter().enumerate() {
            if layout.row >= canvas.font_size * 0.9 {
                let middle = layout.top + (place as f64 + 0.5) * layout.row;
                let name = clip(name, layout.across.left - 20.0, canvas.font_size);
                canvas.text(&name, (layout.across.left - 8.0, middle), Align::Right, canvas.text_color())?;
            }
            for (series, dot) in dots.iter().enumerate().take(data.series.len()) {
                paint(canvas, &layout, data, (place, series), dot)?;
            }
        }
        Some(hits(&layout, data))
    })
}

/// The height at which every row has room for its name and lines.
pub fn comfortable_height(data: &DotChart, style: &Style) -> u32 {
    let font = f64::from(style.font_size.clamp(6, 64));
    let row = (data.series.len().max(1) as f64 * LINE + 8.0).max(font * 2.0);
    (data.rows.len().max(1) as f64 * row + font * 4.8).ceil().min(8192.0) as u32
}

impl Layout {
    fn new(canvas: &Canvas, size: Size, data: &DotChart) -> Layout {
        let (width, height, font) = (f64::from(size.width), f64::from(size.height), canvas.font_size);
        let names = data.rows.iter().map(|(name, _)| text_width(name, font)).fold(0.0, f64::max);
        let left = 12.0 + names.min(width * 0.28).max(24.0) + 8.0;
        let numbers = data.rows.iter().flat_map(|(_, dots)| dots).flat_map(|dot| {
            let ends = [dot.value, dot.low.unwrap_or(dot.value), dot.high.unwrap_or(dot.value)];
            ends.into_iter().chain(dot.marks.iter().copied())
        });
        let (low, high) = numbers
            .filter_map(drawable)
            .fold((0.0, 0.0), |(low, high): (f64, f64), value| (low.min(value), high.max(value)));
        let range = rounded(low..if low == high { low + 1.0 } else { high }, 5);
        let (top, bottom) = (font * 2.8, height - font * 2.0);
        let row = (bottom - top) / data.rows.len() as f64;
        let across = Across { left, right: width - 28.0, range };
        Layout { across, top, bottom, row }
    }

    fn y(&self, (row, series): (usize, usize), count: usize) -> f64 {
        let line = (self.row / count as f64).min(LINE);
        self.top + (row as f64 + 0.5) * self.row + (series as f64 + 0.5 - count as f64 / 2.0) * line
    }
}

fn heading(canvas: &Canvas, layout: &Layout, data: &DotChart) -> Drawn {
    let (mut x, y) = (layout.across.left, canvas.font_size * 1.1);
    canvas.text(&data.heading, (x, y), Align::Left, canvas.dim())?;
    x += text_width(&data.heading, canvas.font_size);
    for (place, name) in data.series.iter().enumerate() {
        x += canvas.font_size;
        canvas.text(name, (x, y), Align::Left, canvas.series(place))?;
        x += text_width(name, canvas.font_size);
    }
    Some(())
}

fn paint(canvas: &Canvas, layout: &Layout, data: &DotChart, place: (usize, usize), dot: &Dot) -> Drawn {
    let (y, color) = (layout.y(place, data.series.len()), canvas.series(place.1));
    if let (Some(low), Some(high)) = (dot.low.and_then(drawable), dot.high.and_then(drawable)) {
        let (from, to) = (layout.across.x(low), layout.across.x(high));
        let outline = [(from, -2.5), (to, -2.5), (to, 2.5), (from, 2.5)];
        let outline = outline.into_iter().map(|(x, up)| (units(x), units(y + up))).collect();
        canvas.shape(outline, crate::canvas::faint(color, 0.3))?;
    }
    for mark in dot.marks.iter().copied().filter_map(drawable) {
        let x = layout.across.x(mark);
        let ends = vec![(units(x), units(y - 5.0)), (units(x), units(y + 5.0))];
        canvas.line(ends, plotters::style::Color::stroke_width(&color, stroke(1.4)))?;
    }
    match drawable(dot.value) {
        Some(value) => canvas.dot((units(layout.across.x(value)), units(y)), 3.6, color),
        None => Some(()),
    }
}

fn hits(layout: &Layout, data: &DotChart) -> Vec<Hit> {
    let words = |value: f64| if data.percent { percent(value) } else { number(value) };
    let lines = |series: usize, dot: &Dot| {
        let mut lines = vec![(data.series[series].clone(), words(dot.value))];
        if let (Some(low), Some(high), false) = (dot.low, dot.high, data.band.is_empty()) {
            lines.push((data.band.clone(), format!("{} to {}", words(low), words(high))));
        }
        lines.extend(data.marks.iter().zip(&dot.marks).map(|(name, mark)| (name.clone(), words(*mark))));
        lines
    };
    let hit = |(place, (name, dots)): (usize, &(String, Vec<Dot>))| {
        let top = layout.top + place as f64 * layout.row;
        let furthest =
            dots.iter().filter_map(|dot| drawable(dot.value)).fold(layout.across.range.start.max(0.0), f64::max);
        Hit {
            area: (0.0, top, layout.across.right, layout.row),
            anchor: (layout.across.x(furthest), top + layout.row / 2.0),
            title: name.clone(),
            lines: dots
                .iter()
                .take(data.series.len())
                .enumerate()
                .flat_map(|(series, dot)| lines(series, dot))
                .collect(),
        }
    };
    data.rows.iter().enumerate().map(hit).collect()
}
