//! One batch: records → events by identity → rows. A record that cannot be read is logged, counted, sent on and passed over; an
//! identity whose rows cannot be written comes again, from its first event that is not counted.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use dtc_engine::{Event, Record, Stopped, run_identity};
use futures::StreamExt;
use serde_json::Value;

use crate::documents::Documents;
use crate::features::{Days, Features, days};
use crate::incoming::Batch;
use crate::log::{self, Level};
use crate::poison::{Poison, Poisoned};
use crate::reading::{self, Arrived, Group};
use crate::seen::Seen;
use crate::store::{Loaded, Refused, Store};

/// Identities that are loaded and written at the same time.
const AT_ONCE: usize = 16;
/// Times that an identity is tried again when another writer was faster.
const ATTEMPTS: usize = 6;
/// Events of one identity that count together where each is marked as counted: their marks fit into one transaction.
const TOGETHER: usize = 60;

pub struct Handler {
    pub documents: Documents,
    pub store: Store,
    pub features: Option<Features>,
    /// Places in shards are looked at.
    pub by_sequence: bool,
    pub seen: Option<Seen>,
    pub poison: Option<Poison>,
}

#[derive(Default)]
struct Counts {
    repeated: u64,
    late: u64,
    aborted: u64,
    failed: u64,
}

/// What became of an identity's events.
#[derive(Default)]
struct Done {
    repeated: u64,
    /// Events that `Lateness` left out.
    late: u64,
    /// Places in the batch of records that must come again.
    failed: Vec<usize>,
    /// The document's own rules ended the run; trying again would end it again.
    aborted: Option<(String, Vec<usize>)>,
}

impl Handler {
    /// `Err`: the whole batch comes again.
    pub async fn batch(&self, batch: Batch) -> Result<Value, String> {
        let read = reading::read(&batch, &self.documents, self.seen.is_some());
        let (identities, events) =
            (read.groups.len(), read.groups.iter().map(|group| group.arrived.len()).sum::<usize>());
        let done: Vec<Done> =
            futures::stream::iter(read.groups).map(|group| self.identity(group)).buffered(AT_ONCE).collect().await;
        let (mut counts, mut failed, mut poisoned) = (Counts::default(), read.failed, read.poisoned);
        let unusable = read.unusable;
        for one in done {
            counts.repeated += one.repeated;
            counts.late += one.late;
            counts.failed += u64::from(!one.failed.is_empty());
            failed.extend(one.failed);
            if let Some((reason, places)) = one.aborted {
                counts.aborted += 1;
                poisoned.extend(places.into_iter().map(|place| reading::poisoned(&batch, place, reason.clone())));
            }
        }
        failed.extend(self.send_on(&poisoned).await);
        failed.sort_unstable();
        failed.dedup();
        log::write(
            if failed.is_empty() { Level::Info } else { Level::Error },
            "batch",
            [
                ("records", batch.records.len().into()),
                ("events", events.into()),
                ("identities", identities.into()),
                ("unusable", unusable.into()),
                ("repeated", counts.repeated.into()),
                ("late", counts.late.into()),
                ("aborted", counts.aborted.into()),
                ("failed", counts.failed.into()),
            ],
        );
        batch.answer(&failed, unusable)
    }

    /// Places of records that could not be sent on: they come again.
    async fn send_on(&self, poisoned: &[Poisoned]) -> Vec<usize> {
        let Some(poison) = &self.poison else { return Vec::new() };
        let mut failed = Vec::new();
        for one in poisoned {
            if let Err(reason) = poison.send(one).await {
                log::write(
                    Level::Error,
                    "a record could not be sent on",
                    [("record", one.name.as_str().into()), ("reason", reason.into())],
                );
                failed.push(one.index);
            }
        }
        failed
    }

    /// The events of one identity in order; behind the first that fails none is tried.
    async fn identity(&self, group: Group) -> Done {
        let mut together = if self.seen.is_some() { TOGETHER } else { usize::MAX };
        let mut done = Done::default();
        let mut start = 0;
        while start < group.arrived.len() {
            let part = first_of(&group.arrived[start..], together);
            let rest = || group.arrived[start..].iter().map(|arrived| arrived.index).collect::<Vec<_>>();
            match self.persistently(&group.identity, part).await {
                Ok(Ok((repeated, late))) => {
                    done.repeated += repeated;
                    done.late += late;
                }
                Ok(Err(stopped)) => {
                    done.aborted = Some((aborted(&group.identity, part, &told(&stopped)), rest()));
                    return done;
                }
                // Fewer events change fewer rows.
                Err(Refused::TooLarge) if together > 1 => {
                    together = together.min(part.len()).div_ceil(2);
                    continue;
                }
                Err(Refused::TooLarge) => {
                    let reason = "one record changes more rows than DynamoDB writes together";
                    done.aborted = Some((aborted(&group.identity, part, reason), rest()));
                    return done;
                }
                Err(refused) => {
                    let reason = match refused {
                        Refused::Failed(reason) => reason,
                        _ => "overtaken again and again".to_owned(),
                    };
                    log::write(
                        Level::Error,
                        "identity failed",
                        [("identity", group.identity.as_ref().into()), ("reason", reason.into())],
                    );
                    done.failed = rest();
                    return done;
                }
            }
            start += part.len();
        }
        done
    }

    /// Again and again while others are faster.
    async fn persistently(
        &self,
        identity: &Arc<str>,
        part: &[Arrived],
    ) -> Result<Result<(u64, u64), Stopped>, Refused> {
        for _ in 0..ATTEMPTS {
            match self.attempt(identity, part).await {
                Err(Refused::Overtaken) => {}
                other => return other,
            }
        }
        Err(Refused::Overtaken)
    }

    /// Loads, runs, writes; gives how many events were repeated and how many late. Window rows go first: the transaction marks
    /// the events as read, and nothing would write their rows after that.
    async fn attempt(&self, identity: &Arc<str>, part: &[Arrived]) -> Result<Result<(u64, u64), Stopped>, Refused> {
        let plan = &self.documents.plan;
        let loaded = self.store.load(identity).await.map_err(Refused::Failed)?;
        let fresh = self.fresh(part, &loaded).await.map_err(Refused::Failed)?;
        let repeated = u64::try_from(part.len() - fresh.len()).unwrap_or_default();
        // What is too late has been read all the same.
        let until = loaded.position.until.unwrap_or(i64::MIN);
        let too_late = |arrived: &&&Arrived| plan.is_too_late(arrived.event.time.micros, until);
        let late = u64::try_from(fresh.iter().filter(too_late).count()).unwrap_or_default();
        let Some(latest) = fresh.iter().map(|arrived| arrived.event.time).max_by_key(|time| time.micros) else {
            return Ok(Ok((repeated, late)));
        };
        let in_time = fresh.iter().filter(|arrived| !too_late(arrived));
        let events: Vec<Event> = in_time.map(|arrived| arrived.event.clone()).collect();
        let places = fresh.iter().filter_map(|arrived| arrived.place.as_ref());
        let mut next = loaded.position.after(places.map(|(shard, sequence)| (shard.as_ref(), sequence)));
        next.until = Some(until.max(latest.micros));
        let counted = self.marks(&fresh)?;
        if events.is_empty() {
            let commit = self.store.commit(identity, &loaded, &loaded.records(), &next, latest, counted)?;
            self.store.write(commit).await?;
            return Ok(Ok((repeated, late)));
        }
        let output = match run_identity(plan, loaded.records(), events) {
            Ok(output) => output,
            Err(stopped) => return Ok(Err(stopped)),
        };
        // Before anything is written: what does not fit is tried with fewer events.
        let commit = self.store.commit(identity, &loaded, &output.records, &next, latest, counted)?;
        if let Some(features) = &self.features {
            let before = self.rows_before(identity, loaded.records());
            let now = days(identity, &output.rows);
            features.write(identity, &before, &now).await.map_err(Refused::Failed)?;
        }
        self.store.write(commit).await?;
        Ok(Ok((repeated, late)))
    }

    /// Events that have not counted yet, each once.
    async fn fresh<'a>(&self, part: &'a [Arrived], loaded: &Loaded) -> Result<Vec<&'a Arrived>, String> {
        let has_read = |arrived: &Arrived| {
            let place = arrived.place.as_ref().filter(|_| self.by_sequence);
            place.is_some_and(|(shard, sequence)| loaded.position.has_read(shard, sequence))
        };
        let mut fresh: Vec<&Arrived> = part.iter().filter(|arrived| !has_read(arrived)).collect();
        if let Some(seen) = &self.seen {
            let ids: Vec<Arc<str>> = fresh.iter().filter_map(|arrived| arrived.id.clone()).collect();
            let mut counted: HashSet<Arc<str>> = seen.among(&ids).await?;
            fresh.retain(|arrived| arrived.id.as_ref().is_none_or(|id| counted.insert(id.clone())));
        }
        Ok(fresh)
    }

    fn marks(&self, fresh: &[&Arrived]) -> Result<Vec<aws_sdk_dynamodb::types::TransactWriteItem>, Refused> {
        let Some(seen) = &self.seen else { return Ok(Vec::new()) };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|error| Refused::Failed(error.to_string()))?;
        let ids = fresh.iter().filter_map(|arrived| arrived.id.as_ref());
        let marks = ids.map(|id| seen.write(id, now.as_secs().cast_signed()));
        marks.collect::<Result<_, _>>().map_err(Refused::Failed)
    }

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

/// At most so many events, and with the last of them all of its record: the position in a shard knows records only.
fn first_of(arrived: &[Arrived], most: usize) -> &[Arrived] {
    let mut end = arrived.len().min(most.max(1));
    while end < arrived.len() && arrived[end].place.is_some() && arrived[end].place == arrived[end - 1].place {
        end += 1;
    }
    &arrived[..end]
}

fn told(stopped: &Stopped) -> String {
    match stopped {
        Stopped::Cancelled | Stopped::FieldsNotRead => "cancelled".to_owned(),
        Stopped::Aborted { place, error } => format!("{place}: {}: {}", error.kind.name(), error.message),
    }
}

/// Tells the log, and gives the reason.
fn aborted(identity: &str, part: &[Arrived], reason: &str) -> String {
    let mut places: HashMap<&str, &str> = HashMap::new();
    for (shard, sequence) in part.iter().filter_map(|arrived| arrived.place.as_ref()) {
        places.insert(&sequence.0, shard);
    }
    let mut sequences: Vec<&str> = places.into_keys().collect();
    sequences.sort_unstable();
    log::write(
        Level::Error,
        "identity aborted by its document",
        [("identity", identity.into()), ("reason", reason.into()), ("sequences", sequences.into())],
    );
    reason.to_owned()
}
