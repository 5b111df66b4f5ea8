//! What the service counts, as Prometheus reads it (text format 0.0.4).

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bandit::Counters;
use serde_json::{Value, json};

use crate::event::Intake;
use crate::sinks::SinkState;
use crate::sources::SourceState;

/// Upper ends of the buckets, in seconds.
const BUCKETS: [f64; 17] =
    [0.000_5, 0.001, 0.002, 0.003, 0.004, 0.005, 0.007_5, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// An address that takes events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Address {
    Of(Intake),
    Raw,
}

const ADDRESSES: [(Address, &str); 5] = [
    (Address::Of(Intake::Decision), "/log_decision"),
    (Address::Of(Intake::Reward), "/log_reward"),
    (Address::Of(Intake::Override), "/override_decision"),
    (Address::Of(Intake::Activation), "/activate_decision"),
    (Address::Raw, "/log_event"),
];
impl Address {
    /// The address that is at a path.
    pub fn of_path(path: &str) -> Option<Address> {
        ADDRESSES.iter().find(|(_, known)| *known == path).map(|(address, _)| *address)
    }
}

const CODES: [u16; 4] = [200, 400, 429, 503];

#[derive(Debug, Default)]
pub struct Metrics {
    commit: Histogram,
    answer: Histogram,
    delay: Histogram,
    commits: AtomicU64,
    events: AtomicU64,
    answers: [[AtomicU64; CODES.len()]; ADDRESSES.len()],
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
pub struct Histogram {
    counts: [AtomicU64; BUCKETS.len()],
    count: AtomicU64,
    micros: AtomicU64,
}

impl Histogram {
    pub fn add(&self, seconds: f64) {
        if let Some(bucket) = BUCKETS.iter().position(|end| seconds <= *end) {
            self.counts[bucket].fetch_add(1, Ordering::Relaxed);
        }
        self.count.fetch_add(1, Ordering::Relaxed);
        self.micros.fetch_add((seconds * 1e6) as u64, Ordering::Relaxed);
    }

    fn write(&self, name: &str, help: &str, out: &mut String) -> std::fmt::Result {
        writeln!(out, "# HELP {name} {help}\n# TYPE {name} histogram")?;
        self.series(name, "", out)
    }

    /// With labels such as `sink="x"`, or none.
    fn series(&self, name: &str, labels: &str, out: &mut String) -> std::fmt::Result {
        let (more, alone) = match labels {
            "" => (String::new(), String::new()),
            labels => (format!("{labels},"), format!("{{{labels}}}")),
        };
        let mut sum = 0;
        for (end, count) in BUCKETS.iter().zip(&self.counts) {
            sum += count.load(Ordering::Relaxed);
            writeln!(out, "{name}_bucket{{{more}le=\"{end}\"}} {sum}")?;
        }
        let count = self.count.load(Ordering::Relaxed);
        let seconds = self.micros.load(Ordering::Relaxed) as f64 / 1e6;
        writeln!(
            out,
            "{name}_bucket{{{more}le=\"+Inf\"}} {count}\n{name}_sum{alone} {seconds}\n{name}_count{alone} {count}"
        )
    }

    /// Counts of each bucket, the last of what lies beyond all.
    fn json(&self) -> Value {
        let counts: Vec<u64> = self.counts.iter().map(|count| count.load(Ordering::Relaxed)).collect();
        let beyond = self.count.load(Ordering::Relaxed).saturating_sub(counts.iter().sum());
        json!({"ends": BUCKETS, "counts": counts, "beyond": beyond})
    }
}

impl Metrics {
    pub fn committed(&self, took: Duration, events: usize) {
        self.commit.add(took.as_secs_f64());
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.events.fetch_add(events as u64, Ordering::Relaxed);
        self.shown().full = None;
    }

    /// A request of the address was answered with the code.
    pub fn answered(&self, address: Address, code: u16, took: Duration) {
        if code == 200 {
            self.answer.add(took.as_secs_f64());
        }
        let (row, column) =
            (ADDRESSES.iter().position(|(known, _)| *known == address), CODES.iter().position(|known| *known == code));
        if let (Some(row), Some(column)) = (row, column) {
            self.answers[row][column].fetch_add(1, Ordering::Relaxed);
        }
    }

    fn answers_of(&self, code: u16) -> u64 {
        let column = CODES.iter().position(|known| *known == code).unwrap_or(0);
        self.answers.iter().map(|codes| codes[column].load(Ordering::Relaxed)).sum()
    }

    /// A record left so long after the end of its window.
    pub fn left(&self, late: Duration) {
        self.delay.add(late.as_secs_f64());
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

    /// What the live page shows.
    pub fn json(&self) -> Value {
        let shown = self.shown().clone();
        let count = |number: &AtomicU64| number.load(Ordering::Relaxed);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64);
        json!({
            "now_ms": now, "keys": shown.keys, "log_bytes": shown.log_bytes, "disk_bytes": shown.disk_bytes,
            "trouble": shown.stopped.or(shown.full), "events": count(&self.events), "commits": count(&self.commits),
            "refused": self.answers_of(400), "limited": self.answers_of(429), "unavailable": self.answers_of(503),
            "answer": self.answer.json(), "commit": self.commit.json(), "delay": self.delay.json(),
        })
    }

    pub fn text(&self, sinks: &[Arc<SinkState>], sources: &[Arc<SourceState>], budget: u64) -> String {
        let mut out = String::new();
        // Writing to a text does not fail.
        let _ = self.write(budget, &mut out);
        let _ = write_sinks(sinks, &mut out);
        let _ = write_sources(sources, &mut out);
        out
    }

    fn write(&self, budget: u64, out: &mut String) -> std::fmt::Result {
        let shown = self.shown().clone();
        for (name, count) in shown.counters.named() {
            writeln!(
                out,
                "# HELP join_{name} {}\n# TYPE join_{name} gauge\njoin_{name} {count}",
                name.replace('_', " ")
            )?;
        }
        let gauges = [
            ("join_keys", "Keys that are remembered", shown.keys),
            ("join_log_bytes", "Bytes of the log", shown.log_bytes),
            ("join_disk_bytes", "Bytes of log and records", shown.disk_bytes),
            ("join_disk_budget_bytes", "Bytes beyond which nothing more is taken", budget),
            ("join_up", "1 while events are taken", u64::from(shown.stopped.is_none() && shown.full.is_none())),
        ];
        for (name, help, value) in gauges {
            writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}")?;
        }
        let counters = [
            ("join_commits_total", "Writes to the log that were synced", self.commits.load(Ordering::Relaxed)),
            ("join_events_total", "Events that were made durable", self.events.load(Ordering::Relaxed)),
            ("join_requests_refused_total", "Requests answered 400", self.answers_of(400)),
            ("join_requests_limited_total", "Requests answered 429", self.answers_of(429)),
            ("join_requests_unavailable_total", "Requests answered 503", self.answers_of(503)),
        ];
        for (name, help, value) in counters {
            writeln!(out, "# HELP {name} {help}\n# TYPE {name} counter\n{name} {value}")?;
        }
        writeln!(out, "# HELP join_requests_total Requests by address and answer\n# TYPE join_requests_total counter")?;
        for ((_, address), codes) in ADDRESSES.iter().zip(&self.answers) {
            for (code, count) in CODES.iter().zip(codes) {
                let count = count.load(Ordering::Relaxed);
                writeln!(out, "join_requests_total{{address=\"{address}\",code=\"{code}\"}} {count}")?;
            }
        }
        self.commit.write("join_commit_seconds", "Time to make a group of events durable", out)?;
        self.answer.write("join_answer_seconds", "Time from a request's body to its answer", out)?;
        self.delay.write("join_emission_delay_seconds", "Time from a window's end to its record", out)
    }
}

/// Name, kind, help and value.
type Series<S> = (&'static str, &'static str, &'static str, fn(&S) -> u64);

/// Names are letters, digits and `_`, so that labels need no escapes.
fn write_sinks(sinks: &[Arc<SinkState>], out: &mut String) -> std::fmt::Result {
    if sinks.is_empty() {
        return Ok(());
    }
    let series: [Series<SinkState>; 4] = [
        ("join_sink_records_total", "counter", "Records that the sink took", |sink| {
            sink.delivered.load(Ordering::Relaxed)
        }),
        ("join_sink_failures_total", "counter", "Times that the sink did not take them", |sink| {
            sink.failures.load(Ordering::Relaxed)
        }),
        ("join_sink_behind_bytes", "gauge", "Bytes of records that the sink has not taken yet", |sink| {
            sink.behind.load(Ordering::Relaxed)
        }),
        ("join_sink_up", "gauge", "1 while the sink takes records", |sink| u64::from(sink.is_well())),
    ];
    for (name, kind, help, value) in series {
        writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}")?;
        for sink in sinks {
            writeln!(out, "{name}{{sink=\"{}\",kind=\"{}\"}} {}", sink.name, sink.kind, value(sink))?;
        }
    }
    writeln!(out, "# HELP join_sink_seconds Time that the sink took for a batch\n# TYPE join_sink_seconds histogram")?;
    for sink in sinks {
        sink.took.series("join_sink_seconds", &format!("sink=\"{}\"", sink.name), out)?;
    }
    Ok(())
}

fn write_sources(sources: &[Arc<SourceState>], out: &mut String) -> std::fmt::Result {
    if sources.is_empty() {
        return Ok(());
    }
    let series: [Series<SourceState>; 4] = [
        ("join_source_records_total", "counter", "Raw records that were read", |source| {
            source.records.load(Ordering::Relaxed)
        }),
        ("join_source_events_total", "counter", "Events that came of them", |source| {
            source.events.load(Ordering::Relaxed)
        }),
        ("join_source_refused_total", "counter", "Raw records that could not be used", |source| {
            source.refused.load(Ordering::Relaxed)
        }),
        ("join_source_up", "gauge", "1 while the source gives records", |source| u64::from(source.is_well())),
    ];
    for (name, kind, help, value) in series {
        writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}")?;
        for source in sources {
            writeln!(out, "{name}{{source=\"{}\",kind=\"{}\"}} {}", source.name, source.kind, value(source))?;
        }
    }
    Ok(())
}
