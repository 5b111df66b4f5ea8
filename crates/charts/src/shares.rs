//! Parts of a whole as they change: areas on top of each other, named at the right where they are thick enough.

use serde::{Deserialize, Serialize};

use crate::canvas::{Align, Size, draw as draw_canvas, units};
use crate::number::{drawable, percent};
use crate::text::{clip, width as text_width};
use crate::{Chart, Hit, Style};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShareChart {
    /// What is shared, above the drawing.
    pub label: String,
    /// From the bottom up.
    pub names: Vec<String>,
    pub points: Vec<SharePoint>,
    /// Under both ends.
    pub ends: (String, String),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SharePoint {
    /// Where it is, ready to read.
    pub title: String,
    /// One a name; their sum is the whole.
    pub sizes: Vec<f64>,
}

/// `None` without a point that has any size. Sizes as for `credit`.
pub fn shares(data: &ShareChart, style: &Style, width: u32, height: u32) -> Option<Chart> {
    let points: Vec<(&SharePoint, Vec<f64>)> =
        data.points.iter().filter_map(|point| Some((point, shares_of(point, data.names.len())?))).collect();
    if points.is_empty() {
        return None;
    }
    let size = Size::new(width, height);
    draw_canvas(style, size, |canvas| {
        let (width, height, font) = (f64::from(size.width), f64::from(size.height), canvas.font_size);
        let (top, bottom, left) = (font * 2.4, height - font * 2.2, font * 4.2);
        let named = data.names.iter().map(|name| text_width(name, font)).fold(0.0, f64::max);
        let right = width - (named + 20.0).min(width * 0.25);
        let y = |share: f64| bottom - share.clamp(0.0, 1.0) * (bottom - top);
        let steps = points.len().max(2) - 1;
        let x = |place: usize| left + place as f64 / steps as f64 * (right - left);
        let place_of = |place: usize, share: f64| (units(x(place)), units(y(share)));
        // One point is drawn as wide as the whole.
        let column = |place: usize| if points.len() == 1 { 0 } else { place };
        let places = if points.len() == 1 { 2 } else { points.len() };
        let below = |place: usize, name: usize| points[column(place)].1[..name].iter().sum::<f64>();
        for name in 0..data.names.len() {
            let mut outline: Vec<(i32, i32)> = (0..places).map(|at| place_of(at, below(at, name + 1))).collect();
            outline.extend((0..places).rev().map(|at| place_of(at, below(at, name))));
            canvas.shape(outline, plotters::style::Color::mix(&canvas.series(name), 0.6))?;
            let (low, high) = (y(below(places - 1, name)), y(below(places - 1, name + 1)));
            if low - high > font {
                let text = clip(&data.names[name], width - right - 12.0, font);
                canvas.text(&text, (right + 9.0, (low + high) / 2.0), Align::Left, canvas.series(name))?;
            }
        }
        for level in [0.0, 0.25, 0.5, 0.75, 1.0] {
            canvas.text(&percent(level), (left - 8.0, y(level)), Align::Right, canvas.dim())?;
        }
        canvas.text(&data.label, (8.0, font * 1.1), Align::Left, canvas.dim())?;
        canvas.text(&data.ends.0, (left, bottom + font * 0.95), Align::Left, canvas.dim())?;
        canvas.text(&data.ends.1, (right, bottom + font * 0.95), Align::Right, canvas.dim())?;
        let strip = (right - left) / points.len() as f64;
        let hit = |(place, (point, shares)): (usize, &(&SharePoint, Vec<f64>))| Hit {
            area: (left + place as f64 * strip, top, strip, bottom - top),
            anchor: (left + (place as f64 + 0.5) * strip, top),
            title: point.title.clone(),
            lines: data.names.iter().cloned().zip(shares.iter().map(|share| percent(*share))).rev().collect(),
        };
        Some(points.iter().enumerate().map(hit).collect())
    })
}

fn shares_of(point: &SharePoint, names: usize) -> Option<Vec<f64>> {
    let sizes: Vec<f64> =
        (0..names).map(|name| point.sizes.get(name).and_then(|size| drawable(*size)).unwrap_or(0.0).max(0.0)).collect();
    let total: f64 = sizes.iter().sum();
    (total > 0.0 && total.is_finite()).then(|| sizes.iter().map(|size| size / total).collect())
}
