//! A table's rows as an input: JSON Lines, made while they are read.

use std::io::{self, Read};
use std::sync::Mutex;

use dtc_expr::Mode;
use dtc_io::{Input, IoError, Origin, Projection};

/// Opens a table; the columns that are asked for, or all.
pub(crate) trait Rows {
    fn open(&self, projection: &Projection) -> Result<Box<dyn NextRow>, IoError>;
}

/// The rows that are left.
pub(crate) trait NextRow: Send {
    /// Appends the next rows as lines; `false`: there are no more.
    fn next(&mut self, lines: &mut Vec<u8>) -> Result<bool, IoError>;
}

/// A table as an input. What went wrong while it was read ends the input with that error.
pub(crate) struct TableInput<R> {
    pub shown: String,
    pub rows: R,
}

impl<R: Rows> Origin for TableInput<R> {
    fn shown(&self) -> String {
        self.shown.clone()
    }

    fn name(&self) -> String {
        self.shown.clone()
    }

    /// A table is no file: there is no reading on from a byte.
    fn size(&self) -> Result<Option<u64>, IoError> {
        Ok(None)
    }

    fn bytes(&self, _from: u64, _count: u64) -> Result<Box<dyn Read + Send>, IoError> {
        Ok(Box::new(io::empty()))
    }

    fn open(&self, projection: &Projection, mode: Mode) -> Result<Input, IoError> {
        let rows = Mutex::new(self.rows.open(projection)?);
        let lines = Lines { rows, lines: Vec::new(), place: 0, ended: false };
        Input::from_reader(&self.shown, Box::new(lines), None, projection, mode)
    }
}

struct Lines {
    rows: Mutex<Box<dyn NextRow>>,
    lines: Vec<u8>,
    place: usize,
    ended: bool,
}

impl Read for Lines {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.place == self.lines.len() && !self.ended {
            self.lines.clear();
            self.place = 0;
            let mut rows = self.rows.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            self.ended = !rows.next(&mut self.lines).map_err(io::Error::other)?;
        }
        let count = buffer.len().min(self.lines.len() - self.place);
        buffer[..count].copy_from_slice(&self.lines[self.place..self.place + count]);
        self.place += count;
        Ok(count)
    }
}

/// A number as JSON writes it, or the text in quotes.
pub(crate) fn number(text: &str) -> serde_json::Value {
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(value @ serde_json::Value::Number(_)) => value,
        _ => serde_json::Value::String(text.to_owned()),
    }
}
