//! Rows as they are filled, cell by cell, in memory that is used again. Refuses to read any format.

use std::sync::Arc;

use super::Rows;
use super::cell::{Cell, MOST};
use super::sheet::Sheet;
use super::texts::Texts;
use crate::columns::Columns;
use crate::paths::Branch;
use crate::time::{DateTime, KnownDay};
use crate::value::{Flavor, Value};

/// Fills rows cell by cell. Equal short texts are kept once.
#[derive(Debug)]
pub struct RowsBuilder {
    pub(super) rows: Rows,
    /// The row at hand, by slot.
    cells: Vec<Cell>,
    /// A row of an event without fields.
    blank: Vec<Cell>,
    kept: Texts,
    passing: Texts,
    kept_width: usize,
    time: Option<usize>,
    day: KnownDay,
    /// Texts that have the same places in all rows.
    known: Vec<Arc<str>>,
}

impl RowsBuilder {
    pub fn new(columns: &Columns) -> RowsBuilder {
        let (kept_width, passing) = (columns.kept_width(), columns.passing.len());
        let mut blank = vec![Cell::NONE; kept_width + passing];
        columns.path_cells().for_each(|cell| blank[cell] = Cell::ELSEWHERE);
        let mut builder = RowsBuilder {
            rows: Rows::default(),
            cells: blank.clone(),
            blank,
            kept: Texts::default(),
            passing: Texts::default(),
            kept_width,
            time: columns.time,
            day: KnownDay::default(),
            known: columns.texts.clone(),
        };
        builder.restart();
        builder
    }

    /// Begins with other rows, in the memory of those that were filled.
    pub fn restart(&mut self) {
        self.rows.kept.clear(self.kept_width);
        self.rows.passing.clear(self.blank.len() - self.kept_width);
        self.rows.rows = 0;
        self.kept.clear();
        self.passing.clear();
        for text in &self.known {
            self.rows.kept.add_text(text);
            self.kept.keep(text, self.rows.kept.ends.len());
        }
        self.rows.kept.known = self.known.len();
        self.clear();
    }

    /// The rows that are finished, for whoever takes of them what it needs before the next [`RowsBuilder::restart`].
    pub fn rows(&mut self) -> &mut Rows {
        &mut self.rows
    }

    /// Rows that are finished.
    pub fn len(&self) -> usize {
        self.rows.rows
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the next row belongs to other rows: cells have no places for many more values.
    pub fn is_full(&self) -> bool {
        [&self.rows.kept, &self.rows.passing]
            .iter()
            .any(|sheet| sheet.numbers.len().max(sheet.values.len() + sheet.ends.len()) > MOST)
    }

    /// Makes every cell of the row at hand missing.
    #[inline]
    pub fn clear(&mut self) {
        self.cells.copy_from_slice(&self.blank);
    }

    /// Makes a cell missing.
    #[inline]
    pub fn unset(&mut self, slot: usize) {
        self.cells[slot] = Cell::NONE;
    }

    /// Leaves the parts that a branch leads to in the field itself.
    pub fn leave(&mut self, branch: &Branch) {
        branch.each_cell(&mut |cell| self.cells[cell] = Cell::ELSEWHERE);
    }

    #[inline]
    pub fn set(&mut self, slot: usize, value: Value) {
        self.cells[slot] = match &value {
            Value::Str(text) if text.len() <= Texts::LONGEST => self.text_cell(slot, text),
            _ => self.sheet(slot).add(value),
        };
    }

    /// Sets a kept cell to what [`Rows::kept`] gave.
    #[inline]
    pub fn set_kept(&mut self, slot: usize, value: Option<Value>) {
        match value {
            Some(value) => self.set(slot, value),
            None => self.cells[slot] = Cell::ELSEWHERE,
        }
    }

    #[inline]
    fn sheet(&mut self, slot: usize) -> &mut Sheet {
        if slot < self.rows.kept.width { &mut self.rows.kept } else { &mut self.rows.passing }
    }

    #[inline]
    pub fn set_integer(&mut self, slot: usize, number: i64) {
        self.cells[slot] = self.sheet(slot).integer(number);
    }

    /// A text as its bytes; `false` where they are not UTF-8.
    #[inline]
    pub fn set_bytes(&mut self, slot: usize, bytes: &[u8]) -> bool {
        if Some(slot) == self.time {
            if let Some(time) = self.day.time(bytes) {
                self.cells[slot] = self.sheet(slot).place(Value::DateTime(time));
                return true;
            }
        } else if bytes.len() <= Texts::LONGEST {
            let (sheet, texts) = self.sheet_and_texts(slot);
            if let Some(cell) = texts.find(sheet, bytes) {
                self.cells[slot] = cell;
                return true;
            }
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                self.set_text(slot, text);
                true
            }
            Err(_) => false,
        }
    }

    #[inline]
    fn sheet_and_texts(&mut self, slot: usize) -> (&mut Sheet, &mut Texts) {
        if slot < self.rows.kept.width {
            (&mut self.rows.kept, &mut self.kept)
        } else {
            (&mut self.rows.passing, &mut self.passing)
        }
    }

    #[inline]
    pub fn set_text(&mut self, slot: usize, text: &str) {
        if Some(slot) == self.time
            && let Some(time) = DateTime::parse_iso(text.trim())
        {
            self.cells[slot] = self.sheet(slot).place(Value::DateTime(time));
            return;
        }
        self.cells[slot] = self.text_cell(slot, text);
    }

    #[inline]
    fn text_cell(&mut self, slot: usize, text: &str) -> Cell {
        let (sheet, texts) = self.sheet_and_texts(slot);
        texts.cell(sheet, text)
    }

    /// Sets every cell from an event, a dict of `Flavor::Record`.
    pub fn set_event(&mut self, event: &Value, columns: &Columns) {
        if columns.whole {
            self.set(0, event.clone());
            return;
        }
        self.clear();
        let Value::Dict(_, fields) = event else { return };
        for (slot, name) in columns.fields() {
            let Some(value) = fields.get(&**name) else { continue };
            match columns.branch(slot) {
                Some(branch) if self.set_parts(branch, value) => {}
                Some(branch) => {
                    self.leave(branch);
                    self.set_part(slot, value.clone());
                }
                None => self.set_leaf(slot, value),
            }
        }
    }

    /// Sets the parts of a value that a branch leads to; `false` where they are not all there.
    fn set_parts(&mut self, branch: &Branch, value: &Value) -> bool {
        if let Some(cell) = branch.cell {
            self.set_leaf(cell, value);
            return true;
        }
        match value {
            Value::Dict(_, fields) if branch.items.is_empty() && branch.length.is_none() => {
                branch.names.iter().all(|(name, inner)| match (fields.get(&**name), inner.cell) {
                    (Some(value), _) => self.set_parts(inner, value),
                    (None, Some(cell)) => {
                        self.unset(cell);
                        true
                    }
                    (None, None) => false,
                })
            }
            Value::List(_, items) if branch.names.is_empty() => {
                if let Some(cell) = branch.length {
                    self.set(cell, Value::from(items.len()));
                }
                branch
                    .items
                    .iter()
                    .all(|(place, inner)| items.get(*place as usize).is_some_and(|item| self.set_parts(inner, item)))
            }
            _ => false,
        }
    }

    fn set_leaf(&mut self, slot: usize, value: &Value) {
        match value {
            Value::Str(text) if Some(slot) == self.time => self.set_text(slot, text),
            value => self.set_part(slot, value.clone()),
        }
    }

    /// Sets a part of an event, which is treated like the event.
    pub fn set_part(&mut self, slot: usize, value: Value) {
        self.set(
            slot,
            match value {
                Value::Dict(Flavor::Plain, dict) => Value::Dict(Flavor::Record, dict),
                Value::List(Flavor::Plain, items) => Value::List(Flavor::Record, items),
                other => other,
            },
        );
    }

    /// Makes the row at hand the next row.
    #[inline]
    pub fn push(&mut self) {
        let (kept, passing) = self.cells.split_at(self.rows.kept.width);
        self.rows.kept.cells.extend_from_slice(kept);
        self.rows.passing.cells.extend_from_slice(passing);
        self.rows.rows += 1;
    }

    pub fn finish(mut self) -> Rows {
        let rows = self.rows.rows;
        let (kept, passing) = (self.rows.kept.arranged(0..rows), self.rows.passing.arranged(0..rows));
        Rows { kept, passing, rows }
    }
}
