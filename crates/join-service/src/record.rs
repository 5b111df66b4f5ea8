//! A joined record as one line of JSON, and its place in the order of emission.

use bandit::Emitted;

use crate::event::Payload;

/// Records leave in this order, whatever crashes between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub emitted_ms: i64,
    pub arrival: u64,
    pub part: u32,
}

impl Place {
    pub fn of<P>(emitted: &Emitted<'_, P>) -> Place {
        Place { emitted_ms: emitted.emitted_ms, arrival: emitted.arrival, part: emitted.part }
    }

    /// Of a line that `write` made.
    pub fn of_line(line: &[u8]) -> Option<Place> {
        let value: serde_json::Value = serde_json::from_slice(line).ok()?;
        let (arrival, part) = value["id"].as_str()?.split_once('-')?;
        let emitted_ms = value["emitted_ms"].as_i64()?;
        Some(Place { emitted_ms, arrival: arrival.parse().ok()?, part: part.parse().ok()? })
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
