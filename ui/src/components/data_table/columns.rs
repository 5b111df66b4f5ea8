//! Widths and kinds of columns. Pure.

use std::collections::BTreeMap;

use studio_api::{ColumnInfo, Sort};

const NARROWEST: f64 = 56.0;
const WIDEST: f64 = 640.0;
/// Where a column of long texts begins at least; the user can widen it.
const WIDEST_AT_FIRST: f64 = 280.0;
/// Average width of a letter in pixels, and the room beside the text.
const LETTER: f64 = 7.2;
const PADDING: f64 = 26.0;
/// A letter of a head, which is bold, and the room for its arrow.
const HEAD_LETTER: f64 = 8.0;
const ARROW: f64 = 8.0;

/// Widths that fit the first rows or that the user chose, by the column's name, so that they outlive runs and edits.
pub type Widths = BTreeMap<String, f64>;

pub fn is_number(column: &ColumnInfo) -> bool {
    matches!(column.field_type.as_str(), "integer" | "float")
}

pub fn width(column: &ColumnInfo, widths: &Widths) -> f64 {
    widths.get(&column.name).copied().unwrap_or_else(|| starting_width(column))
}

fn starting_width(column: &ColumnInfo) -> f64 {
    let by_type: f64 = match column.field_type.as_str() {
        "integer" | "float" | "boolean" => 84.0,
        "datetime" => 204.0,
        "map" | "list" | "set" => 200.0,
        _ => 132.0,
    };
    by_type.max(head_width(&column.name)).min(WIDEST_AT_FIRST)
}

fn head_width(name: &str) -> f64 {
    name.chars().count() as f64 * HEAD_LETTER + PADDING + ARROW
}

fn text_width(text: &str) -> f64 {
    text.chars().count() as f64 * LETTER + PADDING
}

/// Wide enough for the name and these values.
pub fn fitting<'a>(column: &ColumnInfo, values: impl Iterator<Item = &'a str>) -> f64 {
    hold(values.map(text_width).fold(head_width(&column.name), f64::max))
}

/// The same for a column that nobody asked for: no wider than long texts begin, or half of the room.
pub fn fitting_at_first<'a>(column: &ColumnInfo, values: impl Iterator<Item = &'a str>, room: f64) -> f64 {
    fitting(column, values).min(WIDEST_AT_FIRST.max(room / 2.0))
}

/// The nearest width that a column may have.
pub fn hold(width: f64) -> f64 {
    width.clamp(NARROWEST, WIDEST)
}

/// For `grid-template-columns`.
pub fn template(columns: &[ColumnInfo], widths: &Widths) -> String {
    columns.iter().map(|column| format!("{}px", width(column, widths))).collect::<Vec<_>>().join(" ")
}

/// Left edge and width of a column.
pub fn span(columns: &[ColumnInfo], widths: &Widths, place: usize) -> (f64, f64) {
    let left = columns.iter().take(place).map(|column| width(column, widths)).sum();
    (left, columns.get(place).map_or(0.0, |column| width(column, widths)))
}

/// What a click on a head does: ascending, then descending, then the table's own order.
pub fn toggled(sort: Option<Sort>, column: &str) -> Option<Sort> {
    match sort {
        Some(sort) if sort.column == column && sort.descending => None,
        Some(sort) if sort.column == column => Some(Sort { descending: true, ..sort }),
        _ => Some(Sort { column: column.to_owned(), descending: false }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, field_type: &str) -> ColumnInfo {
        ColumnInfo { name: name.into(), field_type: field_type.into() }
    }

    #[test]
    fn widths_follow_name_type_and_user() {
        let columns = [column("n", "integer"), column("a_rather_long_name_of_a_column_that_goes_on", "string")];
        let mut widths = Widths::new();
        assert_eq!(template(&columns, &widths), "84px 280px");
        widths.insert("n".into(), 100.0);
        assert_eq!(span(&columns, &widths, 1), (100.0, 280.0));
        assert_eq!(fitting(&columns[0], ["1", "12345678901234567890"].into_iter()), 20.0 * LETTER + PADDING);
        assert_eq!((hold(1.0), hold(1e9)), (NARROWEST, WIDEST));
    }

    #[test]
    fn a_head_toggles_three_ways() {
        let once = toggled(None, "a");
        assert_eq!(once, Some(Sort { column: "a".into(), descending: false }));
        let twice = toggled(once, "a");
        assert_eq!(twice, Some(Sort { column: "a".into(), descending: true }));
        assert_eq!(toggled(twice.clone(), "a"), None);
        assert_eq!(toggled(twice, "b"), Some(Sort { column: "b".into(), descending: false }));
    }
}
