//! What the service is told when it starts.

use std::path::PathBuf;

use bandit::Rule;

use crate::outlet::{SinkKind, SinkOptions, SourceKind, SourceOptions, named};
use crate::sources::Reading;
use crate::worth::Policies;

#[derive(Clone)]
pub struct Options {
    /// The folder of everything that must survive.
    pub data: PathBuf,
    /// E.g. `127.0.0.1:8080`; port 0 is any free one.
    pub listen: String,
    pub rule: Rule,
    pub limits: Limits,
    /// Where records go beside their files.
    pub sinks: Vec<SinkOptions>,
    /// Whether files of records go once every sink has taken them.
    pub trims: bool,
    /// Where raw events come from beside HTTP.
    pub sources: Vec<SourceOptions>,
    /// What raw events say; without it they have the fields that the addresses take, and `event`.
    pub reading: Option<Reading>,
    /// What is judged while records leave; none: nothing is.
    pub policies: Option<Policies>,
}

#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of a request.
    pub body: usize,
    /// Events of a request.
    pub events: usize,
    /// Events a second over HTTP, all clients together; more are answered 429. A second's worth may come at once.
    pub rate: u64,
    /// Bytes of a key.
    pub key: usize,
    /// Bytes of a decision's action, probability and context as JSON.
    pub decision: usize,
    /// Requests that may wait for the disk; more are answered 503.
    pub waiting: usize,
    /// Bytes after which a file of the log or of the records is closed and the next begun.
    pub file: u64,
    /// Bytes of log and records together, beyond which intake is answered 503.
    pub disk: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            body: 1 << 20,
            events: 10_000,
            rate: 1_000_000,
            key: 512,
            decision: 64 << 10,
            waiting: 4_096,
            file: 64 << 20,
            disk: 64 << 30,
        }
    }
}

impl Options {
    /// With a window of 10 seconds, and keys remembered for 10 minutes after it.
    pub fn new(data: PathBuf, listen: &str) -> Options {
        Options {
            data,
            listen: listen.to_owned(),
            rule: Rule { remember_ms: 600_000, ..Rule::default() },
            limits: Limits::default(),
            sinks: Vec::new(),
            trims: false,
            sources: Vec::new(),
            reading: None,
            policies: None,
        }
    }

    /// Adds sinks by their kinds, named after them.
    pub fn add_sinks(&mut self, kinds: Vec<SinkKind>) {
        let known = self.sinks.iter().map(|sink| sink.name.clone()).collect();
        let named = named(kinds, known, SinkKind::name);
        self.sinks.extend(named.into_iter().map(|(name, kind)| SinkOptions { name, kind }));
    }

    /// Adds sources by their kinds, named after them.
    pub fn add_sources(&mut self, kinds: Vec<SourceKind>) {
        let known = self.sources.iter().map(|source| source.name.clone()).collect();
        let named = named(kinds, known, SourceKind::name);
        self.sources.extend(named.into_iter().map(|(name, kind)| SourceOptions { name, kind }));
    }
}
