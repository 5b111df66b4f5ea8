//! Tables as CSV, as RFC 4180 has it.

use std::io::{self, Write};
use std::ops::Range;

use dtc_expr::{Table, Value};

use crate::json::cell_text;

/// Writes the header line.
pub(super) fn header(table: &Table, out: &mut impl Write) -> io::Result<()> {
    let mut line = String::new();
    for (place, column) in table.columns.iter().enumerate() {
        separate(place, &mut line);
        push_cell(&column.name, &mut line);
    }
    line.push_str("\r\n");
    out.write_all(line.as_bytes())
}

pub(super) fn rows(table: &Table, rows: Range<usize>, out: &mut impl Write) -> io::Result<()> {
    let mut line = String::new();
    for row in rows {
        line.clear();
        for (place, column) in table.columns.iter().enumerate() {
            separate(place, &mut line);
            let value = &column.values[row];
            if let Some(text) = cell_text(value) {
                let exponent = matches!(value, Value::Float(_)) && text.contains('e') && !text.contains("e-");
                // With its sign an exponent is not taken for an id when the file is read: `1e+22`.
                push_cell(&if exponent { text.replace('e', "e+") } else { text }, &mut line);
            }
        }
        line.push_str("\r\n");
        out.write_all(line.as_bytes())?;
    }
    Ok(())
}

fn separate(place: usize, line: &mut String) {
    if place > 0 {
        line.push(',');
    }
}

/// Quotes what needs it; an empty text too, so that it differs from a missing value.
fn push_cell(text: &str, line: &mut String) {
    let plain = !text.is_empty() && !text.contains(['"', ',', '\r', '\n']);
    if plain {
        line.push_str(text);
        return;
    }
    line.push('"');
    line.push_str(&text.replace('"', "\"\""));
    line.push('"');
}
