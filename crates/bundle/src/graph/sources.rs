//! Nodes of the ways in which events come in beside a stream of the stack: files that are dropped, Firehose, HTTP.

use super::{Bucket, Function, Id, Keyed, LogGroup, Queue, Role, Stream};

/// What calls a function.
#[derive(Debug)]
pub enum Trigger {
    Stream(super::StreamEvents),
    Queue(QueueEvents),
}

/// How a function reads a queue.
#[derive(Debug)]
pub struct QueueEvents {
    /// Event name in SAM; the mapping's logical id is the function's id and this.
    pub name: String,
    pub queue: Id<Queue>,
    pub batch_size: u32,
    pub window_seconds: u32,
    /// Functions that read at once.
    pub at_once: u32,
}

/// A bucket of the stack, or one that is there already.
#[derive(Debug, Clone)]
pub enum Place {
    Own(Id<Bucket>),
    Given(String),
}

/// Tells a queue of each file that is dropped: a rule of EventBridge.
#[derive(Debug)]
pub struct Announcement {
    pub description: String,
    pub bucket: Place,
    /// Beginning and end of the keys; may be empty.
    pub prefix: String,
    pub suffix: String,
    pub queue: Id<Queue>,
    /// What could not be told.
    pub failed: Id<Queue>,
    pub retries: u32,
    pub max_age_seconds: u32,
}

/// An HTTP API with one route to a function.
#[derive(Debug)]
pub struct Api {
    /// After the stack's name.
    pub suffix: String,
    pub description: String,
    /// `POST /events`
    pub route: String,
    /// Callers sign their requests; otherwise everybody may send.
    pub signed: bool,
    pub rate: u32,
    pub burst: u32,
    pub function: Id<Function>,
    pub logs: Id<LogGroup>,
}

/// Firehose: records to files of a bucket, those of a stream or of its own producers.
#[derive(Debug)]
pub struct Delivery {
    pub stream: Option<Id<Stream>>,
    pub bucket: Id<Bucket>,
    /// Of the files' keys; empty or with a slash at its end.
    pub prefix: String,
    /// Of the keys of what could not be written.
    pub errors: String,
    pub megabytes: u32,
    pub seconds: u32,
    pub role: Id<Role>,
    pub logs: Id<LogGroup>,
    pub key: Keyed,
}
