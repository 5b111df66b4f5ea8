//! What a sink shows of itself: what it took, how far behind it is, what ails it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::metrics::Histogram;
use crate::outlet::SinkOptions;
use crate::tail::Cursor;

#[derive(Debug)]
pub struct SinkState {
    pub name: String,
    pub kind: &'static str,
    pub delivered: AtomicU64,
    pub failures: AtomicU64,
    pub behind: AtomicU64,
    pub took: Histogram,
    shown: Mutex<Shown>,
}

#[derive(Debug, Default)]
struct Shown {
    /// The file of records that is being read.
    file: String,
    error: Option<String>,
    taken_ms: Option<u64>,
    ended: bool,
}

impl SinkState {
    pub fn new(sink: &SinkOptions, cursor: &Cursor) -> SinkState {
        SinkState {
            name: sink.name.clone(),
            kind: sink.kind.name(),
            delivered: AtomicU64::new(0),
            failures: AtomicU64::new(0),
            behind: AtomicU64::new(0),
            took: Histogram::default(),
            shown: Mutex::new(Shown { file: cursor.name.clone(), ..Shown::default() }),
        }
    }

    /// The file of records that it still needs; `None` once it needs none any more.
    pub fn needs(&self) -> Option<String> {
        let shown = self.shown();
        (!shown.ended).then(|| shown.file.clone())
    }

    pub fn is_well(&self) -> bool {
        self.shown().error.is_none()
    }

    pub fn json(&self) -> Value {
        let count = |number: &AtomicU64| number.load(Ordering::Relaxed);
        let shown = self.shown();
        json!({
            "name": self.name, "kind": self.kind, "delivered": count(&self.delivered), "failures": count(&self.failures),
            "behind_bytes": count(&self.behind), "error": shown.error, "taken_ms": shown.taken_ms, "ended": shown.ended,
        })
    }

    pub(super) fn delivered(&self, records: u64, took: Duration) {
        self.delivered.fetch_add(records, Ordering::Relaxed);
        self.took.add(took.as_secs_f64());
        let mut shown = self.shown();
        shown.error = None;
        shown.taken_ms = SystemTime::now().duration_since(UNIX_EPOCH).ok().map(|since| since.as_millis() as u64);
    }

    pub(super) fn reached(&self, file: &str) {
        file.clone_into(&mut self.shown().file);
    }

    pub(super) fn measured(&self, behind: u64) {
        self.behind.store(behind, Ordering::Relaxed);
    }

    pub(super) fn failed(&self, error: &str) {
        self.failures.fetch_add(1, Ordering::Relaxed);
        self.shown().error = Some(error.to_owned());
    }

    pub(super) fn ended(&self, error: &str) {
        self.failed(error);
        self.shown().ended = true;
    }

    fn shown(&self) -> MutexGuard<'_, Shown> {
        // Whoever panicked while it held words left words.
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
