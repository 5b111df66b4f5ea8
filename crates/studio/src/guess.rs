//! What the names and values of the fields suggest: which field tells users apart, which is the moment,
//! which says what happened. Only a new document's first text is made of it, and it says so.

use std::path::Path;

use dtc_expr::DateTime;
use dtc_io::ProfileField;
use dtc_lang::data_fields::identity_rank;
use dtc_lang::{is_identifier, is_keyword};

use crate::samples;

const RECORDS_LOOKED_AT: u64 = 500;
/// A field that fewer records have cannot be what every record needs.
const LEAST_SHARE: f64 = 0.5;

const WHEN: [&str; 8] = ["eventtime", "timestamp", "time", "occurred", "created", "date", "at", "ts"];
const WHAT: [&str; 8] = ["event", "eventname", "eventtype", "eventid", "type", "action", "activity", "name"];
/// Seconds and milliseconds since 1970, from 2001 to 2096.
const SECONDS: std::ops::Range<f64> = 1e9..4e9;
const MILLISECONDS: std::ops::Range<f64> = 1e12..4e12;

/// Expressions, each with what the guess rests on or a usual name.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Guess {
    pub identity: String,
    pub time: String,
    /// `Time` needs the module `datetime`.
    pub imports_datetime: bool,
    pub event: String,
    /// Something was found in the data.
    pub is_founded: bool,
}

impl Guess {
    /// From the first of the project's samples that can be read.
    pub(crate) fn of_project(root: &Path) -> Guess {
        let places = samples::places(root).unwrap_or_default();
        let profiles = places.iter().filter_map(|place| dtc_io::profile(&place.path, RECORDS_LOOKED_AT).ok());
        let fields = profiles.map(|profile| profile.fields).find(|fields| !fields.is_empty());
        Guess::of(&fields.unwrap_or_default())
    }

    pub(crate) fn of(fields: &[ProfileField]) -> Guess {
        // A plain YAML scalar would end at these.
        let is_plain = |field: &&ProfileField| !field.path.contains([':', '#', '\n', '\r']);
        let common = fields.iter().filter(|field| field.share >= LEAST_SHARE);
        let fields: Vec<&ProfileField> = common.filter(is_plain).collect();
        let identity =
            best(&fields, |field| identity_rank(&field.path, &field.types)).map(|field| expression(&field.path));
        let time = best(&fields, when_rank);
        let event = best(&fields, |field| rank_of(&WHAT, &plain(field))).map(|field| expression(&field.path));
        let read = time.map(|field| read_time(field, &expression(&field.path)));
        let is_founded = identity.is_some() || read.is_some();
        let (time, imports_datetime) = read.unwrap_or(("parse_time(source.event_time)".to_owned(), false));
        Guess {
            identity: identity.unwrap_or_else(|| "source.user_id".to_owned()),
            time,
            imports_datetime,
            event: event.unwrap_or_else(|| "source.event".to_owned()),
            is_founded,
        }
    }
}

/// The field of the lowest rank; the first of equals, so that the order of the record decides.
fn best<'f>(fields: &[&'f ProfileField], rank: impl Fn(&ProfileField) -> Option<usize>) -> Option<&'f ProfileField> {
    fields.iter().filter_map(|field| Some((rank(field)?, *field))).min_by_key(|(rank, _)| *rank).map(|(_, field)| field)
}

/// The last word of the path, small letters and digits only.
fn plain(field: &ProfileField) -> String {
    let last = field.path.rsplit('.').next().unwrap_or(&field.path);
    last.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

fn rank_of(words: &[&str], name: &str) -> Option<usize> {
    words.iter().position(|word| *word == name)
}

fn when_rank(field: &ProfileField) -> Option<usize> {
    let name = plain(field);
    let word = WHEN.iter().position(|word| name.ends_with(word));
    match (word, time_reading(field)?) {
        (Some(word), _) => Some(word),
        // Text that reads as a time is one, whatever its name; a number may be anything.
        (None, Reading::Text) => Some(WHEN.len()),
        (None, _) => None,
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Reading {
    Text,
    Seconds,
    Milliseconds,
}

/// How the field's examples read as moments, if all of them do.
fn time_reading(field: &ProfileField) -> Option<Reading> {
    let readings = field.examples.iter().map(|example| {
        if let Some(text) = example.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            return DateTime::parse_iso(text).map(|_| Reading::Text);
        }
        let number: f64 = example.parse().ok()?;
        match number {
            _ if SECONDS.contains(&number) => Some(Reading::Seconds),
            _ if MILLISECONDS.contains(&number) => Some(Reading::Milliseconds),
            _ => None,
        }
    });
    let readings: Vec<Reading> = readings.collect::<Option<_>>()?;
    let first = *readings.first()?;
    readings.iter().all(|reading| *reading == first).then_some(first)
}

/// The expression, and whether it needs `datetime`.
fn read_time(field: &ProfileField, value: &str) -> (String, bool) {
    match time_reading(field) {
        Some(Reading::Seconds) => (format!("datetime.fromtimestamp({value}, timezone.utc)"), true),
        Some(Reading::Milliseconds) => (format!("datetime.fromtimestamp({value} / 1000, timezone.utc)"), true),
        _ => (format!("parse_time({value})"), false),
    }
}

/// `source.device.id`; what Python cannot write as a name is put in brackets.
fn expression(path: &str) -> String {
    path.split('.').fold("source".to_owned(), |text, part| match is_identifier(part) && !is_keyword(part) {
        true => format!("{text}.{part}"),
        false => format!("{text}['{}']", part.replace('\\', "\\\\").replace('\'', "\\'")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(path: &str, kind: &str, examples: &[&str]) -> ProfileField {
        ProfileField {
            path: path.to_owned(),
            types: vec![kind.to_owned()],
            share: 1.0,
            examples: examples.iter().map(|example| (*example).to_owned()).collect(),
        }
    }

    #[test]
    fn fields_of_events_are_found() {
        let guess = Guess::of(&[
            field("session_id", "text", &["\"s1\""]),
            field("event_time", "text", &["\"2025-03-03T10:00:00Z\""]),
            field("event_id", "text", &["\"game_start\""]),
            field("customer_identifier", "text", &["\"u1\""]),
        ]);
        assert_eq!(guess.identity, "source.customer_identifier");
        assert_eq!(guess.time, "parse_time(source.event_time)");
        assert_eq!(guess.event, "source.event_id");
        assert!(guess.is_founded && !guess.imports_datetime);
    }

    #[test]
    fn epochs_nested_and_strange_names_are_written_as_python_reads_them() {
        let guess = Guess::of(&[
            field("context.user id", "number", &["17"]),
            field("meta.ts", "number", &["1741000000000", "1741000000001"]),
            field("class", "number", &["1741000000000"]),
        ]);
        assert_eq!(guess.identity, "source.context['user id']");
        assert_eq!(guess.time, "datetime.fromtimestamp(source.meta.ts / 1000, timezone.utc)");
        assert!(guess.imports_datetime);
    }

    #[test]
    fn data_that_says_nothing_gives_usual_names() {
        let guess = Guess::of(&[field("value", "number", &["1"])]);
        assert_eq!((guess.identity.as_str(), guess.is_founded), ("source.user_id", false));
    }
}
