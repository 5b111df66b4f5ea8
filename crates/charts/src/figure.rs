//! Figures of any kind: what a report is made of. Each can be drawn, and read as a table.

use serde::{Deserialize, Serialize};

use crate::table::{Cell, Table};
use crate::{
    Axis, Chart, ColumnChart, IntervalChart, Line, LineChart, LinePoint, ShareChart, Style, columns, intervals,
    intervals_height, lines, shares,
};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// For file names and tests, e.g. `cumulative`.
    pub id: String,
    pub title: String,
    /// What to know when reading it; may be empty.
    pub note: String,
    pub drawing: Drawing,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Drawing {
    Lines(LineChart),
    Intervals(IntervalChart),
    Columns(ColumnChart),
    Shares(ShareChart),
}

/// Pixels of drawings whose height does not follow from what they show.
const HEIGHT: u32 = 300;
const LOW: u32 = 220;

impl Figure {
    /// In a height of its own; `None` where there is nothing to draw.
    pub fn draw(&self, style: &Style, width: u32) -> Option<Chart> {
        match &self.drawing {
            Drawing::Lines(data) => lines(data, style, width, HEIGHT),
            Drawing::Intervals(data) => intervals(data, style, width, intervals_height(data, style)),
            Drawing::Columns(data) => columns(data, style, width, LOW),
            Drawing::Shares(data) => shares(data, style, width, LOW),
        }
    }

    pub fn table(&self) -> Table {
        match &self.drawing {
            Drawing::Lines(data) => of_lines(data),
            Drawing::Intervals(data) => of_intervals(data),
            Drawing::Columns(data) => of_columns(data),
            Drawing::Shares(data) => of_shares(data),
        }
    }
}

fn named(text: &str, numbers: &[&str]) -> Table {
    let mut table = Table::new(text);
    numbers.iter().for_each(|name| table.number(*name));
    table
}

fn of_lines(data: &LineChart) -> Table {
    let mut table = Table::new("series");
    table.text("at");
    // What time it is says the text.
    let places = !matches!(data.axis, Axis::Time(..));
    if places {
        table.number("x");
    }
    ["value", "low", "high", "n"].into_iter().for_each(|name| table.number(name));
    let row = |line: &Line, point: &LinePoint| {
        let mut cells = vec![Cell::Text(line.name.clone()), Cell::Text(point.title.clone())];
        cells.extend(places.then_some(Cell::Number(point.x)));
        cells.extend([Cell::Number(point.y), Cell::number(point.low), Cell::number(point.high)]);
        cells.push(Cell::Number(point.n as f64));
        cells
    };
    table.rows = data.lines.iter().flat_map(|line| line.points.iter().map(move |point| row(line, point))).collect();
    table
}

/// A row for each interval; an estimate without any has one of its own.
fn of_intervals(data: &IntervalChart) -> Table {
    let mut table = named("name", &["value"]);
    table.text("interval");
    ["low", "high"].into_iter().for_each(|name| table.number(name));
    table.text("refused");
    for one in &data.rows {
        let row = |interval: &str, low: Option<f64>, high: Option<f64>| {
            vec![
                Cell::Text(one.name.clone()),
                Cell::number(one.value.as_ref().ok().copied()),
                Cell::Text(interval.replace('_', " ")),
                Cell::number(low),
                Cell::number(high),
                Cell::Text(one.value.clone().err().unwrap_or_default()),
            ]
        };
        if one.intervals.is_empty() {
            table.rows.push(row("", None, None));
        }
        table.rows.extend(one.intervals.iter().map(|(kind, low, high)| row(kind, Some(*low), Some(*high))));
    }
    table
}

fn of_columns(data: &ColumnChart) -> Table {
    let mut table = named("range", &["count"]);
    table.rows =
        data.columns.iter().map(|(name, count)| vec![Cell::Text(name.clone()), Cell::Number(*count)]).collect();
    table
}

fn of_shares(data: &ShareChart) -> Table {
    let names: Vec<&str> = data.names.iter().map(String::as_str).collect();
    let mut table = named("at", &names);
    let row = |point: &crate::SharePoint| {
        let sizes = point.sizes.iter().map(|size| Cell::Number(*size));
        [Cell::Text(point.title.clone())].into_iter().chain(sizes).collect()
    };
    table.rows = data.points.iter().map(row).collect();
    table
}
