//! A table as files of typed columns hold it (docs/INPUTS.md): datetimes as instants in UTC, what was declared
//! as text or a collection as text. The types come from all rows, the rows as many at a time as one likes.

use std::ops::Range;

use dtc_expr::Table;
use polars::prelude::{Column, DataFrame, TimeUnit, TimeZone};

use super::build::{self, Fits, Kind};
use super::refused;
use crate::error::IoError;
use crate::write::Tabular;

/// Rows that are looked at at a time.
const ROWS: usize = 8_192;

/// The columns of a table's file: their names, `_` added where a name is taken, and what they hold.
pub(crate) struct Typing {
    table: String,
    columns: Vec<(String, Kind)>,
}

impl Typing {
    /// Looks at all rows. What is declared as text stays text, whatever the values of one run look like.
    pub(crate) fn of<T: Tabular + ?Sized>(table: &T) -> Result<Typing, IoError> {
        let mut columns: Vec<(String, Kind, Fits)> = Vec::new();
        table.each(ROWS, &mut |part, rows| {
            if columns.is_empty() {
                let declared = |column: &dtc_expr::Column| build::declared_kind(column);
                columns = part.columns.iter().map(|own| (own.name.clone(), declared(own), Fits::Any)).collect();
            }
            for ((_, declared, fits), column) in columns.iter_mut().zip(&part.columns) {
                if *declared != Kind::Text {
                    *fits = fits.with(*declared, &column.values[rows.clone()]);
                }
            }
            Ok(())
        })?;
        let mut typing = Typing { table: table.name().to_owned(), columns: Vec::new() };
        for (mut name, declared, fits) in columns {
            while typing.columns.iter().any(|(used, _)| *used == name) {
                name.push('_');
            }
            typing.columns.push((name, fits.kind(declared)));
        }
        Ok(typing)
    }

    /// Some of the rows.
    pub(crate) fn frame(&self, part: &Table, rows: Range<usize>) -> Result<DataFrame, IoError> {
        let values = part.columns.iter().map(|column| &column.values[rows.clone()]);
        self.built(values, rows.len())
    }

    /// The columns without rows.
    pub(crate) fn empty(&self) -> Result<DataFrame, IoError> {
        self.built(self.columns.iter().map(|_| &[][..]), 0)
    }

    fn built<'v>(
        &self,
        values: impl Iterator<Item = &'v [dtc_expr::Value]>,
        rows: usize,
    ) -> Result<DataFrame, IoError> {
        let column = |(place, ((name, kind), values)): (usize, (&(String, Kind), &[dtc_expr::Value]))| -> Column {
            let mut data = build::built(place, values, *kind).data.as_materialized_series().clone();
            if *kind == Kind::Time {
                data = data.into_datetime(TimeUnit::Microseconds, Some(TimeZone::UTC));
            }
            data.rename(name.as_str().into());
            data.into()
        };
        let columns: Vec<Column> = self.columns.iter().zip(values).enumerate().map(column).collect();
        DataFrame::new(rows, columns).map_err(|cause| refused(&self.table, "", &cause))
    }
}
