//! A table's rows as they come from the server, in the order of their values, so that every reading is the same.
//!
//! Values travel as text; the types of the columns say what they are in JSON. Times are UTC in ISO 8601.

use std::pin::Pin;
use std::sync::Arc;

use dtc_io::{IoError, Projection};
use futures::StreamExt;
use serde_json::Value;
use tokio_postgres::types::Type;
use tokio_postgres::{Column, SimpleQueryMessage, SimpleQueryRow, SimpleQueryStream};

use super::Link;
use super::failure::failed;
use crate::lines::{NextRow, Rows, number};
use crate::refusal::refused;
use crate::sql;

/// Rows of one turn.
const AT_ONCE: usize = 1_024;

pub(super) struct PostgresTable {
    pub link: Arc<Link>,
    /// As SQL.
    pub table: String,
    pub shown: String,
}

impl Rows for PostgresTable {
    fn open(&self, projection: &Projection) -> Result<Box<dyn NextRow>, IoError> {
        let told = |error: tokio_postgres::Error| failed(&self.shown, &error);
        let columns = self.link.runtime.block_on(async {
            let client = self.link.client.lock().await;
            let known = client.prepare(&format!("SELECT * FROM {}", self.table)).await?;
            Ok(known.columns().iter().map(of_column).collect::<Vec<_>>())
        });
        let columns: Vec<(String, Kind)> = columns.map_err(told)?;
        let columns: Vec<_> = columns.into_iter().filter(|(name, _)| projection.keeps(name)).collect();
        if columns.is_empty() {
            let cure = "compare the document's `source.NAME` with the names of the table's columns";
            return Err(refused(&self.shown, "the table has none of the columns that the document reads", cure));
        }
        let names: Vec<String> = columns.iter().map(|(name, _)| sql::quoted(name)).collect();
        // A column of type json has no order of its own.
        let order: Vec<String> = columns
            .iter()
            .zip(&names)
            .map(|((_, kind), name)| if *kind == Kind::Json { format!("{name}::text") } else { name.clone() })
            .collect();
        let statement = format!("SELECT {} FROM {} ORDER BY {}", names.join(", "), self.table, order.join(", "));
        let stream =
            self.link.runtime.block_on(async { self.link.client.lock().await.simple_query_raw(&statement).await });
        let stream = Box::pin(stream.map_err(told)?);
        Ok(Box::new(Reading { link: self.link.clone(), stream, columns, shown: self.shown.clone() }))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Boolean,
    Json,
    Time,
    Text,
}

fn of_column(column: &Column) -> (String, Kind) {
    let kind = match *column.type_() {
        Type::INT2 | Type::INT4 | Type::INT8 | Type::OID | Type::FLOAT4 | Type::FLOAT8 | Type::NUMERIC => Kind::Number,
        Type::BOOL => Kind::Boolean,
        Type::JSON | Type::JSONB => Kind::Json,
        Type::TIMESTAMP | Type::TIMESTAMPTZ => Kind::Time,
        _ => Kind::Text,
    };
    (column.name().to_owned(), kind)
}

struct Reading {
    link: Arc<Link>,
    stream: Pin<Box<SimpleQueryStream>>,
    columns: Vec<(String, Kind)>,
    shown: String,
}

impl NextRow for Reading {
    fn next(&mut self, lines: &mut Vec<u8>) -> Result<bool, IoError> {
        let stream = &mut self.stream;
        let more = self.link.runtime.block_on(async {
            stream
                .as_mut()
                .ready_chunks(AT_ONCE)
                .next()
                .await
                .map(|found| found.into_iter().collect::<Result<Vec<_>, _>>())
        });
        let Some(more) = more.transpose().map_err(|error| failed(&self.shown, &error))? else { return Ok(false) };
        for message in more {
            if let SimpleQueryMessage::Row(row) = message {
                line(&self.columns, &row, lines);
            }
        }
        Ok(true)
    }
}

fn line(columns: &[(String, Kind)], row: &SimpleQueryRow, lines: &mut Vec<u8>) {
    let cell = |place: usize, kind: Kind| row.get(place).map_or(Value::Null, |text| value(kind, text));
    let object: serde_json::Map<String, Value> =
        columns.iter().enumerate().map(|(place, (name, kind))| (name.clone(), cell(place, *kind))).collect();
    lines.extend_from_slice(Value::Object(object).to_string().as_bytes());
    lines.push(b'\n');
}

fn value(kind: Kind, text: &str) -> Value {
    match kind {
        Kind::Number => number(text),
        Kind::Boolean => Value::Bool(text == "t"),
        Kind::Json => serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned())),
        Kind::Time => Value::String(time(text)),
        Kind::Text => Value::String(text.to_owned()),
    }
}

/// `2025-04-01 08:00:00.5+00` as `2025-04-01T08:00:00.5Z`; what is no moment (`infinity`) as it is.
fn time(text: &str) -> String {
    let (text, zone) = text.strip_suffix("+00").map_or((text, ""), |text| (text, "Z"));
    format!("{}{zone}", text.replacen(' ', "T", 1))
}
