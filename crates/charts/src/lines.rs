//! Several curves over time, over a count or over sizes that grow by powers: each with its band of doubt, named at its
//! end. Where curves end close together their names move apart.

use std::ops::Range;

use plotters::prelude::*;
use serde::{Deserialize, Serialize};

use crate::axis::ticks;
use crate::canvas::{Align, Canvas, Drawn, Size, draw as draw_canvas, pixels, stroke};
use crate::number::{alike, count, drawable, number};
use crate::plane::{Plane, band};
use crate::text::{clip, width as text_width};
use crate::{Chart, Hit, Style};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LineChart {
    /// What y is, above the drawing.
    pub label: String,
    pub axis: Axis,
    pub lines: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Axis {
    /// What is counted, e.g. `decisions`.
    Count(String),
    /// The texts under both ends; points say their own on hover.
    Time(String, String),
    /// By powers: places that are named, e.g. 60,000 as `1 min`.
    Power(Vec<(f64, String)>),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    pub name: String,
    /// Which of the style's colours.
    pub color: usize,
    pub points: Vec<LinePoint>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LinePoint {
    pub x: f64,
    pub y: f64,
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// Where it is, ready to read.
    pub title: String,
    /// Decisions that it is made of.
    pub n: u64,
}

struct Mark<'a> {
    point: &'a LinePoint,
    x: f64,
    band: Option<(f64, f64)>,
}

struct Curve<'a> {
    line: &'a Line,
    marks: Vec<Mark<'a>>,
}

/// `None` where no point can be drawn. Sizes as for `credit`.
pub fn lines(data: &LineChart, style: &Style, width: u32, height: u32) -> Option<Chart> {
    let curves = curves(data);
    if curves.is_empty() {
        return None;
    }
    let size = Size::new(width, height);
    draw_canvas(style, size, |canvas| {
        let plane = plane(canvas, size, &curves);
        grid(canvas, &plane, data, &curves)?;
        curves.iter().try_for_each(|curve| doubt(canvas, &plane, curve))?;
        curves.iter().try_for_each(|curve| stroke_of(canvas, &plane, curve))?;
        names(canvas, &plane, size, &curves)?;
        Some(hits(&plane, &curves))
    })
}

fn curves(data: &LineChart) -> Vec<Curve<'_>> {
    let power = matches!(data.axis, Axis::Power(_));
    let curves = data.lines.iter().map(|line| Curve { line, marks: marks(line, power) });
    curves.filter(|curve| !curve.marks.is_empty()).collect()
}

/// Points that can be drawn, ascending.
fn marks(line: &Line, power: bool) -> Vec<Mark<'_>> {
    let mut marks: Vec<Mark> = Vec::new();
    for point in &line.points {
        let x = if power { point.x.ln() } else { point.x };
        if drawable(point.y).is_none() || drawable(x).is_none() || marks.last().is_some_and(|last| x <= last.x) {
            continue;
        }
        marks.push(Mark { point, x, band: band(point.low, point.high) });
    }
    marks
}

fn plane(canvas: &Canvas, size: Size, curves: &[Curve]) -> Plane {
    let (width, height) = (f64::from(size.width), f64::from(size.height));
    let named = curves.iter().map(|curve| text_width(&end_text(curve), canvas.font_size)).fold(0.0, f64::max);
    let named = named.max(last_band(curves).map_or(0.0, |text| text_width(&text, canvas.font_size)));
    let xs = || curves.iter().flat_map(|curve| curve.marks.iter().map(|mark| mark.x));
    let (first, last) = xs().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(x), b.max(x)));
    // A single place is drawn in the middle.
    let x_range = if first < last { first..last } else { first - 1.0..first + 1.0 };
    Plane::new(canvas, (width, height), (named + 22.0).min(width * 0.3), x_range, y_range(curves))
}

/// Of the values, and of bands as far as they do not dwarf the values: the first points of a curve, of a few decisions
/// each, have wild ones.
fn y_range(curves: &[Curve]) -> Range<f64> {
    let settled = |curve: &Curve| {
        let most = curve.marks.iter().map(|mark| mark.point.n).max().unwrap_or_default() as f64;
        (most * 0.03).max(8.0).min(most)
    };
    let values = curves.iter().flat_map(|curve| {
        let least = settled(curve);
        curve.marks.iter().filter(move |mark| mark.point.n as f64 >= least).map(|mark| mark.point.y)
    });
    let (least, most) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), y| (a.min(y), b.max(y)));
    let mut bands: Vec<(f64, f64)> =
        curves.iter().flat_map(|curve| curve.marks.iter().filter_map(|mark| mark.band)).collect();
    bands.sort_by(|a, b| (a.1 - a.0).total_cmp(&(b.1 - b.0)));
    // The narrower three quarters of all bands are seen whole.
    let kept = &bands[..bands.len() - bands.len() / 4];
    let (low, high) = kept.iter().fold((least, most), |(low, high), band| (low.min(band.0), high.max(band.1)));
    low..high
}

fn grid(canvas: &Canvas, plane: &Plane, data: &LineChart, curves: &[Curve]) -> Drawn {
    let font = canvas.font_size;
    plane.levels(canvas)?;
    plane.heading(canvas, &data.label)?;
    let below = plane.bottom + font * 0.95;
    let start = plane.y_range.start;
    match &data.axis {
        Axis::Count(what) => {
            let last = curves.iter().filter_map(|curve| curve.marks.last()).map(|mark| mark.x).fold(0.0, f64::max);
            let wanted = ((plane.right - plane.left) / 110.0).clamp(1.0, 8.0) as usize;
            let mut beyond = plane.right + font * 1.2;
            for tick in ticks(&(0.0..last), wanted).into_iter().filter(|tick| tick.fract() == 0.0) {
                let x = pixels(plane.place(tick, start).0);
                if (plane.left - 0.1..=plane.right + 0.1).contains(&x) {
                    let text = number(tick);
                    canvas.text(&text, (x, below), Align::Middle, canvas.dim())?;
                    beyond = beyond.max(x + text_width(&text, font) / 2.0 + font * 0.5);
                }
            }
            canvas.text(what, (beyond, below), Align::Left, canvas.dim())
        }
        Axis::Time(from, to) => {
            canvas.text(from, (plane.left, below), Align::Left, canvas.dim())?;
            canvas.text(to, (plane.right, below), Align::Right, canvas.dim())
        }
        Axis::Power(named) => {
            let mut free = f64::NEG_INFINITY;
            for (at, text) in named.iter().filter(|(at, _)| *at > 0.0) {
                let x = pixels(plane.place(at.ln(), start).0);
                let half = text_width(text, font) / 2.0;
                if x - half > free && x + half < f64::from(u16::MAX) {
                    canvas.text(text, (x, below), Align::Middle, canvas.dim())?;
                    free = x + half + 6.0;
                }
            }
            Some(())
        }
    }
}

fn doubt(canvas: &Canvas, plane: &Plane, curve: &Curve) -> Drawn {
    let banded: Vec<_> = curve.marks.iter().filter_map(|mark| Some((mark.x, mark.band?))).collect();
    plane.band(canvas, &banded, canvas.series(curve.line.color).mix(0.13))
}

fn stroke_of(canvas: &Canvas, plane: &Plane, curve: &Curve) -> Drawn {
    let color = canvas.series(curve.line.color);
    let points: Vec<(i32, i32)> = curve.marks.iter().map(|mark| plane.place(mark.x, mark.point.y)).collect();
    let last = *points.last()?;
    if points.len() > 1 {
        for element in LineSeries::new(points, color.stroke_width(stroke(1.8))) {
            canvas.area.draw(&element).ok()?;
        }
    }
    canvas.dot(last, 3.0, color)
}

fn end_text(curve: &Curve) -> String {
    let last = curve.marks.last().map_or(f64::NAN, |mark| mark.point.y);
    format!("{} {}", clip(&curve.line.name, 110.0, 12.0), number(last))
}

fn names(canvas: &Canvas, plane: &Plane, size: Size, curves: &[Curve]) -> Drawn {
    let font = canvas.font_size;
    let end = |curve: &Curve| curve.marks.last().map(|mark| plane.place(mark.x, mark.point.y));
    let mut places: Vec<(f64, &Curve)> =
        curves.iter().filter_map(|curve| Some((pixels(end(curve)?.1), curve))).collect();
    places.sort_by(|a, b| a.0.total_cmp(&b.0));
    let step = font * 1.2;
    for place in 1..places.len() {
        places[place].0 = places[place].0.max(places[place - 1].0 + step);
    }
    // Pushed past the bottom they move up again, all of them as far as they must.
    let mut floor = plane.bottom;
    for (y, _) in places.iter_mut().rev() {
        *y = y.min(floor);
        floor = *y - step;
    }
    let x = plane.right + 9.0;
    let room = f64::from(size.width) - x - 2.0;
    for (y, curve) in &places {
        canvas.text(&clip(&end_text(curve), room, font), (x, *y), Align::Left, canvas.series(curve.line.color))?;
    }
    match (last_band(curves), places.first()) {
        (Some(text), Some((y, _))) => canvas.text(&clip(&text, room, font), (x, y + step), Align::Left, canvas.dim()),
        _ => Some(()),
    }
}

/// Below the name of a curve that stands alone.
fn last_band(curves: &[Curve]) -> Option<String> {
    let [curve] = curves else { return None };
    let (low, high) = curve.marks.last()?.band?;
    Some(alike(&[low, high]).join(" to "))
}

/// Upright strips, one a place of any curve; each tells all curves there.
fn hits(plane: &Plane, curves: &[Curve]) -> Vec<Hit> {
    let mut all: Vec<(f64, f64)> = curves
        .iter()
        .flat_map(|curve| curve.marks.iter().map(|mark| (pixels(plane.place(mark.x, mark.point.y).0), mark.x)))
        .collect();
    // Of those within a pixel the last one, which is made of most.
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    all.dedup_by(|a, b| a.0.floor() == b.0.floor());
    all.reverse();
    let edge = |place: usize| (all[place].0 + all[place + 1].0) / 2.0;
    let hit = |(place, (x, at)): (usize, &(f64, f64))| {
        let from = if place == 0 { plane.left } else { edge(place - 1) };
        let to = if place + 1 == all.len() { plane.right } else { edge(place) };
        let mut anchor = None;
        let mut title = String::new();
        let mut lines = Vec::new();
        for curve in curves {
            // The last point up to here: curves need not have the same places.
            let Some(mark) = curve.marks.iter().rev().find(|mark| mark.x <= *at) else { continue };
            let y = pixels(plane.place(mark.x, mark.point.y).1);
            anchor.get_or_insert((*x, y));
            if title.is_empty() || mark.x == *at {
                title.clone_from(&mark.point.title);
            }
            let band =
                mark.band.map_or(String::new(), |(low, high)| format!(" ({})", alike(&[low, high]).join(" to ")));
            let value = format!("{}{band}, n {}", number(mark.point.y), count(mark.point.n));
            lines.push((curve.line.name.clone(), value));
        }
        Hit {
            area: (from, plane.top, (to - from).max(0.0), plane.bottom - plane.top),
            anchor: anchor.unwrap_or((*x, plane.top)),
            title,
            lines,
        }
    };
    all.iter().enumerate().map(hit).collect()
}
