//! Tables as JSON: an array of objects, or an object a line.

use std::io::{self, Write};
use std::ops::Range;

use dtc_expr::Table;

use crate::json::{write_json, write_string};

pub(super) fn lines(table: &Table, rows: Range<usize>, out: &mut impl Write) -> io::Result<()> {
    let mut line = String::new();
    for row in rows {
        line.clear();
        push_row(table, row, &mut line);
        line.push('\n');
        out.write_all(line.as_bytes())?;
    }
    Ok(())
}

/// One array, in parts.
#[derive(Default)]
pub(super) struct Array {
    begun: bool,
}

impl Array {
    pub(super) fn rows(&mut self, table: &Table, rows: Range<usize>, out: &mut impl Write) -> io::Result<()> {
        let mut text = String::new();
        for row in rows {
            text.push_str(if self.begun { ",\n" } else { "[\n" });
            self.begun = true;
            push_row(table, row, &mut text);
            out.write_all(text.as_bytes())?;
            text.clear();
        }
        Ok(())
    }

    pub(super) fn end(self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(if self.begun { b"\n]\n" } else { b"[]\n" })
    }
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
