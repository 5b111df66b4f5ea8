//! Where raw events come from beside HTTP. How far a source was read is written with the events that came of it, so that
//! each counts once, whatever kills the service in between.

mod files;
#[cfg(feature = "kafka")]
mod kafka;
#[cfg(feature = "kinesis")]
mod kinesis;
mod state;

use std::io;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use serde_json::{Map, Value};
use tokio::sync::oneshot;

pub use state::SourceState;

use crate::answers::Answer;
use crate::core::{Handle, Message};
use crate::error::ServiceError;
use crate::event::{self, Event, Intake};
use crate::options::{Limits, Options};
use crate::outlet::{SourceKind, SourceOptions};

const LOOK_AGAIN: Duration = Duration::from_millis(50);
const SLOWEST_RETRY: Duration = Duration::from_secs(5);
/// Raw records that are taken together at most.
const MOST_TOGETHER: usize = 2_000;

/// What a raw record says: events with the fields that the addresses take. An error says why it cannot be used.
pub type Reading = Arc<dyn Fn(&[u8]) -> Result<Vec<(Intake, Map<String, Value>)>, String> + Send + Sync>;

/// Gives raw records in order.
trait Source: Send {
    /// Goes on after the place, or begins.
    fn open(&mut self, place: Option<&str>) -> io::Result<()>;
    /// Some records and the place after them; none where nothing is new.
    fn next(&mut self) -> io::Result<Batch>;
}

#[derive(Debug, Default)]
struct Batch {
    records: Vec<Vec<u8>>,
    place: String,
}

/// Starts a thread a source. They end with the process.
pub fn start(
    options: &Options,
    handle: &Handle,
    positions: &dyn Fn(&str) -> Option<String>,
) -> Result<Vec<Arc<SourceState>>, ServiceError> {
    let mut states = Vec::new();
    for source in &options.sources {
        let state = Arc::new(SourceState::new(source));
        states.push(state.clone());
        let feeding = Feeding {
            source: make(source)?,
            name: source.name.clone(),
            place: positions(&source.name),
            reading: options.reading.clone(),
            limits: options.limits,
            handle: handle.clone(),
            state,
        };
        let started = thread::Builder::new().name(format!("source {}", source.name)).spawn(move || feeding.run());
        started.map_err(|cause| ServiceError::Stopped(format!("no thread could be started: {cause}")))?;
    }
    Ok(states)
}

fn make(source: &SourceOptions) -> Result<Box<dyn Source>, ServiceError> {
    Ok(match &source.kind {
        SourceKind::Files { folder } => Box::new(files::Files::new(folder)),
        #[cfg(feature = "kafka")]
        SourceKind::Kafka(topic) => Box::new(kafka::Kafka::new(topic)),
        #[cfg(feature = "kinesis")]
        SourceKind::Kinesis(stream) => Box::new(kinesis::Kinesis::new(stream)?),
        #[cfg(not(all(feature = "kafka", feature = "kinesis")))]
        other => return Err(ServiceError::NotBuilt(other.name())),
    })
}

/// One source's thread.
struct Feeding {
    source: Box<dyn Source>,
    name: String,
    place: Option<String>,
    reading: Option<Reading>,
    limits: Limits,
    handle: Handle,
    state: Arc<SourceState>,
}

impl Feeding {
    fn run(mut self) {
        let (mut wait, mut is_open) = (LOOK_AGAIN, false);
        loop {
            let read = if is_open { Ok(()) } else { self.source.open(self.place.as_deref()) };
            match read.and_then(|()| self.source.next()) {
                Ok(batch) => {
                    (is_open, wait) = (true, LOOK_AGAIN);
                    self.state.well();
                    if batch.place.is_empty() || Some(&batch.place) == self.place.as_ref() {
                        thread::sleep(LOOK_AGAIN);
                    } else if !self.take(batch) {
                        // The service has stopped.
                        return;
                    }
                }
                Err(error) => {
                    is_open = false;
                    self.state.failed(&error.to_string());
                    thread::sleep(wait);
                    wait = (wait * 2).min(SLOWEST_RETRY);
                }
            }
        }
    }

    /// Hands the batch to the service until it is on disk; `false` once there is no service.
    fn take(&mut self, batch: Batch) -> bool {
        let mut events = Vec::new();
        for record in &batch.records {
            match self.read(record) {
                Ok(read) => events.extend(read),
                Err(reason) => self.state.refused(&reason, record),
            }
        }
        let count = events.len() as u64;
        loop {
            let (answer, answered) = oneshot::channel();
            let position = Some((self.name.clone(), batch.place.clone()));
            let message = Message::Take { events: events.clone(), position, answer };
            if self.handle.requests.send(message).is_err() {
                return false;
            }
            match answered.blocking_recv() {
                Ok(Answer::Durable(_)) => break,
                Ok(Answer::Full(reason)) => {
                    self.state.failed(&reason);
                    thread::sleep(Duration::from_millis(200));
                }
                Err(_) => return false,
            }
        }
        self.state.taken(batch.records.len() as u64, count);
        self.place = Some(batch.place);
        true
    }

    fn read(&self, record: &[u8]) -> Result<Vec<Event>, String> {
        let found = match &self.reading {
            Some(reading) => reading(record)?,
            None => vec![native(record)?],
        };
        let events = found.into_iter().map(|(intake, fields)| event::lenient(intake, fields, &self.limits));
        events.collect::<Result<_, _>>().map_err(|(field, reason)| format!("{field}: {reason}"))
    }
}

/// An event as the addresses take it, with `event` for the address.
fn native(record: &[u8]) -> Result<(Intake, Map<String, Value>), String> {
    let value: Value = serde_json::from_slice(record).map_err(|error| format!("not JSON: {error}"))?;
    let Value::Object(mut fields) = value else { return Err("an event is a JSON object".to_owned()) };
    let intake = match fields.remove("event").as_ref().and_then(Value::as_str) {
        Some("decision") => Intake::Decision,
        Some("reward") => Intake::Reward,
        Some("override") => Intake::Override,
        Some("activation") => Intake::Activation,
        _ => return Err("event: it is decision, reward, override or activation".to_owned()),
    };
    Ok((intake, fields))
}
