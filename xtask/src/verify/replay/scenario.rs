//! The ways in which a stream may bring the proof's events. After each of them the same rows must lie there.

use std::collections::BTreeMap;

use anyhow::Result;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::poller::{Answer, Call, Record, Settings};
use super::proof::Proof;
use super::stack::Function;
use super::stream::Sent;
use runtime_api::Runtime;

pub struct Scenario {
    pub name: &'static str,
    sent: fn(&Proof) -> Vec<Sent>,
    polled: fn(&Settings) -> Settings,
    trouble: Trouble,
    /// Records are sent that the function has to send on.
    pub is_poisoned: bool,
}

/// What goes wrong between poller and function.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trouble {
    None,
    /// Every third answer is lost: to Lambda the function failed.
    LostAnswers,
    /// Every batch comes twice.
    Twice,
}

const AS_GIVEN: Scenario =
    Scenario { name: "as given", sent: as_given, polled: Settings::clone, trouble: Trouble::None, is_poisoned: false };

/// Those that the function's settings promise to bear.
pub fn all(function: &Function) -> Vec<Scenario> {
    let dedup = function.environment.iter().find(|(name, _)| name == "DTC_DEDUP").map(|(_, value)| value.as_str());
    let small = |settings: &Settings| Settings { batch: 3, ..settings.clone() };
    let mut all = vec![
        AS_GIVEN,
        Scenario { name: "split", polled: small, ..AS_GIVEN },
        Scenario { name: "reordered", sent: interleaved, polled: small, ..AS_GIVEN },
        Scenario {
            name: "poisoned",
            sent: poisoned,
            polled: |settings| Settings { batch: 8, ..settings.clone() },
            is_poisoned: true,
            ..AS_GIVEN
        },
        Scenario {
            name: "parallel",
            polled: |settings| Settings { batch: 5, lanes: 3, ..settings.clone() },
            ..AS_GIVEN
        },
    ];
    if dedup != Some("none") {
        let seven = |settings: &Settings| Settings { batch: 7, bisect: true, retries: Some(20), ..settings.clone() };
        all.push(Scenario { name: "answers lost", polled: seven, trouble: Trouble::LostAnswers, ..AS_GIVEN });
        all.push(Scenario { name: "delivered twice", polled: seven, trouble: Trouble::Twice, ..AS_GIVEN });
    }
    if dedup == Some("event_id") {
        all.push(Scenario { name: "sent twice", sent: sent_twice, ..AS_GIVEN });
    }
    all
}

impl Scenario {
    pub fn records(&self, proof: &Proof) -> Vec<Sent> {
        (self.sent)(proof)
    }

    pub fn settings(&self, mapping: &Settings) -> Settings {
        (self.polled)(mapping)
    }

    pub fn caller(&self, runtime: Runtime, source: &str) -> Caller {
        Caller { runtime, source: source.to_owned(), trouble: self.trouble, calls: 0 }
    }
}

fn as_given(proof: &Proof) -> Vec<Sent> {
    proof.events.iter().map(|event| (proof.key_of(event), event.clone().into_bytes())).collect()
}

fn sent_twice(proof: &Proof) -> Vec<Sent> {
    as_given(proof).into_iter().flat_map(|sent| [sent.clone(), sent]).collect()
}

/// Between the events what no producer should send, under the keys of others.
fn poisoned(proof: &Proof) -> Vec<Sent> {
    let poison: [&[u8]; 4] = [b"\xff\xfe\x00 no text", b"{\"half\": ", b"[1, 2]", b" "];
    let mut out = Vec::new();
    for (index, (key, data)) in as_given(proof).into_iter().enumerate() {
        if index % 5 == 2 {
            out.push((key.clone(), poison[index / 5 % poison.len()].to_vec()));
        }
        out.push((key, data));
    }
    out
}

/// Another order among the partition keys, the same within each.
pub fn interleaved(proof: &Proof) -> Vec<Sent> {
    let mut queues: BTreeMap<String, std::collections::VecDeque<Sent>> = BTreeMap::new();
    for sent in as_given(proof) {
        queues.entry(sent.0.clone()).or_default().push_back(sent);
    }
    let mut queues: Vec<_> = queues.into_values().collect();
    // Numbers by chance that are the same in every run.
    let (mut out, mut chance) = (Vec::new(), 0x9e37_79b9_7f4a_7c15_u64);
    while !queues.is_empty() {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let place = usize::try_from(chance >> 33).unwrap_or_default() % queues.len();
        out.extend(queues[place].pop_front());
        if queues[place].is_empty() {
            queues.swap_remove(place);
        }
    }
    out
}

/// A lane's function with what goes wrong on the way.
pub struct Caller {
    runtime: Runtime,
    source: String,
    trouble: Trouble,
    calls: usize,
}

impl Call for Caller {
    fn call(&mut self, shard: &str, batch: &[&Record]) -> Result<Answer> {
        self.calls += 1;
        let event = event(&self.source, shard, batch);
        if self.trouble == Trouble::Twice {
            let _ = self.runtime.invoke(&event)?;
        }
        let answer = self.runtime.invoke(&event)?;
        if self.trouble == Trouble::LostAnswers && self.calls % 3 == 1 {
            return Ok(Answer::Failed);
        }
        Ok(answer.map_or(Answer::Failed, Answer::Said))
    }
}

/// A batch as Lambda hands it over.
fn event(source: &str, shard: &str, batch: &[&Record]) -> Value {
    let record = |record: &&Record| {
        json!({
            "kinesis": {
                "kinesisSchemaVersion": "1.0",
                "partitionKey": record.partition_key,
                "sequenceNumber": record.sequence,
                "data": STANDARD.encode(&record.data),
                "approximateArrivalTimestamp": 1_700_000_000.0,
            },
            "eventSource": "aws:kinesis",
            "eventVersion": "1.0",
            "eventID": format!("{shard}:{}", record.sequence),
            "eventName": "aws:kinesis:record",
            "invokeIdentityArn": "arn:aws:iam::123456789012:role/replay",
            "awsRegion": "us-east-1",
            "eventSourceARN": source,
        })
    };
    json!({"Records": batch.iter().map(record).collect::<Vec<_>>()})
}
