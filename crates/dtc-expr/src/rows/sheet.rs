//! Cells of equal rows with what they lead to, while rows are being filled and after. Refuses to know columns.

use super::Operand;
use super::cell::{CONSTANT, Cell, FLOAT, INTEGER, KIND, LONG, PAYLOAD, PLACE, SPOT, TEXT, signed};
use super::written;
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
    /// Texts one after the other: with their ends while rows are being filled, then each behind its length.
    pub(super) text: String,
    pub(super) ends: Vec<u32>,
    /// So many of the first texts lie at the same places in all rows.
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
            SPOT => Value::str(written::at(&self.text, cell.place())),
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
            SPOT => Scalar::Cell(written::at(&self.text, cell.place())),
            TEXT => Scalar::Cell(self.text(cell.place())),
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

    /// Some of the rows in another order, and the texts and numbers that they refer to in that order too, so that
    /// what is used together lies together.
    pub(super) fn arranged(&mut self, order: impl ExactSizeIterator<Item = usize>) -> Sheet {
        let mut arranged = Arranged {
            spots: vec![UNKNOWN; self.ends.len()],
            text: String::with_capacity(self.text.len() + 2 * self.ends.len()),
            numbers: Vec::with_capacity(self.numbers.len()),
            values: self.values.drain(..).collect(),
        };
        for number in 0..self.known {
            arranged.cell(self, Cell::at(TEXT, number));
        }
        // The rows first: where they come from is not in order, and nothing here waits for them.
        let mut cells = Vec::with_capacity(order.len() * self.width);
        for row in order {
            cells.extend_from_slice(&self.cells[row * self.width..(row + 1) * self.width]);
        }
        for group in cells.chunks_mut(32) {
            let refers = |mask: u32, (place, cell): (usize, &Cell)| mask | u32::from(cell.0 >= FLOAT) << place;
            let mut mask = group.iter().enumerate().fold(0, refers);
            while mask != 0 {
                let cell = &mut group[mask.trailing_zeros() as usize];
                *cell = arranged.cell(self, *cell);
                mask &= mask - 1;
            }
        }
        let Arranged { mut text, numbers, values, .. } = arranged;
        text.shrink_to_fit();
        Sheet { width: self.width, cells, numbers, values, text, ends: Vec::new(), known: self.known }
    }

    pub(super) fn bytes(&self) -> usize {
        self.cells.capacity() * size_of::<Cell>()
            + self.numbers.capacity() * size_of::<u64>()
            + self.values.capacity() * size_of::<Value>()
            + self.text.capacity()
            + self.ends.capacity() * size_of::<u32>()
    }
}

const UNKNOWN: u32 = u32::MAX;

/// What the cells of an arranged sheet refer to.
struct Arranged {
    /// By number of a text: where it lies in `text`.
    spots: Vec<u32>,
    text: String,
    numbers: Vec<u64>,
    values: Vec<Value>,
}

impl Arranged {
    /// The cell of what a cell of the sheet refers to.
    #[inline]
    fn cell(&mut self, from: &Sheet, cell: Cell) -> Cell {
        match cell.0 & KIND {
            TEXT => self.text_cell(from, cell.place()),
            kind @ (FLOAT | LONG) => {
                self.numbers.push(from.number(cell));
                Cell::at(kind, self.numbers.len() - 1)
            }
            _ => cell,
        }
    }

    #[inline]
    fn text_cell(&mut self, from: &Sheet, number: usize) -> Cell {
        if self.spots[number] == UNKNOWN {
            self.spots[number] = u32::try_from(self.text.len()).unwrap_or(UNKNOWN);
            if !written::write(&mut self.text, from.text(number)) {
                self.spots[number] = UNKNOWN;
                self.values.push(Value::str(from.text(number)));
                return Cell::at(PLACE, self.values.len() - 1);
            }
        }
        Cell::at(SPOT, self.spots[number] as usize)
    }
}
