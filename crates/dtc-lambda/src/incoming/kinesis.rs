//! Records of a Kinesis stream: each has a place in its shard. Lambda takes the lowest failed sequence number and brings all
//! behind it again.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Incoming, Order};

#[derive(Debug, Deserialize)]
struct Records {
    #[serde(rename = "Records")]
    records: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
struct Entry {
    /// `shardId-…:sequence number`
    #[serde(rename = "eventID")]
    event_id: String,
    kinesis: Payload,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    sequence_number: String,
    data: String,
}

/// A sequence number: a decimal of any length, ordered as a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sequence(pub String);

impl Ord for Sequence {
    fn cmp(&self, other: &Sequence) -> std::cmp::Ordering {
        let digits = |sequence: &Sequence| sequence.0.trim_start_matches('0').to_owned();
        let (own, others) = (digits(self), digits(other));
        own.len().cmp(&others.len()).then_with(|| own.cmp(&others))
    }
}

impl PartialOrd for Sequence {
    fn partial_cmp(&self, other: &Sequence) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

pub fn records(event: Value) -> Result<Vec<Incoming>, String> {
    let Records { records } = serde_json::from_value(event).map_err(|error| format!("no batch of Kinesis: {error}"))?;
    let record = |entry: Entry| {
        let shard = entry.event_id.split_once(':').map_or(entry.event_id.as_str(), |(shard, _)| shard);
        Incoming {
            name: entry.kinesis.sequence_number.clone(),
            order: Order::Of(shard.into(), Sequence(entry.kinesis.sequence_number)),
            data: STANDARD.decode(&entry.kinesis.data).map_err(|error| format!("not base64: {error}")),
        }
    };
    Ok(records.into_iter().map(record).collect())
}

pub fn answer<'a>(failed: impl Iterator<Item = &'a Incoming>) -> Value {
    let lowest = failed.map(|record| Sequence(record.name.clone())).min();
    let failures: Vec<Value> = lowest.into_iter().map(|lowest| json!({"itemIdentifier": lowest.0})).collect();
    json!({"batchItemFailures": failures})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_are_ordered_as_numbers() {
        let of = |text: &str| Sequence(text.to_owned());
        assert!(of("9") < of("10"));
        assert!(of("0009") < of("10"));
        assert!(
            of("49590338271490256608559692538361571095921575989136588898")
                > of("4959033827149025660855969253836157109592157598913658889")
        );
    }

    #[test]
    fn the_lowest_failure_is_told() {
        let entry = |sequence: &str| json!({"eventID": format!("shard-0:{sequence}"), "kinesis": {"sequenceNumber": sequence, "data": "e30="}});
        let records = records(json!({"Records": [entry("10"), entry("9"), entry("11")]})).unwrap();
        assert_eq!(records[0].order, Order::Of("shard-0".into(), Sequence("10".into())));
        assert_eq!(records[0].data.as_deref(), Ok(&b"{}"[..]));
        assert_eq!(answer(records.iter()), json!({"batchItemFailures": [{"itemIdentifier": "9"}]}));
        assert_eq!(answer([].iter()), json!({"batchItemFailures": []}));
    }
}
