//! Events as rows of four-byte cells, one a field that expressions read: what a reader fills and an
//! evaluation looks at without a search by name. Refuses to know what a field means.

mod builder;
mod cell;
mod sheet;
mod texts;
mod written;

use std::ops::Deref;
use std::sync::Arc;

use crate::columns::Columns;
use crate::paths::Branch;
use crate::scalar::Scalar;
use crate::value::Value;
use cell::{Cell, KIND, PAYLOAD, SPOT, TEXT};
use sheet::Sheet;

pub use builder::RowsBuilder;
pub use texts::equal_bytes;
pub use written::spots;

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

    /// Where a text lies among those of its part, in rows that are finished: equal places are equal texts, and
    /// those that the columns know lie in [`spots`].
    #[inline]
    pub fn spot(&self, slot: usize) -> Option<usize> {
        let key = self.key(slot);
        (key & KIND == SPOT).then_some((key & PAYLOAD) as usize)
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
        assert_eq!(&*rows.kept.text, "\u{8}purchase");
    }
}
