//! Drawings by plotters: data in, SVG and a hit map out. The same picture in page, report and CLI.
//!
//! Knows nothing of ours but numbers and names. No fonts, files or randomness: the same input gives
//! the same bytes, natively and in wasm.

mod across;
mod axis;
mod canvas;
mod columns;
mod credit;
mod dots;
mod figure;
mod flow;
mod heat;
mod histogram;
mod intervals;
mod lines;
mod number;
pub mod page;
#[cfg(feature = "pixels")]
mod pixels;
mod plane;
mod shares;
pub mod table;
mod text;
pub mod theme;

pub use columns::{ColumnChart, columns};
pub use figure::{Drawing, Figure};
pub use intervals::{IntervalChart, IntervalRow, intervals, intervals_height};
pub use lines::{Axis, Line, LineChart, LinePoint, lines};
pub use number::{number, percent};
#[cfg(feature = "pixels")]
pub use pixels::png;
pub use shares::{ShareChart, SharePoint, shares};

/// A finished drawing.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    pub svg: String,
    pub width: u32,
    pub height: u32,
    /// Where the pointer finds something to say, topmost last.
    pub hits: Vec<Hit>,
}

/// A region of the drawing and what it stands for.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Pixels of the drawing: left, top, width, height.
    pub area: (f64, f64, f64, f64),
    /// The mark itself, where a ring or a line is put (pixels).
    pub anchor: (f64, f64),
    pub title: String,
    /// Label and value, ready to read.
    pub lines: Vec<(String, String)>,
}

/// Colours as CSS hex (`#rrggbb`), from the page's tokens.
#[derive(Debug, Clone, PartialEq)]
pub struct Style {
    pub background: String,
    pub text: String,
    pub dim_text: String,
    pub grid: String,
    /// Series colours in order, apart for colour-blind readers.
    pub series: Vec<String>,
    pub font_family: String,
    pub font_size: u32,
}

/// Credit per touch point: one group of bars a touch point, one bar a model.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CreditChart {
    /// What the bars count; empty: `conversions credited`.
    pub heading: String,
    pub models: Vec<String>,
    /// Name, and one credit per model.
    pub touch_points: Vec<(String, Vec<f64>)>,
    /// The interval of each of those credits, drawn over its bar; empty: nobody knows them.
    pub bounds: Vec<Vec<Option<(f64, f64)>>>,
    /// Credits are shares of 1.
    pub percent: bool,
}

/// A matrix, drawn as cells.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HeatChart {
    pub heading: String,
    pub rows: Vec<String>,
    pub columns: Vec<String>,
    /// By row and column.
    pub values: Vec<Vec<Option<f64>>>,
    /// The value of the fullest cell.
    pub largest: f64,
    pub percent: bool,
    /// Stands between row and column on hover: `to`, `and`.
    pub between: String,
    /// What a cell counts, on hover.
    pub measure: String,
}

/// How often each size occurs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HistogramChart {
    pub heading: String,
    /// Ascending: from (inclusive), to (exclusive; `None`: all above), how often.
    pub bins: Vec<(f64, Option<f64>, f64)>,
    /// Name and value, ascending.
    pub percentiles: Vec<(String, f64)>,
    /// E.g. `days`.
    pub unit: String,
    /// What is counted, on hover.
    pub measure: String,
    /// Sizes are whole numbers.
    pub whole: bool,
}

/// Numbers with intervals and marks, one row a name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DotChart {
    pub heading: String,
    pub series: Vec<String>,
    /// Name, and one number per series.
    pub rows: Vec<(String, Vec<Dot>)>,
    /// What the interval is, on hover.
    pub band: String,
    /// What the marks are, on hover.
    pub marks: Vec<String>,
    pub percent: bool,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Dot {
    pub value: f64,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub marks: Vec<f64>,
}

/// Who follows whom, place by place.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FlowChart {
    /// Of the columns.
    pub titles: Vec<String>,
    pub columns: Vec<Vec<FlowNode>>,
    /// In the order in which they leave and enter their nodes.
    pub links: Vec<FlowLink>,
    /// What sizes count, on hover.
    pub measure: String,
}

#[derive(Debug, Clone, PartialEq)]
pub struct FlowNode {
    pub name: String,
    pub size: f64,
    pub kind: FlowKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlowKind {
    Series(usize),
    /// What it is all for.
    Good,
    /// What is not looked at for itself.
    Quiet,
}

/// From a node of a column to one of the next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FlowLink {
    pub column: usize,
    pub from: usize,
    pub to: usize,
    pub size: f64,
}

/// Draws the credit chart; an empty one says so in the drawing's place (`None`).
/// Sizes are pixels, brought into 240×120 to 8,192×8,192; `Chart` says which were drawn.
pub fn credit(data: &CreditChart, style: &Style, width: u32, height: u32) -> Option<Chart> {
    credit::draw(data, style, width, height)
}

/// A height for `credit` at which every bar has room for its value.
pub fn credit_height(data: &CreditChart, style: &Style) -> u32 {
    credit::comfortable_height(data, style)
}

/// Draws a matrix; `None` without rows or columns. Sizes as for `credit`.
pub fn heat(data: &HeatChart, style: &Style, width: u32, height: u32) -> Option<Chart> {
    heat::draw(data, style, width, height)
}

/// A height for `heat` at which every row has room for its name.
pub fn heat_height(data: &HeatChart, style: &Style) -> u32 {
    heat::comfortable_height(data, style)
}

/// Draws how often sizes occur; `None` where none does. Sizes as for `credit`.
pub fn histogram(data: &HistogramChart, style: &Style, width: u32, height: u32) -> Option<Chart> {
    histogram::draw(data, style, width, height)
}

/// Draws numbers with their doubt; `None` without rows or series. Sizes as for `credit`.
pub fn dots(data: &DotChart, style: &Style, width: u32, height: u32) -> Option<Chart> {
    dots::draw(data, style, width, height)
}

/// A height for `dots` at which every row has room.
pub fn dots_height(data: &DotChart, style: &Style) -> u32 {
    dots::comfortable_height(data, style)
}

/// Draws who follows whom; `None` where nothing flows. Sizes as for `credit`.
pub fn flow(data: &FlowChart, style: &Style, width: u32, height: u32) -> Option<Chart> {
    flow::draw(data, style, width, height)
}
