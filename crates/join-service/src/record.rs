//! A joined record as one line of JSON, and its place in the order of emission.

use std::borrow::Cow;

use bandit::Emitted;
use serde::Deserialize;

use crate::event::Payload;

/// Records leave in this order, whatever crashes between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub emitted_ms: i64,
    pub arrival: u64,
    pub part: u32,
}

/// What sinks look at of a record's line.
#[derive(Debug, Deserialize)]
pub struct Head<'l> {
    #[serde(borrow)]
    pub id: Cow<'l, str>,
    /// Chooses partitions and shards.
    #[serde(borrow)]
    #[cfg_attr(not(any(feature = "kafka", feature = "kinesis")), allow(dead_code))]
    pub key: Cow<'l, str>,
    emitted_ms: i64,
}

impl<'l> Head<'l> {
    /// Of a line that `write` made.
    pub fn of_line(line: &'l [u8]) -> Option<Head<'l>> {
        serde_json::from_slice(line).ok()
    }

    pub fn place(&self) -> Option<Place> {
        let (arrival, part) = self.id.split_once('-')?;
        Some(Place { emitted_ms: self.emitted_ms, arrival: arrival.parse().ok()?, part: part.parse().ok()? })
    }
}

impl Place {
    pub fn of<P>(emitted: &Emitted<'_, P>) -> Place {
        Place { emitted_ms: emitted.emitted_ms, arrival: emitted.arrival, part: emitted.part }
    }

    /// Of a line that `write` made.
    pub fn of_line(line: &[u8]) -> Option<Place> {
        Head::of_line(line)?.place()
    }
}

/// Adds the line. `id` is the same whenever the record is made again.
pub fn write(emitted: &Emitted<'_, Payload>, out: &mut Vec<u8>) {
    let key = serde_json::Value::from(emitted.key);
    let (reward, delay) = (serde_json::Value::from(emitted.reward), serde_json::Value::from(emitted.delay_ms));
    out.extend(format!(r#"{{"id":"{}-{}","key":{key},"#, emitted.arrival, emitted.part).as_bytes());
    out.extend(&emitted.decision[..]);
    let (decided, left) = (emitted.decided_ms, emitted.emitted_ms);
    out.extend(
        format!(r#","reward":{reward},"reward_delta_ms":{delay},"decided_ms":{decided},"emitted_ms":{left}}}"#)
            .as_bytes(),
    );
    out.push(b'\n');
}
