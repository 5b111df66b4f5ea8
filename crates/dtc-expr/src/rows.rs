//! Events as rows of four-byte cells, one a field that expressions read: what a reader fills and an
//! evaluation looks at without a search by name. Refuses to know what a field means.

use std::ops::Deref;
use std::sync::Arc;

use crate::columns::Columns;
use crate::paths::Branch;
use crate::scalar::Scalar;
use crate::time::DateTime;
use crate::value::{Flavor, Value};

/// A constant, a small integer, or the place of a value beside the cells: three bits of kind, 29 of payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cell(u32);

const KIND: u32 = 0x7 << 29;
const PAYLOAD: u32 = !KIND;
const CONSTANT: u32 = 0;
const INTEGER: u32 = 1 << 29;
/// Of a number that is a float, or an integer that is not small.
const FLOAT: u32 = 2 << 29;
const LONG: u32 = 3 << 29;
const PLACE: u32 = 4 << 29;
/// Of a text in rows that are being filled.
const TEXT: u32 = 5 << 29;
/// Beside these, a row's own always find a place.
const MOST: usize = PAYLOAD as usize - (1 << 20);

impl Cell {
    const NONE: Cell = Cell(CONSTANT);
    /// Of a path: what is there has to be looked for in the field itself.
    const ELSEWHERE: Cell = Cell(CONSTANT | 3);

    fn small(number: i64) -> Option<Cell> {
        const HALF: i64 = 1 << 28;
        (-HALF..HALF).contains(&number).then_some(Cell(INTEGER | (number as u32 & PAYLOAD)))
    }

    fn at(kind: u32, place: usize) -> Cell {
        Cell(kind | place as u32 & PAYLOAD)
    }

    #[inline]
    fn place(self) -> usize {
        (self.0 & PAYLOAD) as usize
    }
}

/// The integer of a cell, sign-extended from 29 bits.
fn signed(bits: u32) -> i64 {
    i64::from((bits << 3) as i32 >> 3)
}

/// A value that an evaluation looks at: where it lies, or made from a cell.
pub enum Operand<'v> {
    There(&'v Value),
    Here(Value),
}

impl Operand<'_> {
    pub fn into_value(self) -> Value {
        match self {
            Operand::There(value) => value.clone(),
            Operand::Here(value) => value,
        }
    }
}

impl Deref for Operand<'_> {
    type Target = Value;

    fn deref(&self) -> &Value {
        match self {
            Operand::There(value) => value,
            Operand::Here(value) => value,
        }
    }
}

/// Cells of equal rows, and what fits none.
#[derive(Debug, Clone, Default)]
struct Sheet {
    width: usize,
    cells: Vec<Cell>,
    /// Bits of floats and of integers.
    numbers: Vec<u64>,
    values: Vec<Value>,
    /// Texts one after the other while rows are being filled; then they are values.
    text: String,
    ends: Vec<u32>,
    /// So many of the first texts, and then values, have their places in all rows.
    known: usize,
}

impl Sheet {
    #[inline]
    fn text(&self, number: usize) -> &str {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start as usize..self.ends[number] as usize]
    }

    fn add_text(&mut self, text: &str) -> Cell {
        let Ok(end) = u32::try_from(self.text.len() + text.len()) else { return self.place(Value::str(text)) };
        self.text.push_str(text);
        self.ends.push(end);
        Cell::at(TEXT, self.ends.len() - 1)
    }

    #[inline]
    fn cell(&self, row: usize, column: usize) -> Cell {
        self.cells.get(row * self.width + column).copied().unwrap_or(Cell::NONE)
    }

    #[inline]
    fn number(&self, cell: Cell) -> u64 {
        self.numbers.get(cell.place()).copied().unwrap_or_default()
    }

    #[inline]
    fn get(&self, row: usize, column: usize) -> Operand<'_> {
        let cell = self.cell(row, column);
        Operand::Here(match cell.0 & KIND {
            PLACE => return self.values.get(cell.place()).map_or(Operand::Here(Value::None), Operand::There),
            INTEGER => Value::Int(signed(cell.0)),
            FLOAT => Value::Float(f64::from_bits(self.number(cell))),
            LONG => Value::Int(self.number(cell) as i64),
            TEXT => Value::str(self.text(cell.place())),
            _ => match cell.0 & PAYLOAD {
                1 => Value::Bool(false),
                2 => Value::Bool(true),
                _ => Value::None,
            },
        })
    }

    /// The value where it is a number, a constant or a text.
    #[inline]
    fn scalar(&self, row: usize, column: usize) -> Option<Scalar<'_>> {
        let cell = self.cell(row, column);
        Some(match cell.0 & KIND {
            PLACE => return self.values.get(cell.place()).map_or(Some(Scalar::None), Scalar::of),
            INTEGER => Scalar::Int(signed(cell.0)),
            FLOAT => Scalar::Float(f64::from_bits(self.number(cell))),
            LONG => Scalar::Int(self.number(cell) as i64),
            TEXT => return None,
            _ => match cell.0 & PAYLOAD {
                1 => Scalar::Bool(false),
                2 => Scalar::Bool(true),
                _ if cell == Cell::ELSEWHERE => return None,
                _ => Scalar::None,
            },
        })
    }

    fn add(&mut self, value: Value) -> Cell {
        match value {
            Value::None => Cell::NONE,
            Value::Bool(flag) => Cell(CONSTANT | (1 + u32::from(flag))),
            Value::Float(number) => self.add_number(FLOAT, number.to_bits()),
            Value::Int(number) => self.integer(number),
            value => self.place(value),
        }
    }

    #[inline]
    fn integer(&mut self, number: i64) -> Cell {
        Cell::small(number).unwrap_or_else(|| self.add_number(LONG, number as u64))
    }

    fn add_number(&mut self, kind: u32, bits: u64) -> Cell {
        self.numbers.push(bits);
        Cell::at(kind, self.numbers.len() - 1)
    }

    fn place(&mut self, value: Value) -> Cell {
        self.values.push(value);
        Cell::at(PLACE, self.values.len() - 1)
    }

    /// Empty, in the memory that it has.
    fn clear(&mut self, width: usize) {
        self.width = width;
        self.cells.clear();
        self.numbers.clear();
        self.values.clear();
        self.text.clear();
        self.ends.clear();
    }

    /// Rows in another order, and what they refer to in that order too, so that what is used together lies
    /// together.
    fn arranged(&mut self, order: impl ExactSizeIterator<Item = usize>) -> Sheet {
        let mut arranged = Arranged {
            texts: vec![UNKNOWN; self.ends.len()],
            places: vec![UNKNOWN; self.values.len()],
            numbers: Vec::with_capacity(self.numbers.len()),
            values: Vec::with_capacity(self.ends.len() + self.values.len()),
        };
        let kind = if self.ends.is_empty() { PLACE } else { TEXT };
        for place in 0..self.known {
            arranged.cell(self, Cell::at(kind, place));
        }
        let mut cells = Vec::with_capacity(order.len() * self.width);
        for row in order {
            for at in row * self.width..(row + 1) * self.width {
                let cell = self.cells.get(at).copied().unwrap_or(Cell::NONE);
                cells.push(if cell.0 < FLOAT { cell } else { arranged.cell(self, cell) });
            }
        }
        let Arranged { numbers, mut values, .. } = arranged;
        values.shrink_to_fit();
        Sheet { width: self.width, cells, numbers, values, known: self.known, ..Sheet::default() }
    }

    fn bytes(&self) -> usize {
        self.cells.capacity() * size_of::<Cell>()
            + self.numbers.capacity() * size_of::<u64>()
            + self.values.capacity() * size_of::<Value>()
    }
}

const UNKNOWN: u32 = u32::MAX;

/// What the cells of an arranged sheet refer to.
struct Arranged {
    /// By text and by value: its place among `values`.
    texts: Vec<u32>,
    places: Vec<u32>,
    numbers: Vec<u64>,
    values: Vec<Value>,
}

impl Arranged {
    /// The cell of what a cell of the sheet refers to; the value is taken from there.
    #[inline]
    fn cell(&mut self, from: &mut Sheet, cell: Cell) -> Cell {
        let place = cell.place();
        let kind = cell.0 & KIND;
        let known = match kind {
            TEXT => &mut self.texts[place],
            PLACE => &mut self.places[place],
            _ => {
                self.numbers.push(from.number(cell));
                return Cell::at(kind, self.numbers.len() - 1);
            }
        };
        if *known == UNKNOWN {
            *known = self.values.len() as u32;
            let value =
                if kind == TEXT { Value::str(from.text(place)) } else { std::mem::take(&mut from.values[place]) };
            self.values.push(value);
        }
        Cell::at(PLACE, *known as usize)
    }
}

/// Rows of one part of the input. Immutable once read, shared between threads.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    kept: Sheet,
    passing: Sheet,
    rows: usize,
}

impl Rows {
    pub fn len(&self) -> usize {
        self.rows
    }

    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The value of a slot; `None` for a slot or row that is not there.
    #[inline]
    pub fn get(&self, row: usize, slot: usize) -> Operand<'_> {
        match slot.checked_sub(self.kept.width) {
            None => self.kept.get(row, slot),
            Some(column) => self.passing.get(row, column),
        }
    }

    /// A kept cell for whoever writes rows somewhere; `None`: what the path leads to lies in its field.
    #[inline]
    pub fn kept(&self, row: usize, slot: usize) -> Option<Operand<'_>> {
        (self.cell(row, slot) != Cell::ELSEWHERE).then(|| self.kept.get(row, slot))
    }

    #[inline]
    fn cell(&self, row: usize, slot: usize) -> Cell {
        match slot.checked_sub(self.kept.width) {
            None => self.kept.cell(row, slot),
            Some(column) => self.passing.cell(row, column),
        }
    }

    /// Looks at a cell and the text that it stands for, so that they are near when they are needed; the result
    /// means nothing.
    #[inline]
    pub fn touch(&self, row: usize, slot: usize) -> usize {
        let cell = self.cell(row, slot);
        let text = match self.kept.values.get(cell.place()).filter(|_| cell.0 & KIND == PLACE) {
            Some(Value::Str(text)) => text.as_bytes().first().copied(),
            _ => None,
        };
        cell.place() + usize::from(text.unwrap_or_default())
    }

    /// The event of a row as far as its cells hold it, a record without what is missing.
    pub fn event(&self, row: usize, columns: &Columns) -> Value {
        if columns.whole {
            return self.get(row, 0).into_value();
        }
        let fields = columns.fields().map(|(slot, name)| (Value::Str(name.clone()), self.field(row, slot, columns)));
        Value::record(fields.filter(|(_, value)| !value.is_none()).collect())
    }

    /// A field as far as its cells hold it.
    fn field(&self, row: usize, slot: usize, columns: &Columns) -> Value {
        let cell = |slot: usize| self.get(row, slot).into_value();
        match columns.branch(slot) {
            // Either all of its paths are in cells or none.
            Some(branch) if !self.lies_elsewhere(row, branch) => branch.value(&cell),
            _ => cell(slot),
        }
    }

    fn lies_elsewhere(&self, row: usize, branch: &Branch) -> bool {
        let mut elsewhere = false;
        branch.each_cell(&mut |slot| elsewhere |= self.cell(row, slot) == Cell::ELSEWHERE);
        elsewhere
    }

    /// Some of the rows in another order, without what only the intake needed; what they leave behind is of no use
    /// but to [`RowsBuilder::restart`].
    pub fn arranged(&mut self, order: &[u32]) -> Rows {
        let kept = self.kept.arranged(order.iter().map(|row| *row as usize));
        Rows { kept, passing: Sheet::default(), rows: order.len() }
    }

    /// Estimated bytes in memory, texts and collections beside the cells included.
    pub fn weight(&self) -> usize {
        let values = self.kept.values.iter().chain(&self.passing.values);
        self.kept.bytes() + self.passing.bytes() + values.map(Value::weight).sum::<usize>()
    }
}

/// Fills rows cell by cell. Equal short texts are kept once.
#[derive(Debug)]
pub struct RowsBuilder {
    rows: Rows,
    /// The row at hand, by slot.
    cells: Vec<Cell>,
    /// A row of an event without fields.
    blank: Vec<Cell>,
    kept: Texts,
    passing: Texts,
    kept_width: usize,
    time: Option<usize>,
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
        if Some(slot) != self.time && bytes.len() <= Texts::LONGEST {
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

/// Where texts lie that came lately. Direct-mapped, so that it never grows.
#[derive(Debug)]
struct Texts {
    places: Vec<u32>,
    /// Texts at places before this one stay.
    kept: usize,
}

impl Default for Texts {
    fn default() -> Texts {
        Texts { places: vec![UNKNOWN; Texts::PLACES], kept: 0 }
    }
}

impl Texts {
    const LONGEST: usize = 64;
    const PLACES: usize = 1 << 14;

    fn clear(&mut self) {
        self.places.fill(UNKNOWN);
        self.kept = 0;
    }

    /// The cell of a text that lies in the sheet.
    #[inline]
    fn find(&self, sheet: &Sheet, text: &[u8]) -> Option<Cell> {
        let known = self.places[spread(text) % Texts::PLACES] as usize;
        let found = known < sheet.ends.len() && equal_bytes(sheet.text(known).as_bytes(), text);
        found.then(|| Cell::at(TEXT, known))
    }

    fn cell(&mut self, sheet: &mut Sheet, text: &str) -> Cell {
        if text.len() > Texts::LONGEST {
            return sheet.add_text(text);
        }
        self.find(sheet, text.as_bytes()).unwrap_or_else(|| {
            let known = &mut self.places[spread(text.as_bytes()) % Texts::PLACES];
            if *known == UNKNOWN || *known as usize >= self.kept {
                *known = u32::try_from(sheet.ends.len()).unwrap_or(UNKNOWN);
            }
            sheet.add_text(text)
        })
    }

    /// Holds on to the last of the first `count` texts.
    fn keep(&mut self, text: &str, count: usize) {
        self.places[spread(text.as_bytes()) % Texts::PLACES] = (count - 1) as u32;
        self.kept = count;
    }
}

/// `a == b` for short texts, without a call.
#[inline]
pub fn equal_bytes(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    if a.len() < 8 {
        return a.iter().zip(b).all(|(a, b)| a == b);
    }
    a.chunks_exact(8).zip(b.chunks_exact(8)).all(|(a, b)| a == b) && a.last_chunk::<8>() == b.last_chunk::<8>()
}

/// Mixes the first and last eight bytes and the length: enough to spread short texts.
#[inline]
fn spread(text: &[u8]) -> usize {
    let length = text.len();
    let (first, last) = match (text.first_chunk::<8>(), text.last_chunk::<8>()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => (text.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)), 0),
    };
    let hash = (first ^ last.rotate_left(29) ^ length as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (hash >> 40) as usize
}

/// Where an evaluation stands: the rows of a run and the row at hand.
#[derive(Debug, Clone, Default)]
pub struct RowAt {
    pub parts: Arc<Vec<Rows>>,
    pub part: usize,
    pub row: usize,
}

impl RowAt {
    /// Of the same part and slot, equal keys are equal values.
    #[inline]
    pub fn key(&self, slot: usize) -> u32 {
        self.parts.get(self.part).map_or(Cell::NONE, |rows| rows.cell(self.row, slot)).0
    }

    /// The place of a value that no cell holds (a text, a collection …) among those of its part, kept and
    /// passing ones apart: equal places are equal values.
    #[inline]
    pub fn place(&self, slot: usize) -> Option<usize> {
        let key = self.key(slot);
        (key & KIND == PLACE).then_some((key & PAYLOAD) as usize)
    }

    /// A text in rows that are being filled, and its number among those of its part, kept and passing ones apart:
    /// equal numbers are equal texts.
    #[inline]
    pub fn text(&self, slot: usize) -> Option<(usize, &str)> {
        let rows = self.parts.get(self.part)?;
        let (sheet, column) = match slot.checked_sub(rows.kept.width) {
            None => (&rows.kept, slot),
            Some(column) => (&rows.passing, column),
        };
        let cell = sheet.cell(self.row, column);
        (cell.0 & KIND == TEXT).then(|| (cell.place(), sheet.text(cell.place())))
    }

    /// The event of the row at hand as far as its cells hold it.
    pub fn event(&self, columns: &Columns) -> Value {
        self.parts.get(self.part).map_or(Value::None, |rows| rows.event(self.row, columns))
    }

    /// A field as far as its cells hold it.
    pub fn field(&self, slot: usize, columns: &Columns) -> Value {
        self.parts.get(self.part).map_or(Value::None, |rows| rows.field(self.row, slot, columns))
    }

    /// Whether a path's part has to be looked for in its field.
    #[inline]
    pub(crate) fn is_elsewhere(&self, slot: usize) -> bool {
        self.key(slot) == Cell::ELSEWHERE.0
    }

    /// The value where it is a number, a constant or a text.
    #[inline]
    pub(crate) fn scalar(&self, slot: usize) -> Option<Scalar<'_>> {
        let Some(rows) = self.parts.get(self.part) else { return Some(Scalar::None) };
        match slot.checked_sub(rows.kept.width) {
            None => rows.kept.scalar(self.row, slot),
            Some(column) => rows.passing.scalar(self.row, column),
        }
    }

    #[inline]
    pub fn get(&self, slot: usize) -> Operand<'_> {
        self.parts.get(self.part).map_or(Operand::Here(Value::None), |rows| rows.get(self.row, slot))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(kept: &[&str], passing: &[&str]) -> Columns {
        let mut columns = Columns::of(kept.iter().map(|name| Arc::from(*name)));
        columns.passing = passing.iter().map(|name| Arc::from(*name)).collect();
        columns
    }

    #[test]
    fn cells_give_back_what_was_set() {
        let columns = columns(&["a", "b"], &["t"]);
        let values = [
            Value::None,
            Value::Bool(true),
            Value::Bool(false),
            Value::Int(0),
            Value::Int(-1),
            Value::Int((1 << 47) - 1),
            Value::Int(-(1 << 47)),
            Value::Int(1 << 47),
            Value::Int(i64::MIN),
            Value::Float(-0.0),
            Value::Float(f64::NEG_INFINITY),
            Value::Float(1e-300),
            Value::Float(-f64::NAN),
            Value::str(""),
            Value::str("short"),
            Value::str(&"long".repeat(40)),
            Value::list(vec![Value::Int(1)]),
        ];
        let mut builder = RowsBuilder::new(&columns);
        for value in &values {
            builder.clear();
            builder.set(1, value.clone());
            builder.set(2, value.clone());
            builder.push();
        }
        let mut rows = builder.finish();
        for (row, value) in values.iter().enumerate() {
            let shown = |found: &Value| format!("{found:?}").replace("-NaN", "NaN");
            assert_eq!(shown(&rows.get(row, 1)), shown(value));
            assert_eq!(shown(&rows.get(row, 2)), shown(value));
            assert!(rows.get(row, 0).is_none());
        }
        let other = rows.arranged(&[3, 1]);
        assert_eq!((other.len(), format!("{:?}", &*other.get(0, 1))), (2, format!("{:?}", values[3])));
        assert!(other.get(0, 2).is_none() && other.get(2, 0).is_none());
    }

    #[test]
    fn equal_texts_are_kept_once() {
        let mut builder = RowsBuilder::new(&columns(&["a"], &[]));
        for _ in 0..100 {
            builder.set_text(0, "purchase");
            builder.push();
        }
        let rows = builder.finish();
        assert_eq!(rows.kept.values.len(), 1);
        let (Operand::There(Value::Str(a)), Operand::There(Value::Str(b))) = (rows.get(0, 0), rows.get(99, 0)) else {
            panic!("texts lie in the sheet");
        };
        assert!(Arc::ptr_eq(a, b));
    }
}
