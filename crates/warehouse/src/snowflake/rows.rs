//! A table's rows as the SQL API gives them: texts, part by part, ordered by their values so that every reading is
//! the same. The types of the columns say what they are in JSON; names without a small letter become small, as
//! documents write them. Times are UTC in ISO 8601.

use std::sync::Arc;

use dtc_io::{IoError, Projection};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::api::Api;
use crate::lines::{NextRow, Rows, number};
use crate::refusal::refused;
use crate::sql;

pub(super) struct SnowflakeTable {
    pub api: Arc<Api>,
    /// As SQL.
    pub table: String,
}

impl Rows for SnowflakeTable {
    fn open(&self, projection: &Projection) -> Result<Box<dyn NextRow>, IoError> {
        let known = self.api.run(&format!("SELECT * FROM {} LIMIT 0", self.table), 1)?;
        let columns: Vec<Column> = columns(&known);
        let columns: Vec<Column> = columns.into_iter().filter(|column| projection.keeps(&column.shown)).collect();
        if columns.is_empty() {
            let cure = "compare the document's `source.NAME` with the names of the table's columns";
            let what = "the table has none of the columns that the document reads";
            return Err(refused(&self.api.shown(), what, cure));
        }
        let names: Vec<String> = columns.iter().map(|column| sql::quoted(&column.name)).collect();
        let names = names.join(", ");
        let first = self.api.run(&format!("SELECT {names} FROM {} ORDER BY {names}", self.table), 1)?;
        let handle = self.api.handle(&first)?;
        let parts = first["resultSetMetaData"]["partitionInfo"].as_array().map_or(1, Vec::len);
        Ok(Box::new(Reading { api: self.api.clone(), columns, handle, first: Some(first), next: 1, parts }))
    }
}

#[derive(Debug, Clone)]
struct Column {
    name: String,
    /// As expressions call it.
    shown: String,
    kind: String,
}

fn columns(answer: &Value) -> Vec<Column> {
    let column = |told: &Value| {
        let name = told["name"].as_str()?.to_owned();
        let shown = if name.chars().any(char::is_lowercase) { name.clone() } else { name.to_lowercase() };
        Some(Column { name, shown, kind: told["type"].as_str().unwrap_or_default().to_lowercase() })
    };
    answer["resultSetMetaData"]["rowType"].as_array().into_iter().flatten().filter_map(column).collect()
}

struct Reading {
    api: Arc<Api>,
    columns: Vec<Column>,
    handle: String,
    /// The first part comes with the answer.
    first: Option<Value>,
    next: usize,
    parts: usize,
}

impl NextRow for Reading {
    fn next(&mut self, lines: &mut Vec<u8>) -> Result<bool, IoError> {
        let answer = match self.first.take() {
            Some(first) => first,
            None if self.next < self.parts => {
                self.next += 1;
                self.api.part(&self.handle, self.next - 1)?
            }
            None => return Ok(false),
        };
        for row in answer["data"].as_array().into_iter().flatten() {
            let cell = |(place, column): (usize, &Column)| (column.shown.clone(), value(&column.kind, &row[place]));
            let object: Map<String, Value> = self.columns.iter().enumerate().map(cell).collect();
            lines.extend_from_slice(Value::Object(object).to_string().as_bytes());
            lines.push(b'\n');
        }
        Ok(true)
    }
}

fn value(kind: &str, cell: &Value) -> Value {
    let Some(text) = cell.as_str() else { return cell.clone() };
    match kind {
        "fixed" | "real" => number(text),
        "boolean" => Value::Bool(text == "true"),
        "variant" | "object" | "array" => serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned())),
        "date" => Value::String(date(text).unwrap_or_else(|| text.to_owned())),
        "timestamp_ntz" => Value::String(time(text, "").unwrap_or_else(|| text.to_owned())),
        // Seconds, then with a zone its minutes: the moment is the same without.
        "timestamp_ltz" | "timestamp_tz" => {
            let seconds = text.split(' ').next().unwrap_or_default();
            Value::String(time(seconds, "Z").unwrap_or_else(|| text.to_owned()))
        }
        _ => Value::String(text.to_owned()),
    }
}

/// Days since 1970.
fn date(text: &str) -> Option<String> {
    let days: i64 = text.parse().ok()?;
    let moment = Timestamp::from_second(days.checked_mul(86_400)?).ok()?;
    Some(moment.strftime("%Y-%m-%d").to_string())
}

/// `1743494400.123000000` seconds since 1970.
fn time(text: &str, zone: &str) -> Option<String> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let nanos: i64 = format!("{rest:0<9}").get(..9)?.parse().ok()?;
    let seconds: i64 = whole.parse().ok()?;
    let nanos = if whole.starts_with('-') { -nanos } else { nanos };
    let moment = Timestamp::from_nanosecond(i128::from(seconds) * 1_000_000_000 + i128::from(nanos)).ok()?;
    Some(format!("{}{zone}", moment.strftime("%Y-%m-%dT%H:%M:%S%.f")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_the_api_in_iso_8601() {
        for (text, expected) in [
            ("1743494400.000000000", Some("2025-04-01T08:00:00")),
            ("1743494400.123456000", Some("2025-04-01T08:00:00.123456")),
            ("-1.500000000", Some("1969-12-31T23:59:58.5")),
            ("noon", None),
        ] {
            assert_eq!(time(text, "").as_deref(), expected, "{text}");
        }
        assert_eq!(date("20179").as_deref(), Some("2025-04-01"));
        assert_eq!(value("timestamp_tz", &Value::from("1743494400.000000000 1560")), "2025-04-01T08:00:00Z");
        assert_eq!(
            value("fixed", &Value::from("12345678901234567890123")),
            Value::from("12345678901234567890123").as_str().map(number).unwrap()
        );
    }
}
