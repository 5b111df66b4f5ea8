//! A batch of a Kinesis stream as Lambda brings it, and the answer that Lambda understands.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize)]
pub struct Batch {
    #[serde(rename = "Records")]
    pub records: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
pub struct Entry {
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

impl Entry {
    pub fn shard(&self) -> &str {
        self.event_id.split_once(':').map_or(self.event_id.as_str(), |(shard, _)| shard)
    }
    pub fn sequence(&self) -> Sequence {
        Sequence(self.kinesis.sequence_number.clone())
    }
    pub fn data(&self) -> Result<Vec<u8>, String> {
        STANDARD.decode(&self.kinesis.data).map_err(|error| format!("not base64: {error}"))
    }
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

/// Which records must come again: Lambda takes the lowest sequence number and all behind it.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Answer {
    #[serde(rename = "batchItemFailures")]
    pub failures: Vec<Failure>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    #[serde(rename = "itemIdentifier")]
    pub sequence: String,
}

impl Answer {
    pub fn of(lowest: Option<Sequence>) -> Answer {
        Answer { failures: lowest.map(|sequence| Failure { sequence: sequence.0 }).into_iter().collect() }
    }
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
}
