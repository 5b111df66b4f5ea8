//! Drawings by plotters: data in, SVG and a hit map out. The same picture in page, report and CLI.
//!
//! Knows nothing of ours but numbers and names. No fonts, files or randomness: the same input gives
//! the same bytes, natively and in wasm.

mod axis;
mod canvas;
mod columns;
mod credit;
mod figure;
mod intervals;
mod lines;
mod number;
pub mod page;
mod reward;
mod shares;
mod text;

pub use columns::{ColumnChart, columns};
pub use figure::{Drawing, Figure};
pub use intervals::{IntervalChart, IntervalRow, intervals, intervals_height};
pub use lines::{Axis, Line, LineChart, LinePoint, lines};
pub use number::number;
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
#[derive(Debug, Clone, PartialEq)]
pub struct CreditChart {
    pub models: Vec<String>,
    /// Name, and one credit per model.
    pub touch_points: Vec<(String, Vec<f64>)>,
}

/// Cumulative average reward over decisions, with a band of doubt.
#[derive(Debug, Clone, PartialEq)]
pub struct RewardChart {
    pub points: Vec<RewardPoint>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct RewardPoint {
    pub decisions: u64,
    /// Ready to read, for hover.
    pub time: String,
    pub mean: f64,
    pub low: Option<f64>,
    pub high: Option<f64>,
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

/// Draws the reward curve; `None` without points. Sizes as for `credit`.
pub fn reward(data: &RewardChart, style: &Style, width: u32, height: u32) -> Option<Chart> {
    reward::draw(data, style, width, height)
}
