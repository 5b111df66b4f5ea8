//! Snowflake over its SQL API (`/api/v2/statements`).
//!
//! A request is a session of its own, so scores are replaced by one request of several statements: what fails in
//! the middle ends the session, and with it the transaction. Such requests take no parameters; values are literals.

mod api;
mod key_pair;
mod rows;

use std::sync::Arc;

use dtc_io::{IoError, Origin};
use serde_json::{Value, json};

use crate::lines::TableInput;
use crate::scores::{NUMBERS, Scores, TEXTS};
use crate::secret::Secrets;
use crate::{Warehouse, sql};
use api::Api;
use rows::SnowflakeTable;

/// Rows of one statement: each is about 300 bytes, and a statement has a megabyte.
const AT_ONCE: usize = 1_000;

/// Where scores and events are; what is `None` is as the user's defaults have it.
#[derive(Debug, Clone, Default)]
pub struct SnowflakePlace {
    /// Such as `myorg-account1`.
    pub account: String,
    pub database: String,
    pub schema: String,
    pub warehouse: Option<String>,
    pub role: Option<String>,
    pub user: Option<String>,
    /// The table of scores.
    pub table: String,
}

pub struct Snowflake {
    api: Arc<Api>,
    place: SnowflakePlace,
}

impl Snowflake {
    /// Errors: there is neither a key nor a token, or it cannot be read. Nothing is sent yet.
    pub fn open(place: SnowflakePlace, secrets: &Secrets) -> Result<Snowflake, IoError> {
        Ok(Snowflake { api: Arc::new(Api::open(&place, secrets)?), place })
    }
}

impl Warehouse for Snowflake {
    fn write(&self, scores: &Scores) -> Result<String, IoError> {
        let table = sql::table(None, &self.place.table, name);
        let shown = format!("{}, table {}", self.api.shown(), self.place.table);
        // DDL commits by itself, so it stands alone.
        self.api.run(&sql::create(&table, "VARCHAR", "FLOAT", name), 1)?;
        let mut statements = vec![
            "BEGIN".to_owned(),
            format!(
                "DELETE FROM {table} WHERE {} = {} AND {} = {}",
                name("document"),
                literal(&scores.document),
                name("run"),
                literal(&scores.run)
            ),
        ];
        statements.extend(scores.rows.chunks(AT_ONCE).map(|rows| {
            let lines: Vec<String> = rows.iter().map(|row| line(scores.texts(row), row.numbers())).collect();
            format!("INSERT INTO {table} ({}) VALUES {}", sql::columns(name), lines.join(", "))
        }));
        statements.push("COMMIT".to_owned());
        self.api.run(&statements.join(";\n"), statements.len())?;
        Ok(shown)
    }

    fn scores(&self, _document: &str, _run: &str) -> Result<Vec<Box<dyn Origin>>, IoError> {
        self.events(&self.place.table)
    }

    fn events(&self, table: &str) -> Result<Vec<Box<dyn Origin>>, IoError> {
        let shown = format!("{}, table {table}", self.api.shown());
        let rows = SnowflakeTable { api: self.api.clone(), table: sql::table(None, table, name) };
        Ok(vec![Box::new(TableInput { shown, rows })])
    }
}

/// A name as Snowflake takes it: plain ones without quotes, so that case does not matter, as its users write them.
fn name(name: &str) -> String {
    let mut characters = name.chars();
    let begins = characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_');
    match begins && characters.all(|next| next.is_ascii_alphanumeric() || next == '_') {
        true => name.to_uppercase(),
        false => sql::quoted(name),
    }
}

/// A text between single quotes, in which a backslash escapes.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

fn line(texts: [&str; TEXTS.len()], numbers: [Option<f64>; NUMBERS.len()]) -> String {
    let texts = texts.iter().map(|text| literal(text));
    // With an exponent a literal is a FLOAT, not a NUMBER of 38 digits; 17 digits give the same bits back.
    let numbers =
        numbers.iter().map(|number| number.map_or_else(|| "NULL".to_owned(), |number| format!("{number:.16e}")));
    format!("({})", texts.chain(numbers).collect::<Vec<_>>().join(", "))
}

/// The body of a request.
fn request(place: &SnowflakePlace, statement: &str, statements: usize) -> Value {
    let mut body = json!({
        "statement": statement,
        "timeout": 600,
        "database": place.database,
        "schema": place.schema,
        "parameters": { "MULTI_STATEMENT_COUNT": statements.to_string(), "TIMEZONE": "UTC" },
    });
    for (key, value) in [("warehouse", &place.warehouse), ("role", &place.role)] {
        if let Some(value) = value {
            body[key] = json!(value);
        }
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_values() {
        assert_eq!(literal(r"o'clock \' --"), r"'o''clock \\'' --'");
        let written = line(["a", "b", "c", "d"], [Some(0.1), Some(1.0 / 3.0), None, None, None, None, None]);
        let numbers: Vec<&str> = written.split(", ").skip(4).take(2).collect();
        assert_eq!(numbers.iter().map(|text| text.parse::<f64>().unwrap()).collect::<Vec<_>>(), [0.1, 1.0 / 3.0]);
    }

    #[test]
    fn names_without_quotes_where_they_are_plain() {
        assert_eq!(name("scores"), "SCORES");
        assert_eq!(name("my scores; DROP"), "\"my scores; DROP\"");
        assert_eq!(sql::table(None, "growth.scores", name), "GROWTH.SCORES");
    }
}
