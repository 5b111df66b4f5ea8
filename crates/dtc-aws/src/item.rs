//! Records ↔ items of a DynamoDB table: keys, attributes, place in the store's order, expiry.

use std::collections::HashMap;
use std::sync::Arc;

use aws_sdk_dynamodb::types::AttributeValue;
pub use dtc_engine::output::escape;
use dtc_engine::{Record, RecordKey};
use dtc_expr::{DateTime, FieldType};
use dtc_lang::document::{Aggregate, AggregateKind};

use crate::attribute;

pub type Item = HashMap<String, AttributeValue>;

pub const PARTITION_KEY: &str = "partition_key";
pub const RANGE_KEY: &str = "range_key";
pub const EXPIRES_AT: &str = "expires_at";
/// Exact forms of the fields whose plain form loses something.
const EXACT: &str = "_exact";
/// Where the record stands among the identity's records.
const PLACE: &str = "_place";

/// What a record's item looks like: the aggregate's name, slots and kind of key.
pub struct Shape {
    pub aggregate: usize,
    name: String,
    fields: Vec<(Arc<str>, FieldType)>,
    /// Number of dimensions, or `None` for keys that are times.
    dimensions: Option<usize>,
}

/// A record as an item holds it.
pub struct Stored {
    pub record: Record,
    pub place: i64,
    pub expires_at: Option<i64>,
}

impl Shape {
    pub fn new(aggregate: usize, described: &Aggregate) -> Shape {
        let dimensions = match &described.kind {
            AggregateKind::Identity { dimensions } | AggregateKind::Block { dimensions } => Some(dimensions.len()),
            AggregateKind::Variable => Some(0),
            AggregateKind::Session { .. } | AggregateKind::Activity { .. } => None,
        };
        let fields = dtc_lang::scopes::group_fields(described);
        Shape { aggregate, name: described.name.value.clone(), fields, dimensions }
    }

    /// `aggregate/dim:dim/` or `aggregate//time`; `/`, `:` and `%` inside dimensions are escaped.
    pub fn range_key(&self, key: &RecordKey) -> String {
        key.range_key(&self.name)
    }

    /// The attributes of a record; its place and expiry are the caller's.
    pub fn item(&self, identity: &str, record: &Record) -> Item {
        let mut item = Item::with_capacity(record.values.len() + 5);
        item.insert(PARTITION_KEY.to_owned(), AttributeValue::S(identity.to_owned()));
        item.insert(RANGE_KEY.to_owned(), AttributeValue::S(self.range_key(&record.key)));
        let mut exact = HashMap::new();
        for ((name, field_type), value) in self.fields.iter().zip(&record.values) {
            item.insert(name.as_ref().to_owned(), attribute::plain(value));
            if !attribute::survives(*field_type, value) {
                exact.insert(name.as_ref().to_owned(), attribute::exact(value));
            }
        }
        if !exact.is_empty() {
            item.insert(EXACT.to_owned(), AttributeValue::M(exact));
        }
        item
    }

    /// The record of an item; `None` when the item is not of this aggregate. A field that the item
    /// lacks, because it is newer, starts at its default.
    pub fn stored(&self, item: &Item) -> Option<Stored> {
        let key = self.key(text(item, RANGE_KEY)?)?;
        let exact = match item.get(EXACT) {
            Some(AttributeValue::M(exact)) => Some(exact),
            _ => None,
        };
        let value = |(name, field_type): &(Arc<str>, FieldType)| {
            let name = name.as_ref();
            exact
                .and_then(|exact| exact.get(name))
                .and_then(|exact| attribute::from_exact(*field_type, exact))
                .or_else(|| item.get(name).and_then(|plain| attribute::from_plain(*field_type, plain)))
                .unwrap_or_else(|| field_type.default_value())
        };
        let record = Record { aggregate: self.aggregate, key, values: self.fields.iter().map(value).collect() };
        Some(Stored { record, place: number(item, PLACE).unwrap_or(i64::MAX), expires_at: number(item, EXPIRES_AT) })
    }

    fn key(&self, range_key: &str) -> Option<RecordKey> {
        let rest = range_key.strip_prefix(self.name.as_str())?.strip_prefix('/')?;
        match self.dimensions {
            None => match rest.strip_prefix('/')? {
                "" => Some(RecordKey::Time(None)),
                time => Some(RecordKey::Time(Some(DateTime::parse_iso(time)?))),
            },
            Some(0) => rest.eq("/").then(|| RecordKey::Dimensions(Vec::new())),
            Some(count) => {
                let texts: Vec<Arc<str>> =
                    rest.strip_suffix('/')?.split(':').map(|text| unescape(text).into()).collect();
                (texts.len() == count).then_some(RecordKey::Dimensions(texts))
            }
        }
    }

    /// The latest moment that the record itself knows of.
    pub fn end_time(&self, record: &Record) -> Option<DateTime> {
        let slot = self.fields.iter().position(|(name, _)| name.as_ref() == "_end_time")?;
        match record.values.get(slot) {
            Some(dtc_expr::Value::DateTime(time)) => Some(*time),
            _ => None,
        }
    }
}

/// Adds what the table needs beside the fields.
pub fn complete(item: &mut Item, place: i64, expires_at: Option<i64>) {
    item.insert(PLACE.to_owned(), AttributeValue::N(place.to_string()));
    if let Some(seconds) = expires_at {
        item.insert(EXPIRES_AT.to_owned(), AttributeValue::N(seconds.to_string()));
    }
}

pub fn text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    match item.get(name) {
        Some(AttributeValue::S(text)) => Some(text),
        _ => None,
    }
}

pub fn number(item: &Item, name: &str) -> Option<i64> {
    match item.get(name) {
        Some(AttributeValue::N(text)) => text.parse().ok(),
        _ => None,
    }
}

pub fn unescape(text: &str) -> String {
    text.replace("%3A", ":").replace("%2F", "/").replace("%25", "%")
}
