//! Cumulative average reward: a line over decisions, the band of doubt behind it, the overall mean named
//! at its end.

use std::ops::Range;

use plotters::prelude::*;

use crate::axis::ticks;
use crate::canvas::{Align, Canvas, Drawn, Size, draw as draw_canvas, pixels, stroke};
use crate::number::{alike, count, drawable, number};
use crate::plane::{Plane, band};
use crate::text::width as text_width;
use crate::{Chart, Hit, RewardChart, RewardPoint, Style};

/// A point that can be drawn.
struct Mark<'a> {
    point: &'a RewardPoint,
    x: f64,
    band: Option<(f64, f64)>,
}

pub fn draw(data: &RewardChart, style: &Style, width: u32, height: u32) -> Option<Chart> {
    let marks = marks(data);
    let last = marks.last()?;
    let size = Size::new(width, height);
    draw_canvas(style, size, |canvas| {
        let plane = plane(canvas, size, &marks);
        grid(canvas, &plane, last.x)?;
        doubt(canvas, &plane, &marks)?;
        line(canvas, &plane, &marks)?;
        overall(canvas, &plane, last)?;
        Some(hits(&plane, &marks))
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
        marks.push(Mark { point, x, band: band(point.low, point.high) });
    }
    marks
}

fn plane(canvas: &Canvas, size: Size, marks: &[Mark]) -> Plane {
    let (width, height) = (f64::from(size.width), f64::from(size.height));
    let beyond = (end_label_width(marks, canvas.font_size) + 20.0).min(width * 0.35);
    let x_range = 0.0..marks.last().map_or(1.0, |mark| mark.x.max(1.0));
    Plane::new(canvas, (width, height), beyond, x_range, y_range(marks))
}

/// The first few decisions have a wild mean and a wilder band; the range is that of the others, and
/// always holds the overall mean.
fn y_range(marks: &[Mark]) -> Range<f64> {
    let last = marks.last().map_or(0.0, |mark| mark.x);
    let settled = (last * 0.03).max(8.0).min(last);
    let values = marks.iter().filter(|mark| mark.x >= settled).flat_map(|mark| {
        let (low, high) = mark.band.unwrap_or((mark.point.mean, mark.point.mean));
        [mark.point.mean, low, high]
    });
    let (low, high) =
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    low..high
}

fn grid(canvas: &Canvas, plane: &Plane, last: f64) -> Drawn {
    let font = canvas.font_size;
    plane.levels(canvas)?;
    let columns = ((plane.right - plane.left) / 110.0).clamp(1.0, 8.0) as usize;
    let whole = |tick: &f64| tick.fract() == 0.0;
    for tick in ticks(&(0.0..last), columns).into_iter().filter(whole) {
        let x = pixels(plane.place(tick, plane.y_range.start).0);
        canvas.text(&number(tick), (x, plane.bottom + font * 0.95), Align::Middle, canvas.dim())?;
    }
    let below = (plane.right + font * 1.2, plane.bottom + font * 0.95);
    canvas.text("decisions", below, Align::Left, canvas.dim())?;
    plane.heading(canvas, "average reward so far, 95 % interval")
}

fn doubt(canvas: &Canvas, plane: &Plane, marks: &[Mark]) -> Drawn {
    let banded: Vec<_> = marks.iter().filter_map(|mark| Some((mark.x, mark.band?))).collect();
    plane.band(canvas, &banded, canvas.series(0).mix(0.18))
}

fn line(canvas: &Canvas, plane: &Plane, marks: &[Mark]) -> Drawn {
    let points: Vec<(i32, i32)> = marks.iter().map(|mark| plane.place(mark.x, mark.point.mean)).collect();
    let last = *points.last()?;
    let series = LineSeries::new(points, canvas.series(0).stroke_width(stroke(1.8)));
    for element in series {
        canvas.area.draw(&element).ok()?;
    }
    canvas.dot(last, 3.0, canvas.series(0))
}

/// The mean over all decisions and its interval, beside the end of the line.
fn overall(canvas: &Canvas, plane: &Plane, last: &Mark) -> Drawn {
    let font = canvas.font_size;
    let y = pixels(plane.place(last.x, last.point.mean).1);
    let y = y.clamp(plane.top + font * 0.5, (plane.bottom - font * 1.6).max(plane.top + font * 0.5));
    canvas.text(&mean_text(last), (plane.right + 9.0, y), Align::Left, canvas.series(0))?;
    match interval_text(last) {
        Some(interval) => canvas.text(&interval, (plane.right + 9.0, y + font * 1.25), Align::Left, canvas.dim()),
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
fn hits(plane: &Plane, marks: &[Mark]) -> Vec<Hit> {
    let mut columns: Vec<(f64, &Mark)> = Vec::new();
    for mark in marks {
        let x = pixels(plane.place(mark.x, mark.point.mean).0);
        match columns.last_mut() {
            Some(column) if x.floor() == column.0.floor() => *column = (x, mark),
            _ => columns.push((x, mark)),
        }
    }
    let edge = |place: usize| (columns[place].0 + columns[place + 1].0) / 2.0;
    let hit = |(place, (x, mark)): (usize, &(f64, &Mark))| {
        let from = if place == 0 { plane.left } else { edge(place - 1) };
        let to = if place + 1 == columns.len() { plane.right } else { edge(place) };
        let mut lines = vec![("average reward".to_string(), number(mark.point.mean))];
        lines.extend(interval_text(mark).map(|text| ("95 % interval".to_string(), text)));
        lines.push(("until".to_string(), mark.point.time.clone()));
        Hit {
            area: (from, plane.top, to - from, plane.bottom - plane.top),
            anchor: (*x, pixels(plane.place(mark.x, mark.point.mean).1)),
            title: match mark.point.decisions {
                1 => "1 decision".to_string(),
                decisions => format!("{} decisions", count(decisions)),
            },
            lines,
        }
    };
    columns.iter().enumerate().map(hit).collect()
}
