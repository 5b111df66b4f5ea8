//! How far an identity has been read: the last sequence number of each shard that brought it events, and
//! a version that lets one writer win. Written in one transaction with the rows.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;

use crate::incoming::Sequence;
use dtc_aws::item::{self, Item};

/// Shards and objects that are remembered: those that came last. A stream that is resharded again and again leaves old ones
/// behind, and so does each file.
const SHARDS: usize = 64;
/// Longer than the stream keeps records, after which none can come again.
const KEEP_SECONDS: i64 = 4 * 24 * 3600;

#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Position {
    /// 0: nothing is stored yet.
    pub version: i64,
    shards: BTreeMap<String, Sequence>,
    /// The version in which each of them was read last.
    touched: BTreeMap<String, i64>,
    /// Time of the identity's latest event, in microseconds.
    pub until: Option<i64>,
}

impl Position {
    pub fn of_item(item: &Item) -> Position {
        let shards = match item.get("shards") {
            Some(AttributeValue::M(shards)) => shards
                .iter()
                .filter_map(|(shard, sequence)| match sequence {
                    AttributeValue::S(text) => Some((shard.clone(), Sequence(text.clone()))),
                    _ => None,
                })
                .collect(),
            _ => BTreeMap::new(),
        };
        let version = item::number(item, "version").unwrap_or_default();
        let touched = match item.get("touched") {
            Some(AttributeValue::M(touched)) => touched
                .iter()
                .filter_map(|(shard, version)| Some((shard.clone(), version.as_n().ok()?.parse().ok()?)))
                .collect(),
            _ => BTreeMap::new(),
        };
        Position { version, shards, touched, until: item::number(item, "until") }
    }

    /// Whether a record of this shard has been counted already.
    pub fn has_read(&self, shard: &str, sequence: &Sequence) -> bool {
        self.shards.get(shard).is_some_and(|last| sequence <= last)
    }

    /// The next version, with these records read.
    pub fn after<'a>(&self, read: impl Iterator<Item = (&'a str, &'a Sequence)>) -> Position {
        let mut next = Position { version: self.version + 1, ..self.clone() };
        for (shard, sequence) in read {
            next.touched.insert(shard.to_owned(), next.version);
            let last = next.shards.entry(shard.to_owned()).or_insert_with(|| sequence.clone());
            if *last < *sequence {
                *last = sequence.clone();
            }
        }
        while next.shards.len() > SHARDS {
            let age = |shard: &String| next.touched.get(shard).copied().unwrap_or_default();
            let oldest = next.shards.iter().min_by_key(|(shard, sequence)| (age(shard), *sequence));
            let Some(oldest) = oldest.map(|(shard, _)| shard.clone()) else { break };
            next.shards.remove(&oldest);
            next.touched.remove(&oldest);
        }
        next
    }

    pub fn item(&self, identity: &str, now_seconds: i64) -> Item {
        let shards: HashMap<String, AttributeValue> = self
            .shards
            .iter()
            .map(|(shard, sequence)| (shard.clone(), AttributeValue::S(sequence.0.clone())))
            .collect();
        let touched: HashMap<String, AttributeValue> = self
            .touched
            .iter()
            .map(|(shard, version)| (shard.clone(), AttributeValue::N(version.to_string())))
            .collect();
        let mut item = Item::from([
            (item::PARTITION_KEY.to_owned(), AttributeValue::S(identity.to_owned())),
            ("version".to_owned(), AttributeValue::N(self.version.to_string())),
            ("shards".to_owned(), AttributeValue::M(shards)),
            ("touched".to_owned(), AttributeValue::M(touched)),
            (item::EXPIRES_AT.to_owned(), AttributeValue::N((now_seconds + KEEP_SECONDS).to_string())),
        ]);
        item.extend(self.until.map(|until| ("until".to_owned(), AttributeValue::N(until.to_string()))));
        item
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sequence(text: &str) -> Sequence {
        Sequence(text.to_owned())
    }

    #[test]
    fn a_record_counts_once_per_shard() {
        let (nine, ten) = (sequence("9"), sequence("10"));
        let position = Position::default().after([("a", &nine), ("a", &ten)].into_iter());
        assert!(position.has_read("a", &nine) && position.has_read("a", &ten));
        assert!(!position.has_read("a", &sequence("11")) && !position.has_read("b", &nine));
        let position = Position { until: Some(-5), ..position };
        let back = Position::of_item(&position.item("u", 0));
        assert_eq!(back, position);
    }

    #[test]
    fn old_shards_are_forgotten() {
        let mut position = Position::default();
        for number in 0..100 {
            let sequence = sequence(&number.to_string());
            position = position.after([(number.to_string().as_str(), &sequence)].into_iter());
        }
        assert_eq!(position.shards.len(), SHARDS);
        assert!(position.has_read("99", &sequence("99")) && !position.has_read("1", &sequence("1")));
        assert_eq!(position.version, 100);
        // A file in which the identity stands early is no older than one in which it stands late.
        let next = position.after([("file", &sequence("1"))].into_iter());
        assert!(next.has_read("file", &sequence("1")) && !next.has_read("36", &sequence("36")));
    }
}
