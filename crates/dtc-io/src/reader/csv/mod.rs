//! CSV as records (docs/INPUTS.md): a header, one record a row, values typed cell by cell, so that a row
//! means the same in whatever file it stands. A row that cannot be read is told, and reading goes on.

mod cells;
mod header;
mod rows;
mod sniff;

pub(super) use self::sniff::{Dialect, detect, is_named_csv};

use dtc_expr::{Dict, Value};

use self::header::{Header, Node};
use self::rows::{Problem, Row, Stop};
use super::fault::MAX_RECORD;
use super::interner::Interner;
use super::source::Source;
use super::{BadRecord, RawRecord, recover};
use crate::error::IoError;
use crate::projection::Projection;

/// Records of one CSV file, pulled one at a time.
pub(super) struct CsvRecords {
    source: Source,
    delimiter: u8,
    header: Header,
    row: Row,
    interner: Interner,
    /// Line on which the next row starts, from 1.
    line: u64,
    done: bool,
    empty: bool,
    /// Rows given or told.
    rows: u64,
    /// Offset up to which lines may be the inside of a cell of a row that could not be split.
    doubtful: u64,
}

impl CsvRecords {
    /// Starts at the input's first byte after a byte order mark; the header is read at once.
    pub(super) fn start(
        source: Source,
        name: &str,
        dialect: Dialect,
        projection: &Projection,
    ) -> Result<CsvRecords, IoError> {
        let mut records = CsvRecords {
            source,
            delimiter: dialect.delimiter,
            header: Header::default(),
            row: Row::default(),
            interner: Interner::new(Projection::All),
            line: 1,
            done: false,
            empty: false,
            rows: 0,
            doubtful: 0,
        };
        if dialect.named_inside {
            records.skip_line();
        }
        let refused = |reason: String| IoError::Header { name: name.to_owned(), reason };
        match records.next_row() {
            None => records.empty = true,
            Some(Err(bad)) => return Err(refused(format!("line {}: {}", bad.line, bad.reason))),
            Some(Ok(_)) => {
                let texts = records.row.utf8(records.source.rest()).map_err(refused)?;
                let names = (0..records.row.cells.len()).map(|place| records.row.text(texts, place).into_owned());
                let header = Header::of(names.collect(), projection).map_err(refused)?;
                records.pass_row();
                records.header = header;
            }
        }
        Ok(records)
    }

    pub(super) fn bytes_read(&self) -> u64 {
        self.source.bytes_read()
    }

    pub(super) fn total_bytes(&self) -> Option<u64> {
        self.source.total
    }

    /// E.g. "CSV with `;`, gzip".
    pub(super) fn format(&self) -> String {
        let with = match self.delimiter {
            b',' => String::new(),
            b'\t' => " with tabs".to_owned(),
            other => format!(" with `{}`", char::from(other)),
        };
        format!("CSV{with}{}", self.source.packing_suffix())
    }

    pub(super) fn notices(&self) -> Vec<String> {
        let mut list = self.header.notices.clone();
        if self.empty {
            list.push("the file is empty".to_owned());
        } else if self.done && self.rows == 0 {
            list.push("the file has a header and no rows".to_owned());
        }
        list
    }

    pub(super) fn next(&mut self) -> Option<Result<RawRecord, BadRecord>> {
        if self.done {
            return None;
        }
        let row = self.next_row();
        self.rows += u64::from(row.is_some());
        match row {
            // The input broke off inside the row: what is there of its last cell is no value.
            Some(Ok(_)) if self.row.lines == 0 && self.source.has_failed() => self.end(),
            Some(Ok(line)) => Some(self.record(line)),
            Some(Err(bad)) => Some(Err(bad)),
            None => self.end(),
        }
    }

    /// After the last row: tells once why the input ended early.
    fn end(&mut self) -> Option<Result<RawRecord, BadRecord>> {
        self.done = true;
        let text = recover::excerpt(self.source.rest());
        let reason = self.source.end_reason()?;
        Some(Err(BadRecord { line: self.line, reason, text }))
    }

    /// The record of the row at hand, which is passed.
    fn record(&mut self, line: u64) -> Result<RawRecord, BadRecord> {
        let (found, wanted) = (self.row.cells.len(), self.header.width);
        let rest = self.source.rest();
        let read = if found != wanted {
            Err(self.wrong_width(found))
        } else if self.source.offset() < self.doubtful && self.row.has_stray_quote(rest) {
            Err("a double quote inside a cell, after a row whose quotes do not match".to_owned())
        } else {
            self.row.utf8(rest)
        };
        let record = match read {
            Err(reason) => Err(BadRecord { line, reason, text: self.excerpt() }),
            Ok(texts) => {
                let fields = fields(&self.header.shape, &self.row, texts, &mut self.interner);
                Ok(RawRecord { line, value: Value::record(fields) })
            }
        };
        self.pass_row();
        record
    }

    fn wrong_width(&self, found: usize) -> String {
        let cells = if found == 1 { "cell" } else { "cells" };
        let delimiter = match self.delimiter {
            b'\t' => "a tab".to_owned(),
            other => format!("`{}`", char::from(other)),
        };
        let cure = if found > self.header.width {
            format!("put a cell that contains {delimiter} in double quotes")
        } else {
            format!("add what is missing, if only {delimiter}")
        };
        format!("the row has {found} {cells} and the header {}; {cure}", self.header.width)
    }

    /// Splits the next row that is not blank; the line on which it starts. It is not passed yet.
    fn next_row(&mut self) -> Option<Result<u64, BadRecord>> {
        loop {
            match rows::split(self.source.rest(), self.source.ended(), self.delimiter, &mut self.row) {
                Ok(()) if self.row.is_blank(self.source.rest()) => self.pass_row(),
                Ok(()) => return Some(Ok(self.line)),
                Err(Stop::Nothing) => return None,
                Err(Stop::Bad(problem)) => return Some(Err(self.refuse(&problem))),
                Err(Stop::More) if self.source.rest().len() >= MAX_RECORD => {
                    return Some(Err(self.refuse(&Problem::TooLong)));
                }
                Err(Stop::More) => self.double(),
            }
        }
    }

    /// Tells the row at hand and goes on with the line after its first: a quote out of place swallows lines.
    fn refuse(&mut self, problem: &Problem) -> BadRecord {
        let rest = self.source.rest();
        let first = &rest[..memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len())];
        let bad = BadRecord { line: self.line, reason: problem.describe(rest), text: recover::excerpt(first) };
        let reach = if let Problem::AfterQuote(at) = problem { *at } else { rest.len() };
        self.doubtful = self.doubtful.max(self.source.offset() + reach as u64);
        self.skip_line();
        bad
    }

    fn excerpt(&self) -> String {
        recover::excerpt(&self.source.rest()[..self.row.used])
    }

    fn pass_row(&mut self) {
        self.line += self.row.lines;
        self.source.consume(self.row.used);
    }

    /// Reads until twice as much is at hand: splitting anew stays linear in the row's size.
    fn double(&mut self) {
        let goal = self.source.rest().len() * 2;
        while self.source.rest().len() < goal.max(1) && self.source.more() {}
    }

    /// Passes everything up to and with the next line end.
    fn skip_line(&mut self) {
        loop {
            let rest = self.source.rest();
            if let Some(end) = memchr::memchr2(b'\n', b'\r', rest) {
                if rest[end] == b'\r' && end + 1 == rest.len() && self.source.more() {
                    continue;
                }
                let pair = self.source.rest()[end..].starts_with(b"\r\n");
                self.source.consume(end + 1 + usize::from(pair));
                self.line += 1;
                return;
            }
            let read = rest.len();
            self.source.consume(read);
            if !self.source.more() {
                return;
            }
        }
    }
}

/// A row's values in the header's shape.
fn fields(shape: &[(Value, Node)], row: &Row, texts: &str, interner: &mut Interner) -> Dict {
    let field = |(key, node): &(Value, Node)| {
        let value = match node {
            Node::Cell(place) => cells::value(&row.text(texts, *place), row.cells[*place].quoted, interner),
            Node::Object(inner) => Value::dict(fields(inner, row, texts, interner)),
        };
        (key.clone(), value)
    };
    let mut dict = Dict::with_capacity_and_hasher(shape.len(), Default::default());
    dict.extend(shape.iter().map(field));
    dict
}
