//! Events as rows of eight-byte cells, one a field that expressions read: what a reader fills and an
//! evaluation looks at without a search by name. Refuses to know what a field means.

use std::ops::Deref;
use std::sync::Arc;

use crate::columns::Columns;
use crate::paths::Branch;
use crate::scalar::Scalar;
use crate::time::DateTime;
use crate::value::{Flavor, Value};

/// A number, a constant, or the place of a value beside the cells. Floats are themselves; everything
/// else hides in the negative quiet NaNs: three bits of kind, 48 of payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cell(u64);

const BOXED: u64 = 0xfff8 << 48;
const KIND: u64 = 0x7 << 48;
const PAYLOAD: u64 = (1 << 48) - 1;
const CONSTANT: u64 = 0;
const INTEGER: u64 = 1 << 48;
const PLACE: u64 = 2 << 48;

impl Cell {
    const NONE: Cell = Cell(BOXED | CONSTANT);
    /// Of a path: what is there has to be looked for in the field itself.
    const ELSEWHERE: Cell = Cell(BOXED | CONSTANT | 3);

    fn float(number: f64) -> Cell {
        Cell(if number.is_nan() { f64::NAN.to_bits() & !(1 << 63) } else { number.to_bits() })
    }

    fn integer(number: i64) -> Option<Cell> {
        const HALF: i64 = 1 << 47;
        (-HALF..HALF).contains(&number).then_some(Cell(BOXED | INTEGER | (number as u64 & PAYLOAD)))
    }

    fn place(place: usize) -> Cell {
        Cell(BOXED | PLACE | place as u64)
    }
}

/// The integer of a cell, sign-extended from 48 bits.
fn signed(bits: u64) -> i64 {
    ((bits << 16) as i64) >> 16
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

/// Cells of equal rows, and the values that fit none.
#[derive(Debug, Clone, Default)]
struct Sheet {
    width: usize,
    cells: Vec<Cell>,
    values: Vec<Value>,
}

impl Sheet {
    #[inline]
    fn get(&self, row: usize, column: usize) -> Operand<'_> {
        let Some(Cell(bits)) = self.cells.get(row * self.width + column).copied() else {
            return Operand::Here(Value::None);
        };
        if bits & BOXED != BOXED {
            return Operand::Here(Value::Float(f64::from_bits(bits)));
        }
        match bits & KIND {
            PLACE => self.values.get((bits & PAYLOAD) as usize).map_or(Operand::Here(Value::None), Operand::There),
            INTEGER => Operand::Here(Value::Int(signed(bits))),
            _ => Operand::Here(match bits & PAYLOAD {
                1 => Value::Bool(false),
                2 => Value::Bool(true),
                _ => Value::None,
            }),
        }
    }

    fn cell(&mut self, value: Value) -> Cell {
        match value {
            Value::None => Cell::NONE,
            Value::Bool(flag) => Cell(BOXED | CONSTANT | (1 + u64::from(flag))),
            Value::Float(number) => Cell::float(number),
            Value::Int(number) => Cell::integer(number).unwrap_or_else(|| self.place(value)),
            value => self.place(value),
        }
    }

    fn place(&mut self, value: Value) -> Cell {
        self.values.push(value);
        Cell::place(self.values.len() - 1)
    }

    fn bytes(&self) -> usize {
        self.cells.capacity() * size_of::<Cell>() + self.values.capacity() * size_of::<Value>()
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
        let (sheet, column) = match slot.checked_sub(self.kept.width) {
            None => (&self.kept, slot),
            Some(column) => (&self.passing, column),
        };
        sheet.cells.get(row * sheet.width + column).copied().unwrap_or(Cell::NONE)
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

    /// Some of the rows in another order, without what only the intake needed.
    pub fn arranged(self, order: &[u32]) -> Rows {
        let Sheet { width, cells, mut values } = self.kept;
        values.shrink_to_fit();
        let mut arranged = Vec::with_capacity(order.len() * width);
        for row in order {
            let start = *row as usize * width;
            arranged.extend_from_slice(cells.get(start..start + width).unwrap_or_default());
        }
        let kept = Sheet { width, cells: arranged, values };
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
    time: Option<usize>,
}

impl RowsBuilder {
    pub fn new(columns: &Columns) -> RowsBuilder {
        let sheet = |width| Sheet { width, ..Sheet::default() };
        let (kept, passing) = (columns.kept_width(), columns.passing.len());
        let mut blank = vec![Cell::NONE; kept + passing];
        columns.path_cells().for_each(|cell| blank[cell] = Cell::ELSEWHERE);
        let mut builder = RowsBuilder {
            rows: Rows { kept: sheet(kept), passing: sheet(passing), rows: 0 },
            cells: blank.clone(),
            blank,
            kept: Texts::default(),
            passing: Texts::default(),
            time: columns.time,
        };
        for text in &columns.texts {
            builder.rows.kept.place(Value::str(text));
            builder.kept.keep(text, builder.rows.kept.values.len());
        }
        builder
    }

    /// Rows that are finished.
    pub fn len(&self) -> usize {
        self.rows.rows
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
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
        if let Value::Str(text) = &value {
            let text = text.clone();
            self.text_with(slot, &text, || value);
            return;
        }
        self.cells[slot] = self.sheet(slot).cell(value);
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
        match Cell::integer(number) {
            Some(cell) => self.cells[slot] = cell,
            None => self.set(slot, Value::Int(number)),
        }
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
        self.text_with(slot, text, || Value::str(text));
    }

    #[inline]
    fn text_with(&mut self, slot: usize, text: &str, value: impl FnOnce() -> Value) {
        let (sheet, texts) = self.sheet_and_texts(slot);
        self.cells[slot] = texts.cell(sheet, text, value);
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

    pub fn finish(self) -> Rows {
        self.rows
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
        Texts { places: vec![u32::MAX; Texts::PLACES], kept: 0 }
    }
}

impl Texts {
    const LONGEST: usize = 64;
    const PLACES: usize = 1 << 14;

    /// The cell of a text that lies in the sheet.
    #[inline]
    fn find(&self, sheet: &Sheet, text: &[u8]) -> Option<Cell> {
        let known = self.places[spread(text) % Texts::PLACES];
        match sheet.values.get(known as usize) {
            Some(Value::Str(found)) if equal_bytes(found.as_bytes(), text) => Some(Cell::place(known as usize)),
            _ => None,
        }
    }

    fn cell(&mut self, sheet: &mut Sheet, text: &str, value: impl FnOnce() -> Value) -> Cell {
        if text.len() > Texts::LONGEST {
            return sheet.place(value());
        }
        self.find(sheet, text.as_bytes()).unwrap_or_else(|| {
            let known = &mut self.places[spread(text.as_bytes()) % Texts::PLACES];
            if *known as usize >= self.kept {
                *known = u32::try_from(sheet.values.len()).unwrap_or(u32::MAX);
            }
            sheet.place(value())
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
    pub fn key(&self, slot: usize) -> u64 {
        self.parts.get(self.part).map_or(Cell::NONE, |rows| rows.cell(self.row, slot)).0
    }

    /// The place of a value that no cell holds (a text, a collection …) among those of its part, kept and
    /// passing ones apart: equal places are equal values.
    #[inline]
    pub fn place(&self, slot: usize) -> Option<usize> {
        let key = self.key(slot);
        (key & (BOXED | KIND) == BOXED | PLACE).then_some((key & PAYLOAD) as usize)
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
        let Cell(bits) = rows.cell(self.row, slot);
        if bits & BOXED != BOXED {
            return Some(Scalar::Float(f64::from_bits(bits)));
        }
        match bits & KIND {
            PLACE => {
                let sheet = if slot < rows.kept.width { &rows.kept } else { &rows.passing };
                sheet.values.get((bits & PAYLOAD) as usize).map_or(Some(Scalar::None), Scalar::of)
            }
            INTEGER => Some(Scalar::Int(signed(bits))),
            _ => Some(match bits & PAYLOAD {
                1 => Scalar::Bool(false),
                2 => Scalar::Bool(true),
                _ if Cell(bits) == Cell::ELSEWHERE => return None,
                _ => Scalar::None,
            }),
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
        let rows = builder.finish();
        for (row, value) in values.iter().enumerate() {
            let shown = |found: &Value| format!("{found:?}").replace("-NaN", "NaN");
            assert_eq!(shown(&rows.get(row, 1)), shown(value));
            assert_eq!(shown(&rows.get(row, 2)), shown(value));
            assert!(rows.get(row, 0).is_none());
        }
        let other = rows.clone().arranged(&[3, 1]);
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
