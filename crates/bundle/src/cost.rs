//! What a month costs at a load that is told: list prices of us-east-1, by the settings of the documents. An
//! estimate for choosing, not a bill; free tiers and discounts are left out.

use std::fmt::Write;

use dtc_lang::pipeline::{Dedup, Encryption, Kinesis, Pipeline};

use crate::Input;
use crate::sources::Sources;

/// Events a day, and bytes of each.
const EVENTS_A_DAY: f64 = 1_000_000.0;
const KILOBYTES: f64 = 1.0;
/// Milliseconds that a batch takes, with its reads and writes.
const BATCH_MS: f64 = 100.0;
const DAYS: f64 = 30.0;
const HOURS: f64 = 24.0 * DAYS;
/// Shards that a stream on demand begins with.
const ON_DEMAND_SHARDS: u32 = 4;

/// Dollars: a stream on demand by the hour, in and out by the gigabyte; a shard by the hour, a million puts.
const STREAM_HOUR: f64 = 0.04;
const GIGABYTE_IN: f64 = 0.08;
const GIGABYTE_OUT: f64 = 0.04;
const SHARD_HOUR: f64 = 0.015;
const MILLION_PUTS: f64 = 0.014;
/// Dollars: a million calls, a gigabyte for a second.
const MILLION_CALLS: f64 = 0.20;
const GIGABYTE_SECOND: f64 = 0.000_016_666_7;
const GIGABYTE_SECOND_ARM: f64 = 0.000_013_333_4;
/// Dollars: a million units written and read on demand.
const MILLION_WRITTEN: f64 = 0.625;
const MILLION_READ: f64 = 0.125;
/// Dollars: a million notes of EventBridge, of messages, of requests to an HTTP API; a gigabyte through Firehose, which
/// counts each record as five kilobytes at least; a thousand objects written.
const MILLION_NOTES: f64 = 1.0;
const MILLION_MESSAGES: f64 = 0.40;
const MILLION_REQUESTS: f64 = 1.0;
const GIGABYTE_DELIVERED: f64 = 0.029;
const LEAST_KILOBYTES: f64 = 5.0;
const THOUSAND_OBJECTS: f64 = 0.005;
/// Events of a file that is dropped.
const EVENTS_A_FILE: f64 = 1000.0;
/// Dollars a month: an alarm, a dashboard, a key.
const ALARM: f64 = 0.10;
const DASHBOARD: f64 = 3.0;
const KEY: f64 = 1.0;

struct Line {
    what: &'static str,
    dollars: f64,
    how: String,
}

/// The section of the README.
pub fn section(input: &Input<'_>, settings: &Pipeline) -> String {
    let lines = lines(input, settings);
    let mut out = format!(
        "\n## What it costs\n\nAt {} events a day of {KILOBYTES} kB{}, by list prices of us-east-1, in dollars a month. An estimate for \
         choosing: free tiers and discounts are left out, so is what rows and logs take to keep.\n\n| what | $ | how |\n| --- | ---: | --- |\n",
        grouped(EVENTS_A_DAY),
        if settings.sources.len() > 1 { " from each source" } else { "" },
    );
    for line in &lines {
        let _ = writeln!(out, "| {} | {:.2} | {} |", line.what, line.dollars, line.how);
    }
    let _ = writeln!(out, "| **all** | **{:.2}** | |", lines.iter().map(|line| line.dollars).sum::<f64>());
    out
}

/// What a stream costs, and the calls that it makes.
fn stream(kinesis: &Kinesis, window_seconds: u32) -> (Line, f64) {
    let events = EVENTS_A_DAY * DAYS;
    let gigabytes = events * KILOBYTES / 1e6;
    let shards = kinesis.shards.unwrap_or(ON_DEMAND_SHARDS);
    let line = match kinesis.shards {
        None => Line {
            what: "stream",
            dollars: STREAM_HOUR * HOURS + gigabytes * (GIGABYTE_IN + GIGABYTE_OUT),
            how: format!("on demand, {gigabytes:.0} GB in and out"),
        },
        Some(shards) => Line {
            what: "stream",
            dollars: SHARD_HOUR * HOURS * f64::from(shards) + events / 1e6 * MILLION_PUTS,
            how: format!("{shards} shards, {} puts", grouped(events)),
        },
    };
    // A shard's batch is full, or its window is over.
    let seconds = DAYS * 86_400.0;
    let by_window = f64::from(shards * kinesis.parallel) * seconds / f64::from(window_seconds.max(1));
    (line, by_window.min(events).max(events / f64::from(kinesis.batch_size)))
}

/// What Firehose takes for the events of a month.
fn delivered() -> f64 {
    EVENTS_A_DAY * DAYS * KILOBYTES.max(LEAST_KILOBYTES) / 1e6 * GIGABYTE_DELIVERED
}

/// What the other sources and the archive cost, each with the calls that it makes.
fn other_sources(sources: &Sources) -> Vec<(Line, f64)> {
    let events = EVENTS_A_DAY * DAYS;
    let files = events / EVENTS_A_FILE;
    let mut all = Vec::new();
    for drops in &sources.drops {
        let told = files / 1e6 * (MILLION_NOTES + 3.0 * MILLION_MESSAGES) + files / 1000.0 * THOUSAND_OBJECTS;
        let by = if drops.firehose.is_some() { delivered() } else { 0.0 };
        let how = format!("{} files of {EVENTS_A_FILE} events", grouped(files));
        all.push((Line { what: "files", dollars: told + by, how }, files));
    }
    for _ in &sources.apis {
        let how = format!("{} requests of one event", grouped(events));
        all.push((Line { what: "HTTP API", dollars: events / 1e6 * MILLION_REQUESTS, how }, events));
    }
    if sources.archive.is_some() {
        let how = format!("by Firehose, records counted as {LEAST_KILOBYTES} kB");
        all.push((Line { what: "archive", dollars: delivered(), how }, 0.0));
    }
    all
}

fn lines(input: &Input<'_>, settings: &Pipeline) -> Vec<Line> {
    let sources = Sources::of(settings);
    let events = EVENTS_A_DAY * DAYS * settings.sources.len().max(1) as f64;
    let mut made: Vec<(Line, f64)> =
        sources.kinesis.iter().map(|(kinesis, seconds)| stream(kinesis, *seconds)).collect();
    made.extend(other_sources(&sources));
    let calls: f64 = made.iter().map(|(_, calls)| calls).sum();
    let second = if settings.arm64 { GIGABYTE_SECOND_ARM } else { GIGABYTE_SECOND };
    let memory = f64::from(settings.function.memory_mb) / 1024.0;
    let function = Line {
        what: "function",
        dollars: calls / 1e6 * MILLION_CALLS + calls * BATCH_MS / 1000.0 * memory * second,
        how: format!("{} calls of {BATCH_MS} ms with {} MB", grouped(calls), settings.function.memory_mb),
    };
    // A row an event, in a transaction, which counts twice; and what was read before.
    let seen = if settings.dedup == Dedup::EventId { 2.0 } else { 1.0 };
    let written = 2.0 * (events * seen + calls);
    let tables = Line {
        what: "tables",
        dollars: written / 1e6 * MILLION_WRITTEN + (events + calls) / 1e6 * MILLION_READ,
        how: format!("{} units written, a row an event at most", grouped(written)),
    };
    let lag = if sources.kinesis.is_some() { 1.0 } else { 0.0 };
    let alarms = 3.0 + lag + (settings.alarms.len() + sources.alarms().len()) as f64;
    let dashboard = if settings.dashboard { DASHBOARD } else { 0.0 };
    let watching = Line {
        what: "alarms, dashboard, key",
        dollars: alarms * ALARM + dashboard + if settings.encryption == Encryption::Own { KEY } else { 0.0 },
        how: format!("{alarms} alarms"),
    };
    let mut all: Vec<Line> = made.into_iter().map(|(line, _)| line).chain([function, tables]).collect();
    if input.window.is_some() {
        all.push(Line {
            what: "window rows",
            dollars: calls / 1000.0 * 0.005,
            how: "one object a batch at most".to_owned(),
        });
    }
    all.push(watching);
    all
}

/// `1,000,000`
fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(grouped(1_000_000.0), "1,000,000");
        assert_eq!(grouped(999.0), "999");
    }
}
