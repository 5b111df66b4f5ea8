//! Log lines: one JSON object each, so that CloudWatch can be asked about their fields.

use serde_json::{Map, Value};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    Info,
    Warn,
    Error,
}

/// Writes a line with these fields. A log that cannot be written must not stop the events.
pub fn write<const N: usize>(level: Level, message: &str, fields: [(&str, Value); N]) {
    use std::io::Write;

    let level = match level {
        Level::Info => "INFO",
        Level::Warn => "WARN",
        Level::Error => "ERROR",
    };
    let mut line = Map::new();
    line.insert("level".to_owned(), level.into());
    line.insert("message".to_owned(), message.into());
    line.extend(fields.into_iter().map(|(name, value)| (name.to_owned(), value)));
    let _ = writeln!(std::io::stdout().lock(), "{}", Value::Object(line));
}
