//! Figures of any kind: what a report is made of. Each can be drawn, and read as a table.

use serde::{Deserialize, Serialize};

use crate::{
    Chart, ColumnChart, IntervalChart, LineChart, ShareChart, Style, columns, intervals, intervals_height, lines,
    shares,
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

    /// Header and rows.
    pub fn table(&self) -> Vec<Vec<String>> {
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<String>>();
        let optional = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
        let mut table = Vec::new();
        match &self.drawing {
            Drawing::Lines(data) => {
                table.push(row(&["series", "at", "x", "value", "low", "high", "n"]));
                for line in &data.lines {
                    table.extend(line.points.iter().map(|point| {
                        let (low, high) = (optional(point.low), optional(point.high));
                        let (x, y, n) = (point.x.to_string(), point.y.to_string(), point.n.to_string());
                        vec![line.name.clone(), point.title.clone(), x, y, low, high, n]
                    }));
                }
            }
            Drawing::Intervals(data) => {
                table.push(row(&["name", "value", "interval", "low", "high", "refused"]));
                for one in &data.rows {
                    let refused = one.value.clone().err().unwrap_or_default();
                    let value = optional(one.value.clone().ok());
                    table.push(vec![
                        one.name.clone(),
                        value.clone(),
                        String::new(),
                        String::new(),
                        String::new(),
                        refused,
                    ]);
                    table.extend(one.intervals.iter().map(|(kind, low, high)| {
                        let (low, high) = (low.to_string(), high.to_string());
                        vec![one.name.clone(), value.clone(), kind.clone(), low, high, String::new()]
                    }));
                }
            }
            Drawing::Columns(data) => {
                table.push(row(&["range", "count"]));
                table.extend(data.columns.iter().map(|(name, count)| vec![name.clone(), count.to_string()]));
            }
            Drawing::Shares(data) => {
                table.push([vec!["at".to_owned()], data.names.clone()].concat());
                let sizes = |point: &crate::SharePoint| point.sizes.iter().map(f64::to_string).collect();
                table.extend(data.points.iter().map(|point| [vec![point.title.clone()], sizes(point)].concat()));
            }
        }
        table
    }

    /// The table as CSV (RFC 4180).
    pub fn csv(&self) -> String {
        let cell = |cell: &String| match cell.contains([',', '"', '\n', '\r']) {
            true => format!("\"{}\"", cell.replace('"', "\"\"")),
            false => cell.clone(),
        };
        let line = |row: &Vec<String>| row.iter().map(cell).collect::<Vec<_>>().join(",") + "\n";
        self.table().iter().map(line).collect()
    }
}
