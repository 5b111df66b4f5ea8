//! One batch: records → events by identity → rows. An event that cannot be read is logged, counted and
//! passed over; an identity whose rows cannot be written comes again with the rest of its shard.

use std::io::Cursor;
use std::sync::Arc;

use dtc_engine::{Event, Intake, Record, Stopped, run_identity};
use dtc_io::{Projection, Records};
use futures::StreamExt;

use crate::documents::Documents;
use crate::features::{Days, Features, days};
use crate::kinesis::{Answer, Batch, Entry, Sequence};
use crate::log::{self, Level};
use crate::store::{Refused, Store};

/// Identities that are loaded and written at the same time.
const AT_ONCE: usize = 16;
/// Times that an identity is tried again when another writer was faster.
const ATTEMPTS: usize = 6;
/// DynamoDB's limit of a partition key.
const IDENTITY_BYTES: usize = 2048;

pub struct Handler {
    pub documents: Documents,
    pub store: Store,
    pub features: Option<Features>,
}

/// An event with the record that brought it.
#[derive(Clone)]
struct Arrived {
    event: Event,
    shard: Arc<str>,
    sequence: Sequence,
}

/// The events of one identity, in the order of the batch.
struct Group {
    identity: Arc<str>,
    arrived: Vec<Arrived>,
}

#[derive(Default)]
struct Counts {
    unusable: u64,
    repeated: u64,
    late: u64,
    aborted: u64,
    failed: u64,
}

/// What became of an identity.
enum Outcome {
    Written {
        repeated: u64,
        /// Events that `Lateness` left out.
        late: u64,
    },
    /// The document's own rules ended the run; trying again would end it again.
    Aborted,
    Failed(Sequence),
}

impl Handler {
    pub async fn batch(&self, batch: Batch) -> Answer {
        let mut counts = Counts::default();
        let groups = self.read(&batch, &mut counts);
        let (identities, events) = (groups.len(), groups.iter().map(|group| group.arrived.len()).sum::<usize>());
        let outcomes: Vec<Outcome> =
            futures::stream::iter(groups).map(|group| self.identity(group)).buffered(AT_ONCE).collect().await;
        let mut lowest: Option<Sequence> = None;
        for outcome in outcomes {
            match outcome {
                Outcome::Written { repeated, late } => {
                    counts.repeated += repeated;
                    counts.late += late;
                }
                Outcome::Aborted => counts.aborted += 1,
                Outcome::Failed(sequence) => {
                    counts.failed += 1;
                    lowest = Some(lowest.map_or_else(|| sequence.clone(), |other| other.min(sequence.clone())));
                }
            }
        }
        log::write(
            if counts.failed == 0 { Level::Info } else { Level::Error },
            "batch",
            [
                ("records", batch.records.len().into()),
                ("events", events.into()),
                ("identities", identities.into()),
                ("unusable", counts.unusable.into()),
                ("repeated", counts.repeated.into()),
                ("late", counts.late.into()),
                ("aborted", counts.aborted.into()),
                ("failed", counts.failed.into()),
            ],
        );
        Answer::of(lowest)
    }

    /// Events by identity, in order of first appearance.
    fn read(&self, batch: &Batch, counts: &mut Counts) -> Vec<Group> {
        let mut intake = Intake::new(&self.documents.plan);
        let projection = Projection::of(self.documents.plan.source_fields());
        let mut groups: Vec<Group> = Vec::new();
        let mut places = std::collections::HashMap::<Arc<str>, usize>::new();
        for (index, entry) in batch.records.iter().enumerate() {
            let file = u32::try_from(index).unwrap_or(u32::MAX);
            for arrived in self.events(entry, file, &mut intake, &projection, counts) {
                let identity = arrived.event.identity.clone();
                let place = *places.entry(identity.clone()).or_insert_with(|| {
                    groups.push(Group { identity, arrived: Vec::new() });
                    groups.len() - 1
                });
                groups[place].arrived.push(arrived);
            }
        }
        groups
    }

    /// The events of one record: usually one, but a producer may send several lines.
    fn events(
        &self,
        entry: &Entry,
        file: u32,
        intake: &mut Intake<'_>,
        projection: &Projection,
        counts: &mut Counts,
    ) -> Vec<Arrived> {
        let sequence = entry.sequence();
        let shard: Arc<str> = entry.shard().into();
        let mut unusable = |reason: String| {
            counts.unusable += 1;
            log::write(
                Level::Warn,
                "unusable event",
                [("sequence", sequence.0.clone().into()), ("reason", reason.into())],
            );
        };
        let mode = self.documents.streaming.header.mode;
        let opened = entry.data().and_then(|data| {
            let total = u64::try_from(data.len()).ok();
            Records::from_reader("the record", Box::new(Cursor::new(data)), total, projection, mode)
                .map_err(|error| error.to_string())
        });
        let records = match opened {
            Ok(records) => records,
            Err(reason) => {
                unusable(reason);
                return Vec::new();
            }
        };
        let mut arrived = Vec::new();
        let mut seen = 0_u64;
        for record in records {
            seen += 1;
            let accepted = match record {
                Ok(record) => intake.accept(record.value, file, record.line).map_err(|refused| refused.reason),
                Err(bad) => Err(bad.reason),
            };
            match accepted {
                Ok(event) if event.identity.len() > IDENTITY_BYTES => {
                    unusable(format!("the identity is longer than {IDENTITY_BYTES} bytes"))
                }
                Ok(event) => arrived.push(Arrived { event, shard: shard.clone(), sequence: sequence.clone() }),
                Err(reason) => unusable(reason),
            }
        }
        if seen == 0 {
            unusable("the record is empty".to_owned());
        }
        arrived
    }

    async fn identity(&self, group: Group) -> Outcome {
        let Some(first) = group.arrived.iter().map(|arrived| arrived.sequence.clone()).min() else {
            return Outcome::Written { repeated: 0, late: 0 };
        };
        for _ in 0..ATTEMPTS {
            match self.attempt(&group).await {
                Ok(outcome) => return outcome,
                Err(Refused::Overtaken) => {}
                Err(Refused::Failed(reason)) => {
                    log::write(
                        Level::Error,
                        "identity failed",
                        [("identity", group.identity.as_ref().into()), ("reason", reason.into())],
                    );
                    return Outcome::Failed(first);
                }
            }
        }
        log::write(
            Level::Error,
            "identity failed",
            [("identity", group.identity.as_ref().into()), ("reason", "overtaken again and again".into())],
        );
        Outcome::Failed(first)
    }

    /// Loads, runs, writes. Window rows go first: the transaction marks the events as read, and nothing
    /// would write their rows after that.
    async fn attempt(&self, group: &Group) -> Result<Outcome, Refused> {
        let plan = &self.documents.plan;
        let loaded = self.store.load(&group.identity).await.map_err(Refused::Failed)?;
        let fresh: Vec<&Arrived> = group
            .arrived
            .iter()
            .filter(|arrived| !loaded.position.has_read(&arrived.shard, &arrived.sequence))
            .collect();
        let repeated = u64::try_from(group.arrived.len() - fresh.len()).unwrap_or_default();
        // What is too late has been read all the same.
        let until = loaded.position.until.unwrap_or(i64::MIN);
        let too_late = |arrived: &&&Arrived| plan.is_too_late(arrived.event.time.micros, until);
        let late = u64::try_from(fresh.iter().filter(too_late).count()).unwrap_or_default();
        let Some(latest) = fresh.iter().map(|arrived| arrived.event.time).max_by_key(|time| time.micros) else {
            return Ok(Outcome::Written { repeated, late });
        };
        let in_time = fresh.iter().filter(|arrived| !too_late(arrived));
        let events: Vec<Event> = in_time.map(|arrived| arrived.event.clone()).collect();
        let mut next = loaded.position.after(fresh.iter().map(|arrived| (arrived.shard.as_ref(), &arrived.sequence)));
        next.until = Some(until.max(latest.micros));
        if events.is_empty() {
            self.store.commit(&group.identity, &loaded, &loaded.records(), &next, latest).await?;
            return Ok(Outcome::Written { repeated, late });
        }
        let output = match run_identity(plan, loaded.records(), events) {
            Ok(output) => output,
            Err(stopped) => return Ok(aborted(group, &stopped)),
        };
        if let Some(features) = &self.features {
            let before = self.rows_before(&group.identity, loaded.records());
            let now = days(&group.identity, &output.rows);
            features.write(&group.identity, &before, &now).await.map_err(Refused::Failed)?;
        }
        self.store.commit(&group.identity, &loaded, &output.records, &next, latest).await?;
        Ok(Outcome::Written { repeated, late })
    }
}

impl Handler {
    /// The window rows as an earlier batch left them. Without events the engine cannot know whose they
    /// are, so the identity is filled in.
    fn rows_before(&self, identity: &Arc<str>, records: Vec<Record>) -> Days {
        let mut rows = match run_identity(&self.documents.plan, records, Vec::new()) {
            Ok(earlier) => earlier.rows,
            Err(_) => return Days::new(),
        };
        rows.iter_mut().for_each(|row| row.set_identity(identity));
        days(identity, &rows)
    }
}

fn aborted(group: &Group, stopped: &Stopped) -> Outcome {
    let reason = match stopped {
        Stopped::Cancelled | Stopped::FieldsNotRead => "cancelled".to_owned(),
        Stopped::Aborted { place, error } => format!("{place}: {}: {}", error.kind.name(), error.message),
    };
    let sequences: Vec<&str> = group.arrived.iter().map(|arrived| arrived.sequence.0.as_str()).collect();
    log::write(
        Level::Error,
        "identity aborted by its document",
        [("identity", group.identity.as_ref().into()), ("reason", reason.into()), ("sequences", sequences.into())],
    );
    Outcome::Aborted
}
