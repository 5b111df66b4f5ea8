//! Four bytes that are a value or lead to one. Refuses to know where values lie.

/// A constant, a small integer, or the place of a value beside the cells: three bits of kind, 29 of payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell(pub(super) u32);

pub(super) const KIND: u32 = 0x7 << 29;
pub(super) const PAYLOAD: u32 = !KIND;
pub(super) const CONSTANT: u32 = 0;
pub(super) const INTEGER: u32 = 1 << 29;
/// Of a number that is a float, or an integer that is not small.
pub(super) const FLOAT: u32 = 2 << 29;
pub(super) const LONG: u32 = 3 << 29;
pub(super) const PLACE: u32 = 4 << 29;
/// The number of a text in rows that are being filled.
pub(super) const TEXT: u32 = 5 << 29;
/// Where a text lies in rows that are finished.
pub(super) const SPOT: u32 = 6 << 29;
/// Beside these, a row's own always find a place.
pub(super) const MOST: usize = PAYLOAD as usize - (1 << 20);

impl Cell {
    pub(super) const NONE: Cell = Cell(CONSTANT);
    /// Of a path: what is there has to be looked for in the field itself.
    pub(super) const ELSEWHERE: Cell = Cell(CONSTANT | 3);

    pub(super) fn small(number: i64) -> Option<Cell> {
        const HALF: i64 = 1 << 28;
        (-HALF..HALF).contains(&number).then_some(Cell(INTEGER | (number as u32 & PAYLOAD)))
    }

    pub(super) fn at(kind: u32, place: usize) -> Cell {
        Cell(kind | place as u32 & PAYLOAD)
    }

    #[inline]
    pub(super) fn place(self) -> usize {
        (self.0 & PAYLOAD) as usize
    }
}

/// The integer of a cell, sign-extended from 29 bits.
pub(super) fn signed(bits: u32) -> i64 {
    i64::from((bits << 3) as i32 >> 3)
}
