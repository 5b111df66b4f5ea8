//! From a batch's records to events by identity. What cannot be read is told and left.

use std::collections::HashMap;
use std::io::Cursor;
use std::sync::Arc;

use dtc_engine::{Event, Intake};
use dtc_io::{Projection, Records};

use crate::documents::Documents;
use crate::incoming::{Batch, Incoming, Order, Sequence};
use crate::log::{self, Level};
use crate::poison::Poisoned;
use crate::seen;

/// DynamoDB's limit of a partition key.
const IDENTITY_BYTES: usize = 2048;

/// An event with the record that brought it.
#[derive(Clone)]
pub struct Arrived {
    pub event: Event,
    /// Of the record in its batch.
    pub index: usize,
    /// Shard and sequence number, where the source has them.
    pub place: Option<(Arc<str>, Sequence)>,
    /// What the event is known by, where that is asked for.
    pub id: Option<Arc<str>>,
}

/// The events of one identity, in the order of the batch.
pub struct Group {
    pub identity: Arc<str>,
    pub arrived: Vec<Arrived>,
}

#[derive(Default)]
pub struct Read {
    /// In order of first appearance.
    pub groups: Vec<Group>,
    /// Records with something that cannot be taken; each once.
    pub poisoned: Vec<Poisoned>,
    /// Events that cannot be taken.
    pub unusable: usize,
    /// Places of records that could not be fetched.
    pub failed: Vec<usize>,
}

pub fn read(batch: &Batch, documents: &Documents, with_ids: bool) -> Read {
    let mut reading = Reading {
        batch,
        documents,
        with_ids,
        intake: Intake::new(&documents.plan),
        projection: Projection::of(documents.plan.source_fields()),
        places: HashMap::new(),
        read: Read::default(),
    };
    for (index, record) in batch.records.iter().enumerate() {
        match (&record.data, &record.order) {
            (Ok(data), _) => reading.record(index, record, data),
            // An object that cannot be fetched may be there the next time.
            (Err(reason), Order::Lines(_)) => {
                log::write(
                    Level::Error,
                    "an object could not be read",
                    [("object", record.name.as_str().into()), ("reason", reason.as_str().into())],
                );
                reading.read.failed.push(index);
            }
            (Err(reason), _) => reading.unusable(index, reason.clone()),
        }
    }
    reading.read
}

/// The record at this place, to be sent on.
pub fn poisoned(batch: &Batch, index: usize, reason: String) -> Poisoned {
    let record = &batch.records[index];
    let data = record.data.as_ref().cloned().unwrap_or_default();
    Poisoned { index, name: record.name.clone(), reason, data }
}

struct Reading<'a> {
    batch: &'a Batch,
    documents: &'a Documents,
    with_ids: bool,
    intake: Intake<'a>,
    projection: Projection,
    places: HashMap<Arc<str>, usize>,
    read: Read,
}

impl Reading<'_> {
    fn unusable(&mut self, index: usize, reason: String) {
        let name = self.batch.records[index].name.as_str();
        log::write(Level::Warn, "unusable event", [("sequence", name.into()), ("reason", reason.as_str().into())]);
        self.read.unusable += 1;
        if self.read.poisoned.last().is_none_or(|last| last.index != index) {
            self.read.poisoned.push(poisoned(self.batch, index, reason));
        }
    }

    /// The events of one record: usually one, but a producer may send several lines, and an object holds many.
    fn record(&mut self, index: usize, record: &Incoming, data: &[u8]) {
        let mode = self.documents.streaming.header.mode;
        let total = u64::try_from(data.len()).ok();
        let opened =
            Records::from_reader("the record", Box::new(Cursor::new(data.to_vec())), total, &self.projection, mode);
        let records = match opened {
            Ok(records) => records,
            Err(error) => return self.unusable(index, error.to_string()),
        };
        let file = u32::try_from(index).unwrap_or(u32::MAX);
        let mut seen = 0_u64;
        for found in records {
            seen += 1;
            let accepted = match found {
                Ok(found) => self.intake.accept(found.value, file, found.line).map_err(|refused| refused.reason),
                Err(bad) => Err(bad.reason),
            };
            match accepted {
                Ok(event) if event.identity.len() > IDENTITY_BYTES => {
                    self.unusable(index, format!("the identity is longer than {IDENTITY_BYTES} bytes"));
                }
                Ok(event) => {
                    let place = match &record.order {
                        Order::Of(shard, sequence) => Some((shard.clone(), sequence.clone())),
                        Order::Lines(object) => Some((object.clone(), Sequence(seen.to_string()))),
                        Order::Unknown => None,
                    };
                    // An object's own lines tell its events apart; of a record its bytes do.
                    let known_by = if matches!(record.order, Order::Lines(_)) { record.name.as_bytes() } else { data };
                    let id = self.with_ids.then(|| seen::id_of(event.id.as_ref(), &event.identity, known_by, seen));
                    self.arrived(Arrived { event, index, place, id });
                }
                Err(reason) => self.unusable(index, reason),
            }
        }
        if seen == 0 {
            self.unusable(index, "the record is empty".to_owned());
        }
    }

    fn arrived(&mut self, arrived: Arrived) {
        let identity = arrived.event.identity.clone();
        let groups = &mut self.read.groups;
        let place = *self.places.entry(identity.clone()).or_insert_with(|| {
            groups.push(Group { identity, arrived: Vec::new() });
            groups.len() - 1
        });
        groups[place].arrived.push(arrived);
    }
}
