//! What the template tells the function through its environment.

use std::collections::HashMap;
use std::path::PathBuf;

pub struct Settings {
    /// Folder of the program; `documents/` is in it.
    pub root: PathBuf,
    /// Name of the streaming document.
    pub streaming: String,
    /// Store name → table name.
    pub tables: HashMap<String, String>,
    /// Table of how far each identity has been read.
    pub positions: String,
    pub window: Option<WindowSettings>,
    pub dedup: Dedup,
    /// How long positions and ids are kept: longer than records can come again.
    pub keep_seconds: i64,
    /// Address of the queue for what cannot be taken.
    pub poison: Option<String>,
    pub region: String,
    /// Another address for every service, for tests without a cloud.
    pub endpoint: Option<String>,
}

/// How events that come again are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dedup {
    /// Not at all: each delivery counts.
    None,
    /// By their places in shards and objects, which covers whatever Lambda brings again.
    Sequence,
    /// By `EventId` too, in this table: covers what a producer sends twice.
    EventId(String),
}

pub struct WindowSettings {
    /// Name of the window document.
    pub name: String,
    pub bucket: String,
    /// Empty or with a slash at its end.
    pub prefix: String,
}

impl Settings {
    /// Reads the environment, or says which variable is missing or wrong.
    pub fn from_environment() -> Result<Settings, String> {
        let tables = required("DTC_TABLES")?;
        let tables = serde_json::from_str(&tables)
            .map_err(|error| format!("DTC_TABLES is no object of table names: {error}"))?;
        let window = match optional("DTC_WINDOW") {
            None => None,
            Some(name) => Some(WindowSettings {
                name,
                bucket: required("DTC_BUCKET")?,
                prefix: optional("DTC_PREFIX").unwrap_or_default(),
            }),
        };
        Ok(Settings {
            root: required("LAMBDA_TASK_ROOT")?.into(),
            streaming: required("DTC_STREAMING")?,
            tables,
            positions: required("DTC_POSITIONS")?,
            window,
            dedup: dedup()?,
            keep_seconds: keep_days()? * 24 * 3600,
            poison: optional("DTC_POISON"),
            region: required("AWS_REGION")?,
            endpoint: optional("AWS_ENDPOINT_URL"),
        })
    }
}

fn dedup() -> Result<Dedup, String> {
    match optional("DTC_DEDUP").as_deref() {
        Some("none") => Ok(Dedup::None),
        None | Some("sequence") => Ok(Dedup::Sequence),
        Some("event_id") => Ok(Dedup::EventId(required("DTC_SEEN")?)),
        Some(other) => Err(format!("DTC_DEDUP is none, sequence or event_id, not `{other}`")),
    }
}

/// Four days where nobody says: a stream keeps records for two, Lambda tries them for one.
fn keep_days() -> Result<i64, String> {
    let Some(text) = optional("DTC_KEEP_DAYS") else { return Ok(4) };
    let days = text.parse().ok().filter(|days| (1..=3650).contains(days));
    days.ok_or_else(|| format!("DTC_KEEP_DAYS is a number of days, 1 to 3650, not `{text}`"))
}

fn optional(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn required(name: &str) -> Result<String, String> {
    optional(name).ok_or_else(|| format!("the environment variable {name} is missing"))
}
