//! The tables of a run over spilled events, some rows at a time.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;

use dtc_expr::{Column, FieldType, Table, Value};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use super::entries;
use super::merge::Merged;
use super::ran::{Limit, Ran};
use super::streams::Stream;
use crate::output::WindowRow;
use crate::tables::{columns_of, declared, is_shown, leading, type_of};

/// A table that lies aside.
pub struct RanTable<'r> {
    ran: &'r Ran<'r>,
    stream: Stream,
}

/// The columns of a window table behind the leading ones, in order.
type Titles = IndexMap<Arc<str>, FieldType, FxBuildHasher>;

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
        let (columns, titles) = match self.stream {
            Stream::Aggregate(index) => (columns_of(&ran.plan.aggregates[index]), Titles::default()),
            _ => self.window_columns()?,
        };
        let empty = Table { name: self.name().to_owned(), columns };
        let (merged, limit) = (ran.merged(self.stream)?, ran.limit());
        Ok(TableParts { merged, limit, is_window: self.stream == Stream::Rows, empty, titles, rows: VecDeque::new() })
    }

    fn window_columns(&self) -> io::Result<(Vec<Column>, Titles)> {
        let mut titles = Titles::default();
        let Some(window) = &self.ran.plan.window else { return Ok((Vec::new(), titles)) };
        for (title, field_type) in declared(window) {
            titles.insert(title.clone(), field_type);
        }
        let fields = || window.aggregates.iter().flat_map(|aggregate| aggregate.columns.iter().skip(1));
        if fields().any(|(_, field_type)| *field_type == FieldType::Map) {
            let (mut merged, mut limit) = (self.ran.merged(Stream::Rows)?, self.ran.limit());
            while let Some(entry) = merged.next()? {
                let (identity, mut rows) = entries::read_rows(entry)?;
                limit.apply(&identity, &mut rows);
                for (title, value) in rows.into_iter().flat_map(|row| row.cells).filter(|(title, _)| is_shown(title)) {
                    titles.entry(title).or_insert_with(|| type_of(&value));
                }
            }
        }
        let own = titles.iter().map(|(title, field_type)| Column {
            name: title.to_string(),
            field_type: *field_type,
            values: Vec::new(),
        });
        Ok((leading().into_iter().chain(own).collect(), titles))
    }
}

/// A table's rows, in order.
pub struct TableParts<'r> {
    merged: Merged<'r>,
    limit: Limit,
    is_window: bool,
    /// The columns without values.
    empty: Table,
    titles: Titles,
    /// Of the identity at hand.
    rows: VecDeque<Vec<Value>>,
}

impl TableParts<'_> {
    /// The columns, without rows.
    pub fn empty(&self) -> Table {
        self.empty.clone()
    }

    /// The next rows, so many at most; `None` after the last.
    pub fn next(&mut self, most: usize) -> io::Result<Option<Table>> {
        let mut table = self.empty();
        let mut count = 0;
        while count < most {
            let Some(row) = self.rows.pop_front() else {
                if self.more()? {
                    continue;
                }
                break;
            };
            for (column, value) in table.columns.iter_mut().zip(row) {
                column.values.push(value);
            }
            count += 1;
        }
        Ok((count > 0).then_some(table))
    }

    /// Takes the rows of the next identity; `false` where there is none.
    fn more(&mut self) -> io::Result<bool> {
        let Some(entry) = self.merged.next()? else { return Ok(false) };
        if self.is_window {
            let (identity, mut rows) = entries::read_rows(entry)?;
            self.limit.apply(&identity, &mut rows);
            for row in rows {
                let row = self.window_row(&identity, row);
                self.rows.push_back(row);
            }
        } else {
            for _ in 0..entry.number()? {
                self.rows.push_back(entries::read_values(entry)?);
            }
        }
        Ok(true)
    }

    fn window_row(&self, identity: &Arc<str>, row: WindowRow) -> Vec<Value> {
        let mut values = vec![Value::None; self.empty.columns.len()];
        values[0] = Value::Str(identity.clone());
        values[1] = row.anchor.map_or(Value::None, Value::DateTime);
        for (title, value) in row.cells {
            // What has no column is an identity that a window repeats.
            if let Some(place) = self.titles.get_index_of(&title) {
                values[place + 2] = value;
            }
        }
        values
    }
}
