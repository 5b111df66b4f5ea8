//! Cells as text: what a page shows, and what a filter looks into.

use dtc_expr::DateTime;
use polars::prelude::{Column, DataFrame, NamedFrom, PolarsResult, Series};

use super::Rows;
use super::build::{Kind, offset_name, value_name};
use crate::json::float_text;

/// Rows rendered at once while the texts of all rows are made.
const BLOCK: usize = 8192;

pub(super) fn rows(part: &DataFrame, kinds: &[Kind]) -> Rows {
    let mut rows: Rows = vec![Vec::with_capacity(kinds.len()); part.height()];
    for (place, kind) in kinds.iter().enumerate() {
        // A column is what `build` made of it, so that reading it as its kind does not fail.
        let texts = column_texts(part, place, *kind).unwrap_or_else(|_| vec![None; part.height()]);
        for (row, text) in rows.iter_mut().zip(texts) {
            row.push(text);
        }
    }
    rows
}

/// One lower-case text a row, its cells apart by a character that nobody types.
pub(super) fn row_texts(data: &DataFrame, kinds: &[Kind]) -> Column {
    let mut texts: Vec<String> = Vec::with_capacity(data.height());
    for start in (0..data.height()).step_by(BLOCK) {
        for row in rows(&data.slice(start as i64, BLOCK), kinds) {
            let cells: Vec<String> = row.into_iter().flatten().collect();
            texts.push(cells.join("\u{1f}").to_lowercase());
        }
    }
    Series::new("texts".into(), texts).into()
}

fn column_texts(part: &DataFrame, place: usize, kind: Kind) -> PolarsResult<Vec<Option<String>>> {
    let column = part.column(&value_name(place))?;
    Ok(match kind {
        Kind::Integer => column.i64()?.iter().map(|cell| cell.map(|number| number.to_string())).collect(),
        Kind::Float => column.f64()?.iter().map(|cell| cell.map(float_text)).collect(),
        Kind::Boolean => column.bool()?.iter().map(|cell| cell.map(|flag| flag.to_string())).collect(),
        Kind::Text => column.str()?.iter().map(|cell| cell.map(str::to_owned)).collect(),
        Kind::Time => {
            let offsets = part.column(&offset_name(place))?;
            let times = column.i64()?.iter().zip(offsets.i32()?.iter());
            times.map(|(micros, offset)| micros.map(|micros| DateTime { micros, offset }.isoformat())).collect()
        }
    })
}
