//! How often each size occurs: columns over ranges of numbers, and where percentiles lie among them.

use crate::columns::{ColumnChart, columns};
use crate::number::number;
use crate::{Chart, HistogramChart, Style};

pub fn draw(data: &HistogramChart, style: &Style, width: u32, height: u32) -> Option<Chart> {
    let mark = |(name, value): &(String, f64)| Some((format!("{name} {}", number(*value)), place(data, *value)?));
    let as_columns = ColumnChart {
        label: data.heading.clone(),
        columns: data.bins.iter().map(|bin| (label(data, *bin), bin.2)).collect(),
        color: 0,
        measure: data.measure.clone(),
        unit: data.unit.clone(),
        marks: data.percentiles.iter().filter_map(mark).collect(),
    };
    columns(&as_columns, style, width, height)
}

/// Where a value lies among the bins: within its own; of whole numbers in its middle.
fn place(data: &HistogramChart, value: f64) -> Option<f64> {
    let place = data.bins.iter().position(|(from, to, _)| value >= *from && to.is_none_or(|to| value < to))?;
    let (from, to, _) = data.bins[place];
    let inside = match to {
        Some(to) if !data.whole && to > from => (value - from) / (to - from),
        _ => 0.5,
    };
    Some(place as f64 + inside)
}

fn label(data: &HistogramChart, (from, to, _): (f64, Option<f64>, f64)) -> String {
    match to {
        None => format!("{}+", number(from)),
        Some(to) if data.whole && to - from <= 1.0 => number(from),
        Some(to) if data.whole => format!("{}–{}", number(from), number(to - 1.0)),
        Some(to) => format!("{}–{}", number(from), number(to)),
    }
}
