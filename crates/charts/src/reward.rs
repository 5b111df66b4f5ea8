//! Cumulative average reward: a line over decisions, the band of doubt behind it, the overall mean named
//! at its end.

use std::ops::Range;

use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;

use crate::axis::{rounded, ticks};
use crate::canvas::{Align, Canvas, Drawn, Size, draw as draw_canvas, pixels, stroke, units};
use crate::number::{alike, count, drawable, number};
use crate::text::width as text_width;
use crate::{Chart, Hit, RewardChart, RewardPoint, Style};

type Plot = Cartesian2d<RangedCoordf64, RangedCoordf64>;

/// A point that can be drawn.
struct Mark<'a> {
    point: &'a RewardPoint,
    x: f64,
    band: Option<(f64, f64)>,
}

/// The plotting area in pixels and what it shows.
struct Layout {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    /// About how many grid lines there is room for.
    rows: usize,
    y_range: Range<f64>,
    plot: Plot,
}

pub fn draw(data: &RewardChart, style: &Style, width: u32, height: u32) -> Option<Chart> {
    let marks = marks(data);
    let last = marks.last()?;
    let size = Size::new(width, height);
    draw_canvas(style, size, |canvas| {
        let layout = Layout::new(canvas, size, &marks);
        grid(canvas, &layout, last.x)?;
        band(canvas, &layout, &marks)?;
        line(canvas, &layout, &marks)?;
        overall(canvas, &layout, last)?;
        Some(hits(&layout, &marks))
    })
}

/// Points with a drawable mean, ascending by decisions.
fn marks(data: &RewardChart) -> Vec<Mark<'_>> {
    let mut marks: Vec<Mark> = Vec::new();
    for point in &data.points {
        let x = point.decisions as f64;
        if drawable(point.mean).is_none() || marks.last().is_some_and(|last| x <= last.x) {
            continue;
        }
        let bound = |bound: Option<f64>| bound.and_then(drawable);
        let band = bound(point.low).zip(bound(point.high)).filter(|(low, high)| low <= high);
        marks.push(Mark { point, x, band });
    }
    marks
}

impl Layout {
    fn new(canvas: &Canvas, size: Size, marks: &[Mark]) -> Layout {
        let (width, height, font) = (f64::from(size.width), f64::from(size.height), canvas.font_size);
        let (top, bottom) = (font * 2.4, height - font * 2.4);
        let rows = ((bottom - top) / 45.0).clamp(2.0, 6.0) as usize;
        let y_range = y_range(marks, rows);
        let labels = alike(&ticks(&y_range, rows)).iter().map(|label| text_width(label, font)).fold(0.0, f64::max);
        let left = (16.0 + labels).min(width * 0.3);
        let right = width - (end_label_width(marks, font) + 20.0).min(width * 0.35);
        let x_range = 0.0..marks.last().map_or(1.0, |mark| mark.x.max(1.0));
        // Upside down, because pixels count downwards.
        let area = (units(left)..units(right), units(bottom)..units(top));
        Layout { left, right, top, bottom, rows, plot: Plot::new(x_range, y_range.clone(), area), y_range }
    }

    /// Units of a value; what lies outside of the range stays at its edge.
    fn place(&self, x: f64, y: f64) -> (i32, i32) {
        self.plot.translate(&(x, y.clamp(self.y_range.start, self.y_range.end)))
    }
}

/// The first few decisions have a wild mean and a wilder band; the range is that of the others, and
/// always holds the overall mean.
fn y_range(marks: &[Mark], rows: usize) -> Range<f64> {
    let last = marks.last().map_or(0.0, |mark| mark.x);
    let settled = (last * 0.03).max(8.0).min(last);
    let values = marks.iter().filter(|mark| mark.x >= settled).flat_map(|mark| {
        let (low, high) = mark.band.unwrap_or((mark.point.mean, mark.point.mean));
        [mark.point.mean, low, high]
    });
    let (low, high) =
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    let margin = match high - low {
        extent if extent > 0.0 => extent * 0.04,
        _ => (high.abs() * 0.1).max(0.5),
    };
    rounded(low - margin..high + margin, rows)
}

fn grid(canvas: &Canvas, layout: &Layout, last: f64) -> Drawn {
    let font = canvas.font_size;
    let levels = ticks(&layout.y_range, layout.rows);
    for (level, label) in levels.iter().zip(alike(&levels)) {
        let y = pixels(layout.place(0.0, *level).1);
        canvas.grid_line((layout.left, y), (layout.right, y))?;
        canvas.text(&label, (layout.left - 8.0, y), Align::Right, canvas.dim())?;
    }
    let columns = ((layout.right - layout.left) / 110.0).clamp(1.0, 8.0) as usize;
    let whole = |tick: &f64| tick.fract() == 0.0;
    for tick in ticks(&(0.0..last), columns).into_iter().filter(whole) {
        let x = pixels(layout.place(tick, layout.y_range.start).0);
        canvas.text(&number(tick), (x, layout.bottom + font * 0.95), Align::Middle, canvas.dim())?;
    }
    let below = (layout.right + font * 1.2, layout.bottom + font * 0.95);
    canvas.text("decisions", below, Align::Left, canvas.dim())?;
    let above = (layout.left - 8.0, font * 1.1);
    canvas.text("average reward so far, 95 % interval", above, Align::Left, canvas.dim())
}

fn band(canvas: &Canvas, layout: &Layout, marks: &[Mark]) -> Drawn {
    let banded = || marks.iter().filter_map(|mark| Some((mark.x, mark.band?)));
    let mut outline: Vec<(i32, i32)> = banded().map(|(x, (_, high))| layout.place(x, high)).collect();
    let below: Vec<(i32, i32)> = banded().map(|(x, (low, _))| layout.place(x, low)).collect();
    outline.extend(below.into_iter().rev());
    if outline.len() < 4 {
        return Some(());
    }
    canvas.shape(outline, canvas.series(0).mix(0.18))
}

fn line(canvas: &Canvas, layout: &Layout, marks: &[Mark]) -> Drawn {
    let points: Vec<(i32, i32)> = marks.iter().map(|mark| layout.place(mark.x, mark.point.mean)).collect();
    let last = *points.last()?;
    let series = LineSeries::new(points, canvas.series(0).stroke_width(stroke(1.8)));
    for element in series {
        canvas.area.draw(&element).ok()?;
    }
    canvas.dot(last, 3.0, canvas.series(0))
}

/// The mean over all decisions and its interval, beside the end of the line.
fn overall(canvas: &Canvas, layout: &Layout, last: &Mark) -> Drawn {
    let font = canvas.font_size;
    let y = pixels(layout.place(last.x, last.point.mean).1);
    let y = y.clamp(layout.top + font * 0.5, (layout.bottom - font * 1.6).max(layout.top + font * 0.5));
    canvas.text(&mean_text(last), (layout.right + 9.0, y), Align::Left, canvas.series(0))?;
    match interval_text(last) {
        Some(interval) => canvas.text(&interval, (layout.right + 9.0, y + font * 1.25), Align::Left, canvas.dim()),
        None => Some(()),
    }
}

fn mean_text(mark: &Mark) -> String {
    format!("mean {}", number(mark.point.mean))
}

fn interval_text(mark: &Mark) -> Option<String> {
    mark.band.map(|(low, high)| alike(&[low, high]).join(" to "))
}

fn end_label_width(marks: &[Mark], font: f64) -> f64 {
    let last = marks.last();
    let mean = last.map_or(0.0, |mark| text_width(&mean_text(mark), font));
    let interval = last.and_then(interval_text).map_or(0.0, |text| text_width(&text, font));
    mean.max(interval).max(text_width("decisions", font) + font)
}

/// Upright strips, one for each point or, where points are closer than a pixel, for the last of them.
fn hits(layout: &Layout, marks: &[Mark]) -> Vec<Hit> {
    let mut columns: Vec<(f64, &Mark)> = Vec::new();
    for mark in marks {
        let x = pixels(layout.place(mark.x, mark.point.mean).0);
        match columns.last_mut() {
            Some(column) if x.floor() == column.0.floor() => *column = (x, mark),
            _ => columns.push((x, mark)),
        }
    }
    let edge = |place: usize| (columns[place].0 + columns[place + 1].0) / 2.0;
    let hit = |(place, (x, mark)): (usize, &(f64, &Mark))| {
        let from = if place == 0 { layout.left } else { edge(place - 1) };
        let to = if place + 1 == columns.len() { layout.right } else { edge(place) };
        let mut lines = vec![("average reward".to_string(), number(mark.point.mean))];
        lines.extend(interval_text(mark).map(|text| ("95 % interval".to_string(), text)));
        lines.push(("until".to_string(), mark.point.time.clone()));
        Hit {
            area: (from, layout.top, to - from, layout.bottom - layout.top),
            anchor: (*x, pixels(layout.place(mark.x, mark.point.mean).1)),
            title: match mark.point.decisions {
                1 => "1 decision".to_string(),
                decisions => format!("{} decisions", count(decisions)),
            },
            lines,
        }
    };
    columns.iter().enumerate().map(hit).collect()
}
