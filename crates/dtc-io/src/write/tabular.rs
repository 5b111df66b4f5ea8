//! A table that is gone over some rows at a time, so that it need not be in memory as a whole.

use std::ops::Range;

use dtc_expr::Table;

use crate::error::IoError;

/// Takes the rows of a range of a table.
pub type TakeRows<'t> = &'t mut dyn FnMut(&Table, Range<usize>) -> Result<(), IoError>;

pub trait Tabular {
    fn name(&self) -> &str;

    /// Gives all rows in order, `most` at a time and the last ones, in tables of the same columns. Gives the columns
    /// of a table without rows too, with an empty range. May be called again.
    fn each(&self, most: usize, take: TakeRows<'_>) -> Result<(), IoError>;
}

impl Tabular for Table {
    fn name(&self) -> &str {
        &self.name
    }

    fn each(&self, most: usize, take: TakeRows<'_>) -> Result<(), IoError> {
        let rows = self.rows();
        if rows == 0 {
            return take(self, 0..0);
        }
        (0..rows).step_by(most).try_for_each(|start| take(self, start..rows.min(start + most)))
    }
}
