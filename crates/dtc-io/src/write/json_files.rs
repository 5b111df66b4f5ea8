//! Tables as JSON: an array of objects, or an object a line.

use std::io::{self, Write};

use dtc_expr::Table;

use crate::json::{write_json, write_string};

pub(super) fn lines(table: &Table, out: &mut impl Write) -> io::Result<()> {
    let mut line = String::new();
    for row in 0..table.rows() {
        line.clear();
        push_row(table, row, &mut line);
        line.push('\n');
        out.write_all(line.as_bytes())?;
    }
    Ok(())
}

pub(super) fn array(table: &Table, out: &mut impl Write) -> io::Result<()> {
    let mut text = String::from("[");
    for row in 0..table.rows() {
        text.push_str(if row == 0 { "\n" } else { ",\n" });
        push_row(table, row, &mut text);
        out.write_all(text.as_bytes())?;
        text.clear();
    }
    text.push_str(if table.rows() == 0 { "]\n" } else { "\n]\n" });
    out.write_all(text.as_bytes())
}

fn push_row(table: &Table, row: usize, out: &mut String) {
    out.push('{');
    for (place, column) in table.columns.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        write_string(&column.name, out);
        out.push(':');
        write_json(&column.values[row], out);
    }
    out.push('}');
}
