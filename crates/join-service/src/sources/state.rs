//! What a source shows of itself: what was read, what could not be used, what ails it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use crate::outlet::SourceOptions;

/// Letters that are shown of a record.
const SHOWN: usize = 300;

#[derive(Debug)]
pub struct SourceState {
    pub name: String,
    pub kind: &'static str,
    pub records: AtomicU64,
    pub events: AtomicU64,
    pub refused: AtomicU64,
    shown: Mutex<Shown>,
}

#[derive(Debug, Default)]
struct Shown {
    error: Option<String>,
    /// The last that could not be used, and why.
    bad: Option<(String, String)>,
}

impl SourceState {
    pub fn new(source: &SourceOptions) -> SourceState {
        SourceState {
            name: source.name.clone(),
            kind: source.kind.name(),
            records: AtomicU64::new(0),
            events: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            shown: Mutex::default(),
        }
    }

    pub fn is_well(&self) -> bool {
        self.shown().error.is_none()
    }

    pub fn json(&self) -> Value {
        let count = |number: &AtomicU64| number.load(Ordering::Relaxed);
        let shown = self.shown();
        let bad = shown.bad.as_ref().map(|(reason, record)| json!({"reason": reason, "record": record}));
        json!({
            "name": self.name, "kind": self.kind, "records": count(&self.records), "events": count(&self.events),
            "refused": count(&self.refused), "error": shown.error, "last_refused": bad,
        })
    }

    pub(super) fn taken(&self, records: u64, events: u64) {
        self.records.fetch_add(records, Ordering::Relaxed);
        self.events.fetch_add(events, Ordering::Relaxed);
        self.well();
    }

    pub(super) fn refused(&self, reason: &str, record: &[u8]) {
        self.refused.fetch_add(1, Ordering::Relaxed);
        let record = String::from_utf8_lossy(record).chars().take(SHOWN).collect();
        self.shown().bad = Some((reason.to_owned(), record));
    }

    pub(super) fn well(&self) {
        self.shown().error = None;
    }

    pub(super) fn failed(&self, error: &str) {
        self.shown().error = Some(error.to_owned());
    }

    fn shown(&self) -> MutexGuard<'_, Shown> {
        // Whoever panicked while it held words left words.
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
