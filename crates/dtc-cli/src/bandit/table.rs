//! A CSV file (RFC 4180) as texts by column, each row with its line. Texts stay as they stand: a probability is
//! given back as it came.

use std::path::{Path, PathBuf};

use csv::StringRecord;

use crate::failure::{Failure, Outcome};

pub struct Table {
    path: PathBuf,
    header: StringRecord,
    rows: Vec<(u64, StringRecord)>,
}

impl Table {
    pub fn read(path: &Path) -> Outcome<Table> {
        let failed = |error: csv::Error| {
            let line = error.position().map_or(String::new(), |position| format!(":{}", position.line()));
            let what = match error.kind() {
                csv::ErrorKind::Io(cause) => format!("could not be read: {cause}"),
                csv::ErrorKind::Utf8 { .. } => "is not UTF-8; save it as UTF-8".to_owned(),
                csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                    format!("the row has {len} cells where the header names {expected_len}")
                }
                other => format!("{other:?}"),
            };
            Failure::Message(format!("{}{line}: {what}", path.display()))
        };
        let mut reader = csv::ReaderBuilder::new().from_path(path).map_err(failed)?;
        let header = reader.headers().map_err(failed)?.clone();
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(failed)?;
            rows.push((record.position().map_or(0, csv::Position::line), record));
        }
        Ok(Table { path: path.to_path_buf(), header, rows })
    }

    /// The place of a column; `None` where the header does not name it.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|known| known.trim().trim_start_matches('\u{feff}') == name)
    }

    pub fn needed(&self, name: &str) -> Outcome<usize> {
        self.column(name).ok_or_else(|| {
            let names: Vec<&str> = self.header.iter().collect();
            let path = self.path.display();
            Failure::Message(format!("{path}:1: there is no column `{name}`; the header names {}", names.join(", ")))
        })
    }

    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(line, record)| Row { path: &self.path, line: *line, record })
    }
}

#[derive(Clone, Copy)]
pub struct Row<'t> {
    path: &'t Path,
    line: u64,
    record: &'t StringRecord,
}

impl<'t> Row<'t> {
    pub fn text(&self, column: usize) -> &'t str {
        self.record.get(column).unwrap_or("")
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
        Failure::Message(format!("{}:{}: {what}", self.path.display(), self.line))
    }
}
