//! A matrix as cells that are the fuller the larger their number: steps of a chain, ranks over replicates, correlations.
//! Negative numbers take another colour. Numbers stand in the cells where there is room.

use crate::canvas::{Align, Canvas, Drawn, Size, draw as draw_canvas, units};
use crate::number::{drawable, number, percent};
use crate::text::{clip, width as text_width};
use crate::{Chart, HeatChart, Hit, Style};

/// Above this fullness a number in the cell takes the colour of the background.
const FULL: f64 = 0.62;
/// The colour of negative numbers among the series.
const NEGATIVE: usize = 5;
const LOWEST_CELL: f64 = 22.0;

struct Layout {
    left: f64,
    top: f64,
    cell: (f64, f64),
}

pub fn draw(data: &HeatChart, style: &Style, width: u32, height: u32) -> Option<Chart> {
    if data.rows.is_empty() || data.columns.is_empty() {
        return None;
    }
    let size = Size::new(width, height);
    draw_canvas(style, size, |canvas| {
        let layout = Layout::new(canvas, size, data);
        heads(canvas, &layout, data)?;
        for row in 0..data.rows.len() {
            for column in 0..data.columns.len() {
                cell(canvas, &layout, data, (row, column))?;
            }
        }
        Some(hits(&layout, data))
    })
}

/// The height at which every row has room for its name.
pub fn comfortable_height(data: &HeatChart, style: &Style) -> u32 {
    let font = f64::from(style.font_size.clamp(6, 64));
    (data.rows.len().max(1) as f64 * LOWEST_CELL.max(font * 2.0) + font * 5.4).ceil().min(8192.0) as u32
}

impl Layout {
    fn new(canvas: &Canvas, size: Size, data: &HeatChart) -> Layout {
        let (width, height, font) = (f64::from(size.width), f64::from(size.height), canvas.font_size);
        let names = data.rows.iter().map(|name| text_width(name, font)).fold(0.0, f64::max);
        let left = 12.0 + names.min(width * 0.28).max(24.0) + 8.0;
        let top = font * 4.4;
        let across = (width - left - 12.0) / data.columns.len() as f64;
        let down = (height - top - font) / data.rows.len() as f64;
        Layout { left, top, cell: (across.min(150.0), down.clamp(1.0, 40.0)) }
    }

    fn area(&self, (row, column): (usize, usize)) -> (f64, f64, f64, f64) {
        let (width, height) = self.cell;
        (self.left + column as f64 * width, self.top + row as f64 * height, width, height)
    }
}

fn heads(canvas: &Canvas, layout: &Layout, data: &HeatChart) -> Drawn {
    let font = canvas.font_size;
    canvas.text(&data.heading, (12.0, font * 1.1), Align::Left, canvas.dim())?;
    // Names that have no room are told by the pointer.
    let every = (font * 1.5 / layout.cell.0).ceil().max(1.0) as usize;
    for (place, name) in data.columns.iter().enumerate().filter(|(place, _)| place % every == 0) {
        let (left, top, width, _) = layout.area((0, place));
        let name = clip(name, width * every as f64 - 4.0, font);
        let spot = (left + width / 2.0, top - font * 0.8);
        canvas.text(&name, spot, Align::Middle, canvas.text_color())?;
    }
    if layout.cell.1 < font * 0.9 {
        return Some(());
    }
    for (place, name) in data.rows.iter().enumerate() {
        let (_, top, _, height) = layout.area((place, 0));
        let name = clip(name, layout.left - 20.0, font);
        canvas.text(&name, (layout.left - 8.0, top + height / 2.0), Align::Right, canvas.text_color())?;
    }
    Some(())
}

fn value(data: &HeatChart, (row, column): (usize, usize)) -> Option<f64> {
    data.values.get(row)?.get(column).copied().flatten().and_then(drawable)
}

fn words(data: &HeatChart, value: f64) -> String {
    if data.percent { percent(value) } else { number((value * 100.0).round() / 100.0) }
}

fn cell(canvas: &Canvas, layout: &Layout, data: &HeatChart, place: (usize, usize)) -> Drawn {
    let (left, top, width, height) = layout.area(place);
    let corners = |inset: f64| {
        let (right, bottom) = (units(left + width - inset), units(top + height - inset));
        vec![
            (units(left + inset), units(top + inset)),
            (right, units(top + inset)),
            (right, bottom),
            (units(left + inset), bottom),
        ]
    };
    let Some(value) = value(data, place) else {
        return canvas.shape(corners(1.0), crate::canvas::faint(canvas.dim(), 0.05));
    };
    let largest = if data.largest > 0.0 { data.largest } else { 1.0 };
    let part = (value.abs() / largest).clamp(0.0, 1.0);
    let color = canvas.series(if value < 0.0 { NEGATIVE } else { 0 });
    canvas.shape(corners(1.0), crate::canvas::faint(color, 0.06 + 0.94 * part))?;
    let text = words(data, value);
    let font = canvas.font_size;
    if text_width(&text, font) + 6.0 > width || height < font * 1.2 {
        return Some(());
    }
    let on_it = if part > FULL { canvas.background() } else { canvas.text_color() };
    canvas.text(&text, (left + width / 2.0, top + height / 2.0), Align::Middle, on_it)
}

fn hits(layout: &Layout, data: &HeatChart) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (row, name) in data.rows.iter().enumerate() {
        for (column, other) in data.columns.iter().enumerate() {
            let Some(value) = value(data, (row, column)) else { continue };
            let area = layout.area((row, column));
            hits.push(Hit {
                area,
                anchor: (area.0 + area.2 / 2.0, area.1 + area.3 / 2.0),
                title: format!("{name} {} {other}", data.between),
                lines: vec![(data.measure.clone(), words(data, value))],
            });
        }
    }
    hits
}
