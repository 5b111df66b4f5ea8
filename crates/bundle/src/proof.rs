//! The bundle's proof: sample events, and the rows that the engine makes of them. What was previewed is what must lie in the
//! tables afterwards. Bounded, and the same for the same documents and samples. Refuses to read files: the caller has them.

use std::collections::{HashMap, HashSet};
use std::io::Cursor;
use std::sync::Arc;

use dtc_engine::{Event, IdentityOutput, Intake, Plan, run_identity};
use dtc_expr::{Mode, Value};
use dtc_io::{Projection, Records, json};
use dtc_lang::document::Streaming;
use dtc_lang::pipeline::Pipeline;

use crate::sources::Sources;
use crate::{filter, names};

/// Records that are looked at for events worth proving.
const LOOKED_AT: usize = 20_000;
/// Events of a proof, and of one identity in it.
const EVENTS: usize = 160;
const OF_ONE: usize = 40;
/// Bytes of one event, which a record of a stream holds, and of all.
const LONGEST: usize = 32 * 1024;
const BYTES: usize = 512 * 1024;

/// The files of `proof/`, by their names in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proof {
    pub files: Vec<(String, String)>,
}

/// An event as a producer sends it.
struct Sent {
    event: Event,
    line: String,
}

/// The proof by these records, in the order in which a run reads them; `None` where no event of them can be used.
pub fn proof(
    plan: &Plan,
    streaming: &Streaming,
    pipeline: Option<&Pipeline>,
    records: impl Iterator<Item = Value>,
) -> Option<Proof> {
    let mut chosen = Vec::new();
    let (mut events, mut bytes) = (0, 0);
    let mut rows = Rows::default();
    for (identity, mut sent) in by_identity(plan, streaming, pipeline, records) {
        sent.sort_by_key(|sent| sent.event.time.micros);
        sent.truncate(OF_ONE.min(EVENTS - events));
        let size: usize = sent.iter().map(|sent| sent.line.len() + 1).sum();
        if sent.is_empty() || bytes + size > BYTES {
            continue;
        }
        // What the document's own rules end leaves no rows on AWS either, but a record in the queue of poison.
        let Ok(output) = run_identity(plan, Vec::new(), sent.iter().map(|sent| sent.event.clone()).collect()) else {
            continue;
        };
        rows.take(streaming, &identity, &output);
        (events, bytes) = (events + sent.len(), bytes + size);
        chosen.extend(sent);
        if events >= EVENTS {
            break;
        }
    }
    chosen.sort_by_key(|sent| sent.event.time.micros);
    let has_rows = rows.tables.iter().any(|(_, lines)| !lines.is_empty()) || !rows.window.is_empty();
    let has_stream = pipeline.is_none_or(|pipeline| Sources::of(pipeline).kinesis.is_some());
    (has_rows && !chosen.is_empty()).then(|| files(plan, streaming, &chosen, rows, has_stream))
}

/// Usable events of each identity, in order of first appearance; each id and each text once.
fn by_identity(
    plan: &Plan,
    streaming: &Streaming,
    pipeline: Option<&Pipeline>,
    records: impl Iterator<Item = Value>,
) -> Vec<(Arc<str>, Vec<Sent>)> {
    let filter = pipeline.and_then(|pipeline| Sources::of(pipeline).kinesis?.0.filter);
    let mut intake = Intake::new(plan);
    let mut places: HashMap<Arc<str>, usize> = HashMap::new();
    let mut found: Vec<(Arc<str>, Vec<Sent>)> = Vec::new();
    let mut seen: HashSet<String> = HashSet::new();
    for record in records.take(LOOKED_AT) {
        let line = json::json_text(&record);
        let passes = filter.as_ref().is_none_or(|filter| {
            serde_json::from_str(&line).is_ok_and(|event: serde_json::Value| filter::fits(filter, Some(&event)))
        });
        if line.len() > LONGEST || !passes {
            continue;
        }
        // As the function reads it: what a table of the sample said in its own types is JSON from here on.
        let Some(event) = read(&line, streaming.header.mode, &mut intake) else { continue };
        let id = event.id.as_ref().map(|id| format!("id/{id}"));
        let is_new = seen.insert(line.clone()) && id.is_none_or(|id| seen.insert(id));
        if !is_new {
            continue;
        }
        let place = *places.entry(event.identity.clone()).or_insert_with(|| {
            found.push((event.identity.clone(), Vec::new()));
            found.len() - 1
        });
        found[place].1.push(Sent { event, line });
    }
    found
}

fn read(line: &str, mode: Mode, intake: &mut Intake<'_>) -> Option<Event> {
    let input = Box::new(Cursor::new(line.as_bytes().to_vec()));
    let mut records = Records::from_reader("proof", input, None, &Projection::All, mode).ok()?;
    let record = records.next()?.ok()?;
    intake.accept(record.value, 0, 1).ok()
}

/// Rows by where they lie.
#[derive(Default)]
struct Rows {
    /// Store and its lines, in order of the document.
    tables: Vec<(String, String)>,
    window: String,
}

impl Rows {
    fn take(&mut self, streaming: &Streaming, identity: &str, output: &IdentityOutput) {
        for record in &output.records {
            let aggregate = &streaming.aggregates[record.aggregate];
            let Some(store) = &aggregate.store else { continue };
            let lines = self.table(&store.value);
            lines.push_str("{\"partition_key\":");
            json::write_string(identity, lines);
            lines.push_str(",\"range_key\":");
            json::write_string(&record.key.range_key(&aggregate.name.value), lines);
            for ((name, _), value) in dtc_lang::scopes::group_fields(aggregate).iter().zip(&record.values) {
                lines.push(',');
                json::write_string(name, lines);
                lines.push(':');
                attribute(value, lines);
            }
            lines.push_str("}\n");
        }
        for row in &output.rows {
            let lines = &mut self.window;
            lines.push_str("{\"identity\":");
            json::write_string(identity, lines);
            lines.push_str(",\"anchor\":");
            match row.anchor {
                Some(anchor) => json::write_string(&anchor.isoformat(), lines),
                None => lines.push_str("null"),
            }
            for (name, value) in row.cells() {
                lines.push(',');
                json::write_string(&name, lines);
                lines.push(':');
                json::write_json(value, lines);
            }
            lines.push_str("}\n");
        }
    }

    fn table(&mut self, store: &str) -> &mut String {
        let place = self.tables.iter().position(|(name, _)| name == store).unwrap_or_else(|| {
            self.tables.push((store.to_owned(), String::new()));
            self.tables.len() - 1
        });
        &mut self.tables[place].1
    }
}

/// A value as a table's attribute holds it, as JSON: spans in microseconds, keys that are no texts as pairs.
fn attribute(value: &Value, out: &mut String) {
    let text = |text: String, out: &mut String| json::write_string(&text, out);
    match value {
        Value::Big(number) if number.to_string().trim_start_matches('-').len() > 38 => text(number.to_string(), out),
        Value::Float(number) if *number != 0.0 && !(1e-130..1e126).contains(&number.abs()) => {
            text(format!("{number:e}"), out);
        }
        Value::Tuple(items) | Value::List(_, items) => attributes(items.iter(), out),
        Value::Set(_, set) => attributes(set.iter(), out),
        Value::Dict(_, dict) => {
            let named = dict.iter().all(|(key, _)| matches!(key, Value::Str(text) if !text.is_empty()));
            out.push(if named { '{' } else { '[' });
            for (place, (key, value)) in dict.iter().enumerate() {
                out.push_str(if place > 0 { "," } else { "" });
                out.push_str(if named { "" } else { "[" });
                attribute(key, out);
                out.push(if named { ':' } else { ',' });
                attribute(value, out);
                out.push_str(if named { "" } else { "]" });
            }
            out.push(if named { '}' } else { ']' });
        }
        Value::TimeDelta(span) => out.push_str(&span.micros.to_string()),
        Value::Object(_) => text(value.to_text(), out),
        plain => json::write_json(plain, out),
    }
}

fn attributes<'v>(items: impl Iterator<Item = &'v Value>, out: &mut String) {
    out.push('[');
    for (place, item) in items.enumerate() {
        out.push_str(if place > 0 { "," } else { "" });
        attribute(item, out);
    }
    out.push(']');
}

fn files(plan: &Plan, streaming: &Streaming, chosen: &[Sent], rows: Rows, has_stream: bool) -> Proof {
    let mut events = String::new();
    for sent in chosen {
        events.push_str(&sent.line);
        events.push('\n');
    }
    let name = |store: &str| format!("{}Table", names::logical_id(store));
    let mut files = vec![("events.jsonl".to_owned(), events)];
    let mut tables = Vec::new();
    for (store, lines) in rows.tables {
        let (output, file) = (name(&store), format!("rows/{}.jsonl", name(&store)));
        tables.push(format!("    \"{output}\": \"{file}\""));
        files.push((file, lines));
    }
    let stream = if has_stream { "  \"stream\": \"StreamName\",\n" } else { "" };
    let mut told = format!("{{\n  \"version\": 1,\n{stream}");
    if let Some(key) = key(streaming) {
        told.push_str("  \"key\": ");
        json::write_string(key, &mut told);
        told.push_str(",\n");
    }
    told.push_str(&format!("  \"tables\": {{\n{}\n  }},\n", tables.join(",\n")));
    if plan.has_window() {
        told.push_str("  \"buckets\": {\n    \"FeatureBucket\": \"rows/FeatureBucket.jsonl\"\n  },\n");
        files.push(("rows/FeatureBucket.jsonl".to_owned(), rows.window));
    }
    let moments: Vec<String> = moments(chosen).iter().map(usize::to_string).collect();
    told.push_str(&format!("  \"moments\": [{}]\n}}\n", moments.join(", ")));
    files.push(("proof.json".to_owned(), told));
    files.sort();
    Proof { files }
}

/// The field of the event that is the identity, where it is one: producers use it as partition key.
fn key(streaming: &Streaming) -> Option<&str> {
    let field = streaming.identity.text.trim().strip_prefix("source.")?;
    let is_name = field.chars().all(|c| c.is_alphanumeric() || c == '_');
    (is_name && !field.is_empty()).then_some(field)
}

/// The place of each event's moment among all of them: events of one moment have the same.
fn moments(chosen: &[Sent]) -> Vec<usize> {
    let mut place = 0;
    let pairs = chosen.iter().zip(std::iter::once(None).chain(chosen.iter().map(Some)));
    pairs
        .map(|(sent, before)| {
            place += usize::from(before.is_some_and(|before| before.event.time.micros != sent.event.time.micros));
            place
        })
        .collect()
}
