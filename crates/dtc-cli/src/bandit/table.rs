//! A table of text (RFC 4180) as cells by column, each row with its line. Cells stay as they stand: a probability is
//! given back as it came.

use std::path::{Path, PathBuf};

use dtc_io::delimited::{Record, each_record};

use crate::failure::{Failure, Outcome};

pub struct Table {
    path: PathBuf,
    header: Vec<String>,
    /// By row.
    lines: Vec<u64>,
    /// All cells one after the other, as many a row as the header has, and where each ends.
    text: String,
    ends: Vec<usize>,
}

impl Table {
    pub fn read(path: &Path) -> Outcome<Table> {
        let mut table = Table {
            path: path.to_path_buf(),
            header: Vec::new(),
            lines: Vec::new(),
            text: String::new(),
            ends: Vec::new(),
        };
        each_record(path, |record| table.add(record))?;
        Ok(table)
    }

    fn add(&mut self, record: &Record<'_>) -> Result<(), String> {
        if self.header.is_empty() {
            self.header = record.cells().map(str::to_owned).collect();
            return Ok(());
        }
        let (cells, names) = (record.len(), self.header.len());
        if cells != names {
            return Err(format!("the row has {cells} cells where the header names {names}"));
        }
        self.lines.push(record.line);
        for cell in record.cells() {
            self.text.push_str(cell);
            self.ends.push(self.text.len());
        }
        Ok(())
    }

    /// The place of a column; `None` where the header does not name it.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|known| known.trim() == name)
    }

    pub fn needed(&self, name: &str) -> Outcome<usize> {
        self.column(name).ok_or_else(|| {
            let (path, names) = (self.path.display(), self.header.join(", "));
            Failure::Message(format!("{path}:1: there is no column `{name}`; the header names {names}"))
        })
    }

    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.lines.len()).map(|number| Row { table: self, number })
    }
}

#[derive(Clone, Copy)]
pub struct Row<'t> {
    table: &'t Table,
    number: usize,
}

impl<'t> Row<'t> {
    pub fn text(&self, column: usize) -> &'t str {
        let Table { header, text, ends, .. } = self.table;
        let cell = self.number * header.len() + column;
        let start = cell.checked_sub(1).map_or(0, |before| ends[before]);
        &text[start..ends[cell]]
    }

    /// A finite number; `name` is the column's, for the message.
    pub fn number(&self, column: usize, name: &str) -> Outcome<f64> {
        let text = self.text(column).trim();
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number),
            _ => Err(self.failure(&format!("`{name}` is `{text}`, which is no finite number"))),
        }
    }

    pub fn integer(&self, column: usize, name: &str) -> Outcome<i64> {
        let text = self.text(column).trim();
        text.parse().map_err(|_| self.failure(&format!("`{name}` is `{text}`, which is no whole number")))
    }

    pub fn failure(&self, what: &str) -> Failure {
        Failure::Message(format!("{}:{}: {what}", self.table.path.display(), self.table.lines[self.number]))
    }
}
