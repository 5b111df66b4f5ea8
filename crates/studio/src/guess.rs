//! What the names and values of the fields suggest: which field tells users apart, which is the moment,
//! which says what happened, and of that what a conversion is. Only a new document's first text is made of it, and it says so.

use std::path::Path;

use dtc_expr::{DateTime, Mode, Value};
use dtc_io::{Input, ProfileField, Projection};
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

const TOUCH_POINT: [&str; 6] = ["channel", "touchpoint", "utmsource", "source", "medium", "campaign"];
/// What a conversion may be called, the likeliest first; small letters and digits of a value, or its end.
const CONVERSION: [&str; 14] = [
    "conversion",
    "converted",
    "purchase",
    "purchased",
    "order",
    "ordercompleted",
    "transaction",
    "checkout",
    "sale",
    "payment",
    "subscribe",
    "subscription",
    "signup",
    "lead",
];
/// Different values of what happened that are looked at.
const MOST_KINDS: usize = 1_000;
const RECORDS_FOR_KINDS: usize = 20_000;

/// Expressions, each with what the guess rests on or a usual name.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Guess {
    pub identity: String,
    pub time: String,
    /// `Time` needs the module `datetime`.
    pub imports_datetime: bool,
    pub event: String,
    /// When a record is a touch, what names its touch point, and when a record is a conversion.
    pub touch: (String, String),
    pub conversion: String,
    /// Something was found in the data.
    pub is_founded: bool,
}

impl Guess {
    /// From the first of the project's samples that can be read.
    pub(crate) fn of_project(root: &Path) -> Guess {
        let places = samples::places(root).unwrap_or_default();
        let described = |path: &Path| {
            let fields = dtc_io::profile(path, RECORDS_LOOKED_AT).ok()?.fields;
            (!fields.is_empty()).then_some(fields)
        };
        let found = places.iter().find_map(|place| Some((&place.path, described(&place.path)?)));
        match found {
            Some((path, fields)) => Guess::of(&fields, |field| kinds(path, field)),
            None => Guess::of(&[], |_| Vec::new()),
        }
    }

    /// `kinds`: the different values of a field.
    pub(crate) fn of(fields: &[ProfileField], kinds: impl Fn(&str) -> Vec<String>) -> Guess {
        // A plain YAML scalar would end at these.
        let is_plain = |field: &&ProfileField| !field.path.contains([':', '#', '\n', '\r']);
        let common = fields.iter().filter(|field| field.share >= LEAST_SHARE);
        let fields: Vec<&ProfileField> = common.filter(is_plain).collect();
        let identity =
            best(&fields, |field| identity_rank(&field.path, &field.types)).map(|field| expression(&field.path));
        let time = best(&fields, when_rank);
        let happened = best(&fields, |field| rank_of(&WHAT, &plain(field)));
        let kinds = happened.map(|field| kinds(&field.path)).unwrap_or_default();
        let event = happened.map_or_else(|| "source.event".to_owned(), |field| expression(&field.path));
        let touch_point = best(&fields, |field| rank_of(&TOUCH_POINT, &plain(field)));
        let (touch, conversion) = journey(&event, &kinds, touch_point.map(|field| expression(&field.path)));
        let read = time.map(|field| read_time(field, &expression(&field.path)));
        let is_founded = identity.is_some() || read.is_some();
        let (time, imports_datetime) = read.unwrap_or(("parse_time(source.event_time)".to_owned(), false));
        Guess {
            identity: identity.unwrap_or_else(|| "source.user_id".to_owned()),
            time,
            imports_datetime,
            event,
            touch,
            conversion,
            is_founded,
        }
    }
}

/// The touch's condition and name, and the conversion's condition. Where no field names touch points, what happened does.
fn journey(event: &str, kinds: &[String], touch_point: Option<String>) -> ((String, String), String) {
    if kinds.is_empty() {
        let touch_point = touch_point.unwrap_or_else(|| "source.channel".to_owned());
        return ((format!("{event} == 'touch'"), touch_point), format!("{event} == 'purchase'"));
    }
    let plain =
        |kind: &String| kind.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let rank = |kind: &&String| {
        let kind = plain(kind);
        let whole = CONVERSION.iter().position(|word| *word == kind);
        whole.or_else(|| CONVERSION.iter().position(|word| kind.ends_with(word)).map(|place| place + CONVERSION.len()))
    };
    let likely = kinds.iter().filter(|kind| rank(kind).is_some()).min_by_key(rank);
    let conversion = likely.map_or("purchase", String::as_str);
    let touches = match kinds.iter().any(|kind| kind == "touch") && touch_point.is_some() {
        true => format!("{event} == 'touch'"),
        false => format!("{event} != '{conversion}'"),
    };
    ((touches, touch_point.unwrap_or_else(|| event.to_owned())), format!("{event} == '{conversion}'"))
}

/// The different texts of a field that can stand in a document as they are.
fn kinds(path: &Path, field: &str) -> Vec<String> {
    let Ok(mut records) = Input::open(path, &Projection::All, Mode::Studio) else { return Vec::new() };
    let mut kinds: Vec<String> = Vec::new();
    for _ in 0..RECORDS_FOR_KINDS {
        let Some(record) = records.next() else { break };
        let Some(text) = record.ok().and_then(|record| text_at(&record.value, field)) else { continue };
        let is_plain = text.chars().all(|letter| letter.is_alphanumeric() || " -_.".contains(letter));
        if is_plain && !kinds.contains(&text) {
            kinds.push(text);
        }
        if kinds.len() == MOST_KINDS {
            break;
        }
    }
    kinds
}

fn text_at(value: &Value, path: &str) -> Option<String> {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let Value::Dict(_, fields) = value else { return None };
    let (_, inner) = fields.iter().find(|(key, _)| matches!(key, Value::Str(key) if key.as_ref() == name))?;
    match (rest, inner) {
        (Some(rest), inner) => text_at(inner, rest),
        (None, Value::Str(text)) => Some(text.as_ref().to_owned()),
        _ => None,
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
        let fields = [
            field("session_id", "text", &["\"s1\""]),
            field("event_time", "text", &["\"2025-03-03T10:00:00Z\""]),
            field("event_id", "text", &["\"game_start\""]),
            field("customer_identifier", "text", &["\"u1\""]),
        ];
        let guess = Guess::of(&fields, |_| Vec::new());
        assert_eq!(guess.identity, "source.customer_identifier");
        assert_eq!(guess.time, "parse_time(source.event_time)");
        assert_eq!(guess.event, "source.event_id");
        assert!(guess.is_founded && !guess.imports_datetime);
    }

    #[test]
    fn epochs_nested_and_strange_names_are_written_as_python_reads_them() {
        let fields = [
            field("context.user id", "number", &["17"]),
            field("meta.ts", "number", &["1741000000000", "1741000000001"]),
            field("class", "number", &["1741000000000"]),
        ];
        let guess = Guess::of(&fields, |_| Vec::new());
        assert_eq!(guess.identity, "source.context['user id']");
        assert_eq!(guess.time, "datetime.fromtimestamp(source.meta.ts / 1000, timezone.utc)");
        assert!(guess.imports_datetime);
    }

    #[test]
    fn data_that_says_nothing_gives_usual_names() {
        let guess = Guess::of(&[field("value", "number", &["1"])], |_| Vec::new());
        assert_eq!((guess.identity.as_str(), guess.is_founded), ("source.user_id", false));
    }

    #[test]
    fn three_columns_name_touches_and_conversions_themselves() {
        let fields = [
            field("user", "text", &["\"u1\""]),
            field("event", "text", &["\"email\""]),
            field("ts", "text", &["\"2025-03-03T10:00:00Z\""]),
        ];
        let told = |kinds: &[&str], fields: &[ProfileField]| {
            let guess = Guess::of(fields, |_| kinds.iter().map(|kind| (*kind).to_owned()).collect());
            (guess.touch.0, guess.touch.1, guess.conversion)
        };
        let wanted =
            |touch: &str, name: &str, conversion: &str| (touch.to_owned(), name.to_owned(), conversion.to_owned());
        assert_eq!(
            told(&["email", "pre-order", "Order Completed", "search"], &fields),
            wanted("source.event != 'Order Completed'", "source.event", "source.event == 'Order Completed'")
        );
        let with_channel = [&fields[..], &[field("channel", "text", &["\"ads\""])]].concat();
        assert_eq!(
            told(&["visit", "order"], &with_channel),
            wanted("source.event != 'order'", "source.channel", "source.event == 'order'")
        );
        assert_eq!(
            told(&["touch", "purchase"], &with_channel),
            wanted("source.event == 'touch'", "source.channel", "source.event == 'purchase'")
        );
    }
}
