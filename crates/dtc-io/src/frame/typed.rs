//! A table as files of typed columns hold it (docs/INPUTS.md): datetimes as instants in UTC, what was declared
//! as text or a collection as text.

use dtc_expr::Table;
use polars::prelude::{Column, DataFrame, TimeUnit, TimeZone};

use super::build::{self, Kind};
use super::refused;
use crate::error::IoError;

/// The columns by their own names, `_` added where a name is taken.
pub(crate) fn typed(table: &Table) -> Result<DataFrame, IoError> {
    let mut used: Vec<String> = Vec::new();
    let mut columns: Vec<Column> = Vec::new();
    for (place, column) in table.columns.iter().enumerate() {
        let built = build::declared(place, column);
        let mut name = column.name.clone();
        while used.contains(&name) {
            name.push('_');
        }
        let mut data = built.data.as_materialized_series().clone();
        if built.kind == Kind::Time {
            data = data.into_datetime(TimeUnit::Microseconds, Some(TimeZone::UTC));
        }
        data.rename(name.as_str().into());
        used.push(name);
        columns.push(data.into());
    }
    DataFrame::new(table.rows(), columns).map_err(|cause| refused(&table.name, "", &cause))
}
