//! What the service is told when it starts.

use std::path::PathBuf;

use bandit::Rule;

#[derive(Debug, Clone)]
pub struct Options {
    /// The folder of everything that must survive.
    pub data: PathBuf,
    /// E.g. `127.0.0.1:8080`; port 0 is any free one.
    pub listen: String,
    pub rule: Rule,
    pub limits: Limits,
    /// Records are printed too.
    pub stdout: bool,
    /// Records are posted here too, e.g. `http://learner:9000/records`.
    pub post_to: Option<String>,
}

#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of a request.
    pub body: usize,
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
        Limits { body: 1 << 20, key: 512, decision: 64 << 10, waiting: 4_096, file: 64 << 20, disk: 64 << 30 }
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
            stdout: false,
            post_to: None,
        }
    }
}
