//! The bundle's own proof: `proof/proof.json` names the stream, tables and buckets by the stack's outputs;
//! `proof/events.jsonl` is what comes in, the files beside it what must lie there afterwards.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};

use super::super::bundle::{Bundle, json};
use super::filter::Filter;
use super::poller::Record;

#[derive(Clone)]
pub struct Proof {
    /// Output with the stream's name, where there is one.
    pub stream: Option<String>,
    /// One a line, without its end.
    pub events: Vec<String>,
    /// Field of an event that producers use as partition key; without it all events go to one shard.
    pub key: Option<String>,
    /// The place of each event's moment among all of them: events of one moment have the same. Empty: nobody said.
    pub moments: Vec<u64>,
    pub tables: Vec<Expected>,
    pub buckets: Vec<Expected>,
}

/// Rows that must lie in one table or bucket.
#[derive(Clone)]
pub struct Expected {
    /// Output with its name.
    pub output: String,
    /// Inside the bundle.
    pub file: String,
    pub rows: Vec<Map<String, Value>>,
}

impl Proof {
    /// The events in three lanes; those of a key lie in one.
    pub fn by_key(&self) -> Vec<Vec<String>> {
        let mut lanes = vec![Vec::new(); 3];
        for event in &self.events {
            let mut hash = DefaultHasher::new();
            self.key_of(event).hash(&mut hash);
            lanes[usize::try_from(hash.finish() % 3).unwrap_or_default()].push(event.clone());
        }
        lanes
    }

    pub fn read(bundle: &Bundle) -> Result<Proof> {
        let folder = bundle.folder.join("proof");
        let file = folder.join("proof.json");
        if !file.is_file() {
            bail!("the bundle holds no proof (proof/proof.json): export it with sample events");
        }
        let told = json(&file)?;
        let stream = told["stream"].as_str().map(str::to_owned);
        let text = fs::read_to_string(folder.join("events.jsonl")).context("cannot read proof/events.jsonl")?;
        let events: Vec<String> = text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect();
        if events.is_empty() {
            bail!("proof/events.jsonl holds no event");
        }
        let (tables, buckets) = (expected(&told["tables"], &folder)?, expected(&told["buckets"], &folder)?);
        if tables.iter().chain(&buckets).all(|expected| expected.rows.is_empty()) {
            bail!("the proof expects no row at all");
        }
        let moments: Vec<u64> = told["moments"].as_array().into_iter().flatten().filter_map(Value::as_u64).collect();
        if !moments.is_empty() && moments.len() != events.len() {
            bail!("proof/proof.json has {} `moments` for {} events", moments.len(), events.len());
        }
        Ok(Proof { stream, events, key: told["key"].as_str().map(str::to_owned), moments, tables, buckets })
    }

    /// The proof of those events alone that pass one of a stream's filters: no other way has filters.
    pub fn passing(&self, filters: &[Filter]) -> Proof {
        let passes = |event: &&String| {
            let record = Record {
                sequence: String::new(),
                partition_key: self.key_of(event),
                data: event.as_bytes().to_vec(),
                arrived: 0,
            };
            filters.is_empty() || filters.iter().any(|filter| filter.matches(&record))
        };
        Proof { events: self.events.iter().filter(passes).cloned().collect(), ..self.clone() }
    }

    /// The partition key that a producer gives an event.
    pub fn key_of(&self, event: &str) -> String {
        let field =
            self.key.as_ref().and_then(|key| Some(serde_json::from_str::<Value>(event).ok()?.get(key)?.clone()));
        match field {
            None | Some(Value::Null) => "all".to_owned(),
            Some(Value::String(text)) if text.is_empty() => "all".to_owned(),
            Some(Value::String(text)) => text.chars().take(256).collect(),
            Some(other) => other.to_string().chars().take(256).collect(),
        }
    }
}

/// An object of output → file beside `proof.json`.
fn expected(told: &Value, folder: &Path) -> Result<Vec<Expected>> {
    let mut all = Vec::new();
    for (output, file) in told.as_object().into_iter().flatten() {
        let file = file.as_str().with_context(|| format!("proof/proof.json names no file for {output}"))?;
        let text = fs::read_to_string(folder.join(file)).with_context(|| format!("cannot read proof/{file}"))?;
        let row = |(index, line): (usize, &str)| {
            serde_json::from_str(line).with_context(|| format!("proof/{file}:{} is no object", index + 1))
        };
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let rows = lines.map(row).collect::<Result<_>>()?;
        all.push(Expected { output: output.clone(), file: format!("proof/{file}"), rows });
    }
    Ok(all)
}
