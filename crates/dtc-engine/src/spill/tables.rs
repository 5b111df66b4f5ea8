//! The tables of a run over spilled events, some rows at a time.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;

use dtc_expr::{Table, Value};

use super::entries;
use super::merge::Merged;
use super::ran::{Limit, Ran};
use super::streams::Stream;
use crate::output::{RowColumns, WindowRow};
use crate::tables::{WindowTable, columns_of};

/// Rows that are looked at together to find columns.
const LOOKED: usize = 8_192;

/// A table that lies aside.
pub struct RanTable<'r> {
    ran: &'r Ran<'r>,
    stream: Stream,
}

impl<'r> RanTable<'r> {
    pub(super) fn new(ran: &'r Ran<'r>, stream: Stream) -> RanTable<'r> {
        RanTable { ran, stream }
    }

    pub fn name(&self) -> &'r str {
        let plan = self.ran.plan;
        match (self.stream, &plan.window) {
            (Stream::Aggregate(index), _) => &plan.aggregates[index].name,
            (_, Some(window)) => &window.name,
            (_, None) => "",
        }
    }

    /// The rows from the first one on. Where maps make the columns of a window document, all rows are looked at
    /// before the first is given.
    pub fn parts(&self) -> io::Result<TableParts<'r>> {
        let ran = self.ran;
        let rows = match (self.stream, &ran.plan.window, ran.row_columns()) {
            (Stream::Rows, Some(window), Some(columns)) => {
                let mut rows = self.window_rows(WindowTable::new(window), &columns)?;
                if ran.has_map_columns() {
                    while rows.next(self.name(), LOOKED)?.is_some() {}
                    rows = self.window_rows(rows.table, &columns)?;
                }
                Source::Window(rows)
            }
            (Stream::Aggregate(index), ..) => {
                let table = Table { name: self.name().to_owned(), columns: columns_of(&ran.plan.aggregates[index]) };
                Source::Records(Records { merged: ran.merged(self.stream)?, table, rows: VecDeque::new() })
            }
            _ => {
                let table = Table { name: self.name().to_owned(), columns: Vec::new() };
                Source::Records(Records { merged: ran.merged(self.stream)?, table, rows: VecDeque::new() })
            }
        };
        Ok(TableParts { name: self.name(), rows })
    }

    fn window_rows(&self, table: WindowTable, columns: &Arc<RowColumns>) -> io::Result<WindowRows<'r>> {
        let (merged, limit) = (self.ran.merged(Stream::Rows)?, self.ran.limit());
        Ok(WindowRows { merged, limit, columns: columns.clone(), table, rows: VecDeque::new() })
    }
}

/// A table's rows, in order.
pub struct TableParts<'r> {
    name: &'r str,
    rows: Source<'r>,
}

enum Source<'r> {
    Records(Records<'r>),
    Window(WindowRows<'r>),
}

/// The records of an aggregate.
struct Records<'r> {
    merged: Merged<'r>,
    /// Without rows.
    table: Table,
    /// Of the identity at hand.
    rows: VecDeque<Vec<Value>>,
}

/// The rows of the window document.
struct WindowRows<'r> {
    merged: Merged<'r>,
    limit: Limit,
    columns: Arc<RowColumns>,
    table: WindowTable,
    /// Of the identity at hand.
    rows: VecDeque<(Arc<str>, WindowRow)>,
}

impl TableParts<'_> {
    /// The columns, without rows.
    pub fn empty(&mut self) -> Table {
        match &mut self.rows {
            Source::Records(records) => records.table.clone(),
            Source::Window(rows) => rows.table.take(self.name),
        }
    }

    /// The next rows, so many at most; `None` after the last.
    pub fn next(&mut self, most: usize) -> io::Result<Option<Table>> {
        match &mut self.rows {
            Source::Records(records) => records.next(most),
            Source::Window(rows) => rows.next(self.name, most),
        }
    }
}

impl Records<'_> {
    fn next(&mut self, most: usize) -> io::Result<Option<Table>> {
        let mut table = self.table.clone();
        let mut count = 0;
        while count < most {
            let Some(row) = self.rows.pop_front() else {
                let Some(entry) = self.merged.next()? else { break };
                for _ in 0..entry.number()? {
                    self.rows.push_back(entries::read_values(entry)?);
                }
                continue;
            };
            for (column, value) in table.columns.iter_mut().zip(row) {
                column.values.push(value);
            }
            count += 1;
        }
        Ok((count > 0).then_some(table))
    }
}

impl WindowRows<'_> {
    fn next(&mut self, name: &str, most: usize) -> io::Result<Option<Table>> {
        let mut count = 0;
        while count < most {
            let Some((identity, row)) = self.rows.pop_front() else {
                let Some(entry) = self.merged.next()? else { break };
                let (identity, mut rows) = entries::read_rows(entry, &self.columns)?;
                self.limit.apply(&identity, &mut rows);
                self.rows.extend(rows.into_iter().map(|row| (identity.clone(), row)));
                continue;
            };
            self.table.add(&identity, &row);
            count += 1;
        }
        Ok((count > 0).then(|| self.table.take(name)))
    }
}
