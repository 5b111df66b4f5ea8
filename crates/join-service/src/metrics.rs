//! What the service counts, as Prometheus reads it (text format 0.0.4).

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bandit::Counters;

/// Upper ends of the buckets, in seconds.
const BUCKETS: [f64; 12] = [0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

#[derive(Debug, Default)]
pub struct Metrics {
    commit: Histogram,
    answer: Histogram,
    delay: Histogram,
    commits: AtomicU64,
    events: AtomicU64,
    refused: AtomicU64,
    unavailable: AtomicU64,
    shown: Mutex<Shown>,
}

#[derive(Debug, Default, Clone)]
struct Shown {
    counters: Counters,
    keys: u64,
    log_bytes: u64,
    disk_bytes: u64,
    /// Why the service stopped; it answers 503 then.
    stopped: Option<String>,
    full: Option<String>,
}

#[derive(Debug, Default)]
struct Histogram {
    counts: [AtomicU64; BUCKETS.len()],
    count: AtomicU64,
    micros: AtomicU64,
}

impl Histogram {
    fn add(&self, seconds: f64) {
        if let Some(bucket) = BUCKETS.iter().position(|end| seconds <= *end) {
            self.counts[bucket].fetch_add(1, Ordering::Relaxed);
        }
        self.count.fetch_add(1, Ordering::Relaxed);
        self.micros.fetch_add((seconds * 1e6) as u64, Ordering::Relaxed);
    }

    fn write(&self, name: &str, help: &str, out: &mut String) -> std::fmt::Result {
        writeln!(out, "# HELP {name} {help}\n# TYPE {name} histogram")?;
        let mut sum = 0;
        for (end, count) in BUCKETS.iter().zip(&self.counts) {
            sum += count.load(Ordering::Relaxed);
            writeln!(out, "{name}_bucket{{le=\"{end}\"}} {sum}")?;
        }
        let count = self.count.load(Ordering::Relaxed);
        let seconds = self.micros.load(Ordering::Relaxed) as f64 / 1e6;
        writeln!(out, "{name}_bucket{{le=\"+Inf\"}} {count}\n{name}_sum {seconds}\n{name}_count {count}")
    }
}

impl Metrics {
    pub fn committed(&self, took: Duration, events: usize) {
        self.commit.add(took.as_secs_f64());
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.events.fetch_add(events as u64, Ordering::Relaxed);
        self.shown().full = None;
    }

    pub fn answered(&self, took: Duration) {
        self.answer.add(took.as_secs_f64());
    }

    /// A record left so many milliseconds after the end of its window.
    pub fn left(&self, late_ms: i64) {
        self.delay.add(late_ms.max(0) as f64 / 1e3);
    }

    pub fn refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    pub fn unavailable(&self) {
        self.unavailable.fetch_add(1, Ordering::Relaxed);
    }

    pub fn full(&self, reason: &str) {
        self.shown().full = Some(reason.to_owned());
    }

    pub fn stopped(&self, reason: &str) {
        self.shown().stopped = Some(reason.to_owned());
    }

    /// Why nothing is taken any more.
    pub fn trouble(&self) -> Option<String> {
        let shown = self.shown();
        shown.stopped.clone().or_else(|| shown.full.clone())
    }

    pub fn counters(&self) -> Counters {
        self.shown().counters
    }

    pub fn show(&self, counters: Counters, keys: u64, log_bytes: u64, disk_bytes: u64) {
        let mut shown = self.shown();
        (shown.counters, shown.keys, shown.log_bytes, shown.disk_bytes) = (counters, keys, log_bytes, disk_bytes);
    }

    fn shown(&self) -> std::sync::MutexGuard<'_, Shown> {
        // Whoever panicked while it held numbers left numbers.
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn text(&self) -> String {
        let mut out = String::new();
        // Writing to a text does not fail.
        let _ = self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        let shown = self.shown().clone();
        for (name, count) in shown.counters.named() {
            writeln!(out, "# TYPE join_{name} gauge\njoin_{name} {count}")?;
        }
        let gauges = [
            ("join_keys", "Keys that are remembered", shown.keys),
            ("join_log_bytes", "Bytes of the log", shown.log_bytes),
            ("join_disk_bytes", "Bytes of log and records", shown.disk_bytes),
            ("join_up", "1 while events are taken", u64::from(shown.stopped.is_none() && shown.full.is_none())),
        ];
        for (name, help, value) in gauges {
            writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}")?;
        }
        let counters = [
            ("join_commits_total", "Writes to the log that were synced", &self.commits),
            ("join_events_total", "Events that were made durable", &self.events),
            ("join_requests_refused_total", "Requests answered 400", &self.refused),
            ("join_requests_unavailable_total", "Requests answered 503", &self.unavailable),
        ];
        for (name, help, value) in counters {
            let value = value.load(Ordering::Relaxed);
            writeln!(out, "# HELP {name} {help}\n# TYPE {name} counter\n{name} {value}")?;
        }
        self.commit.write("join_commit_seconds", "Time to make a group of events durable", out)?;
        self.answer.write("join_answer_seconds", "Time from a request's body to its answer", out)?;
        self.delay.write("join_emission_delay_seconds", "Time from a window's end to its record", out)
    }
}
