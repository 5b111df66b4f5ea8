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
use super::trouble::Trouble;
use runtime_api::Runtime;

pub struct Scenario {
    pub name: &'static str,
    sent: fn(&Proof) -> Vec<Sent>,
    polled: fn(&Settings) -> Settings,
    trouble: Trouble,
    /// Records are sent that the function has to send on.
    pub is_poisoned: bool,
    /// A batch is given up, and brought again by the note about it.
    pub gives_up: bool,
}

const AS_GIVEN: Scenario = Scenario {
    name: "as given",
    sent: as_given,
    polled: Settings::clone,
    trouble: Trouble::None,
    is_poisoned: false,
    gives_up: false,
};

/// Those that the function's settings promise to bear.
pub fn all(function: &Function, proof: &Proof) -> Vec<Scenario> {
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
    let few = |settings: &Settings| Settings { batch: 20, bisect: true, retries: Some(2), ..settings.clone() };
    all.push(Scenario { name: "given up", polled: few, trouble: Trouble::LastIsLost, gives_up: true, ..AS_GIVEN });
    if !proof.moments.is_empty() {
        // What a function gets at once it puts in order.
        let whole = |settings: &Settings| Settings { batch: 10_000, lanes: 1, ..settings.clone() };
        all.push(Scenario { name: "out of order", sent: shuffled, polled: whole, ..AS_GIVEN });
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

    pub fn caller(&self, runtime: Runtime, source: &str, proof: &Proof) -> Caller {
        let last = proof.events.last().map(|event| event.clone().into_bytes()).unwrap_or_default();
        Caller { runtime, source: source.to_owned(), trouble: self.trouble, last, calls: 0 }
    }

    /// A caller to which nothing happens.
    pub fn good_caller(runtime: Runtime, source: &str) -> Caller {
        Caller { runtime, source: source.to_owned(), trouble: Trouble::None, last: Vec::new(), calls: 0 }
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

/// Another order within each partition key too; events of one moment stay as they are, because their order decides.
fn shuffled(proof: &Proof) -> Vec<Sent> {
    let mut places: BTreeMap<(String, u64), std::collections::VecDeque<Sent>> = BTreeMap::new();
    let mut chance = Chance::default();
    let mut drawn: Vec<(usize, (String, u64))> = Vec::new();
    for (sent, moment) in as_given(proof).into_iter().zip(&proof.moments) {
        let place = (sent.0.clone(), *moment);
        drawn.push((chance.below(usize::MAX), place.clone()));
        places.entry(place).or_default().push_back(sent);
    }
    drawn.sort();
    drawn.iter().filter_map(|(_, place)| places.get_mut(place)?.pop_front()).collect()
}

/// Numbers by chance that are the same in every run.
struct Chance(u64);

impl Default for Chance {
    fn default() -> Chance {
        Chance(0x9e37_79b9_7f4a_7c15)
    }
}

impl Chance {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % count
    }
}

/// Another order among the partition keys, the same within each.
pub fn interleaved(proof: &Proof) -> Vec<Sent> {
    let mut queues: BTreeMap<String, std::collections::VecDeque<Sent>> = BTreeMap::new();
    for sent in as_given(proof) {
        queues.entry(sent.0.clone()).or_default().push_back(sent);
    }
    let mut queues: Vec<_> = queues.into_values().collect();
    let (mut out, mut chance) = (Vec::new(), Chance::default());
    while !queues.is_empty() {
        let place = chance.below(queues.len());
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
    /// The proof's last event.
    last: Vec<u8>,
    calls: usize,
}

impl Call for Caller {
    fn call(&mut self, shard: &str, batch: &[&Record]) -> Result<Answer> {
        self.calls += 1;
        if self.trouble == Trouble::LastIsLost && batch.iter().any(|record| record.data == self.last) {
            return Ok(Answer::Failed);
        }
        let event = event(&self.source, shard, batch);
        self.trouble.invoke(&mut self.runtime, &event, self.calls)
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
