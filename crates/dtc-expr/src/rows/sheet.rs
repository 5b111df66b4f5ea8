//! Cells of equal rows with what they lead to, while rows are being filled and after. Refuses to know columns.

use super::Operand;
use super::cell::{CONSTANT, Cell, FLOAT, INTEGER, KIND, LONG, PAYLOAD, PLACE, TEXT, signed};
use crate::scalar::Scalar;
use crate::value::Value;

/// Cells of equal rows, and what fits none.
#[derive(Debug, Clone, Default)]
pub(super) struct Sheet {
    pub(super) width: usize,
    pub(super) cells: Vec<Cell>,
    /// Bits of floats and of integers.
    pub(super) numbers: Vec<u64>,
    pub(super) values: Vec<Value>,
    /// Texts one after the other while rows are being filled; then they are values.
    pub(super) text: String,
    pub(super) ends: Vec<u32>,
    /// So many of the first texts, and then values, have their places in all rows.
    pub(super) known: usize,
}

impl Sheet {
    #[inline]
    pub(super) fn text(&self, number: usize) -> &str {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start as usize..self.ends[number] as usize]
    }

    pub(super) fn add_text(&mut self, text: &str) -> Cell {
        let Ok(end) = u32::try_from(self.text.len() + text.len()) else { return self.place(Value::str(text)) };
        self.text.push_str(text);
        self.ends.push(end);
        Cell::at(TEXT, self.ends.len() - 1)
    }

    #[inline]
    pub(super) fn cell(&self, row: usize, column: usize) -> Cell {
        self.cells.get(row * self.width + column).copied().unwrap_or(Cell::NONE)
    }

    #[inline]
    pub(super) fn number(&self, cell: Cell) -> u64 {
        self.numbers.get(cell.place()).copied().unwrap_or_default()
    }

    #[inline]
    pub(super) fn get(&self, row: usize, column: usize) -> Operand<'_> {
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
    pub(super) fn scalar(&self, row: usize, column: usize) -> Option<Scalar<'_>> {
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

    pub(super) fn add(&mut self, value: Value) -> Cell {
        match value {
            Value::None => Cell::NONE,
            Value::Bool(flag) => Cell(CONSTANT | (1 + u32::from(flag))),
            Value::Float(number) => self.add_number(FLOAT, number.to_bits()),
            Value::Int(number) => self.integer(number),
            value => self.place(value),
        }
    }

    #[inline]
    pub(super) fn integer(&mut self, number: i64) -> Cell {
        Cell::small(number).unwrap_or_else(|| self.add_number(LONG, number as u64))
    }

    pub(super) fn add_number(&mut self, kind: u32, bits: u64) -> Cell {
        self.numbers.push(bits);
        Cell::at(kind, self.numbers.len() - 1)
    }

    pub(super) fn place(&mut self, value: Value) -> Cell {
        self.values.push(value);
        Cell::at(PLACE, self.values.len() - 1)
    }

    /// Empty, in the memory that it has.
    pub(super) fn clear(&mut self, width: usize) {
        self.width = width;
        self.cells.clear();
        self.numbers.clear();
        self.values.clear();
        self.text.clear();
        self.ends.clear();
    }

    /// Rows in another order, and what they refer to in that order too, so that what is used together lies
    /// together.
    pub(super) fn arranged(&mut self, order: impl ExactSizeIterator<Item = usize>) -> Sheet {
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

    pub(super) fn bytes(&self) -> usize {
        self.cells.capacity() * size_of::<Cell>()
            + self.numbers.capacity() * size_of::<u64>()
            + self.values.capacity() * size_of::<Value>()
    }
}

pub(super) const UNKNOWN: u32 = u32::MAX;

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
