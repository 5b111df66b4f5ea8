//! A run's rows as tables for the page: what the engine stored, and what was left out and why.

use std::collections::BTreeMap;
use std::sync::Arc;

use dtc_engine::{Cancel, Output, Plan};
use dtc_expr::{Column, FieldType, Table, Value};
use dtc_io::Frame;
use studio_api::{ApiError, ColumnInfo, IdentityRow, Page, ReadRows, TableInfo, TableKind};

use super::live::LiveRun;
use super::reading::{DataFile, Parsed};
use crate::error::{external, internal, invalid};

/// Rows that one page may hold.
const MOST_ROWS: u32 = 5_000;

/// The column of whom a row is about, in aggregates and in windows.
const IDENTITY: [&str; 2] = ["_identity", "identity"];

/// The tables in order, and their rows by name.
pub(crate) type Prepared = (Vec<TableInfo>, BTreeMap<String, Arc<Frame>>);

/// A table in the form that pages are read from.
#[derive(Clone)]
pub(crate) struct Shown {
    info: TableInfo,
    frame: Arc<Frame>,
}

/// Brings every table into the form that pages are read from; those of the last run that the edit spared stay.
pub(crate) fn prepare(
    run: &mut LiveRun,
    plan: &Plan,
    parsed: &Parsed,
    files: &[DataFile],
    cancel: &Cancel,
) -> Result<Prepared, ApiError> {
    let earlier = std::mem::take(&mut run.tables);
    let output = run.live.output();
    let mut tables = Vec::new();
    for (place, (kind, table)) in output.tables_but(plan, |table| run.changed.spares(table)).into_iter().enumerate() {
        tables.push(match (table, earlier.get(place)) {
            (None, Some(made)) => made.clone(),
            (table, _) => made(api_kind(kind), table.unwrap_or_default(), cancel)?,
        });
    }
    run.tables = tables.clone();
    if !parsed.unusable.is_empty() {
        tables.push(made(TableKind::Unusable, unusable(parsed, files), cancel)?);
    }
    if output.identities.iter().any(|identity| !identity.dropped.is_empty()) {
        tables.push(made(TableKind::Dropped, dropped(output), cancel)?);
    }
    let mut infos = Vec::new();
    let mut frames = BTreeMap::new();
    for Shown { mut info, frame } in tables {
        while frames.contains_key(&info.name) {
            info.name.push('_');
        }
        frames.insert(info.name.clone(), frame);
        infos.push(info);
    }
    Ok((infos, frames))
}

fn made(kind: TableKind, table: Table, cancel: &Cancel) -> Result<Shown, ApiError> {
    if cancel.is_cancelled() {
        return Err(internal("The run was cancelled."));
    }
    let frame = Frame::new(&table).map_err(|error| internal(format!("{error}.")))?;
    Ok(Shown { info: info(kind, &table), frame: Arc::new(frame) })
}

/// One page of a table.
pub(crate) fn page(frame: &Frame, asked: &ReadRows) -> Result<Page, ApiError> {
    if asked.count > MOST_ROWS {
        return Err(invalid(format!("A page holds at most {MOST_ROWS} rows.")));
    }
    if let Some(sort) = asked.sort.as_ref().filter(|sort| !frame.columns().contains(&sort.column)) {
        return Err(invalid(format!("The table has no column {:?}.", sort.column)));
    }
    let sort = asked.sort.as_ref().map(|sort| (sort.column.as_str(), sort.descending));
    let filter = asked.filter.as_deref().filter(|filter| !filter.is_empty());
    let read = frame.page(asked.from, asked.count as usize, sort, filter);
    let (total, rows) = read.map_err(|error| external(format!("{error}.")))?;
    Ok(Page { from: asked.from, total, rows })
}

/// The last row of an identity in each table that has rows of it.
pub(crate) fn rows_of(frames: &BTreeMap<String, Arc<Frame>>, identity: &str) -> Result<Vec<IdentityRow>, ApiError> {
    let mut found = Vec::new();
    for (name, frame) in frames {
        let Some(column) = IDENTITY.iter().find(|name| frame.columns().iter().any(|column| column == *name)) else {
            continue;
        };
        let last = frame.last_with(column, identity).map_err(|error| external(format!("{error}.")))?;
        if let Some((rows, cells)) = last {
            found.push(IdentityRow { table: name.clone(), rows, columns: frame.columns().to_vec(), cells });
        }
    }
    Ok(found)
}

fn info(kind: TableKind, table: &Table) -> TableInfo {
    let column =
        |column: &Column| ColumnInfo { name: column.name.clone(), field_type: column.field_type.name().to_owned() };
    TableInfo {
        name: table.name.clone(),
        kind,
        columns: table.columns.iter().map(column).collect(),
        rows: table.rows().to_string(),
    }
}

fn api_kind(kind: dtc_engine::TableKind) -> TableKind {
    match kind {
        dtc_engine::TableKind::Identity => TableKind::Identity,
        dtc_engine::TableKind::Session => TableKind::Session,
        dtc_engine::TableKind::Variable => TableKind::Variable,
        dtc_engine::TableKind::Window => TableKind::Window,
    }
}

fn unusable(parsed: &Parsed, files: &[DataFile]) -> Table {
    let records = || parsed.unusable.iter();
    let name = |file: u32| files.get(file as usize).map_or("", |file| file.name.as_str());
    let line = |line: u64| i64::try_from(line).ok().filter(|line| *line > 0).map_or(Value::None, Value::Int);
    Table {
        name: "unusable".to_owned(),
        columns: vec![
            column("file", FieldType::String, records().map(|record| Value::str(name(record.file))).collect()),
            column("line", FieldType::Integer, records().map(|record| line(record.line)).collect()),
            column("reason", FieldType::String, records().map(|record| Value::str(&record.reason)).collect()),
            column("text", FieldType::String, records().map(|record| Value::str(&record.text)).collect()),
        ],
    }
}

fn dropped(output: &Output) -> Table {
    let rows = || output.identities.iter().flat_map(|identity| identity.dropped.iter().map(move |row| (identity, row)));
    Table {
        name: "dropped".to_owned(),
        columns: vec![
            column(
                "identity",
                FieldType::String,
                rows().map(|(identity, _)| Value::Str(identity.identity.clone())).collect(),
            ),
            column(
                "anchor",
                FieldType::DateTime,
                rows().map(|(_, row)| row.anchor.map_or(Value::None, Value::DateTime)).collect(),
            ),
            column("reason", FieldType::String, rows().map(|(_, row)| Value::str(&row.reason)).collect()),
        ],
    }
}

fn column(name: &str, field_type: FieldType, values: Vec<Value>) -> Column {
    Column { name: name.to_owned(), field_type, values }
}
