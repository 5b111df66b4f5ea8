//! What the first records of a file look like: every path, its types, how often it is there, examples.

use std::path::Path;

use dtc_expr::{Dict, Mode, Value};

use crate::error::IoError;
use crate::json::json_text;
use crate::projection::Projection;
use crate::reader::{BadRecord, Input};

/// Objects keyed by ids would give a path a key; beyond this many the rest is only counted.
const MAX_FIELDS: usize = 500;
const EXAMPLES: usize = 3;
const EXAMPLE_LENGTH: usize = 120;

#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    pub format: String,
    pub notices: Vec<String>,
    /// Records looked at.
    pub records: u64,
    /// The bad ones met on the way, at most 20.
    pub bad: Vec<BadRecord>,
    pub fields: Vec<ProfileField>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ProfileField {
    /// Dotted from the record's top.
    pub path: String,
    /// `text number boolean list object null`, most frequent first.
    pub types: Vec<String>,
    /// Share of records that have it, 0 to 1.
    pub share: f64,
    /// Up to three different values as JSON.
    pub examples: Vec<String>,
}

/// Reads at most `limit` records of a file.
pub fn profile(path: &Path, limit: u64) -> Result<Profile, IoError> {
    let mut records = Input::open(path, &Projection::All, Mode::Studio)?;
    let mut seen = Seen::default();
    let mut bad = Vec::new();
    let mut count = 0;
    while count < limit {
        match records.next() {
            None => break,
            Some(Ok(record)) => {
                count += 1;
                if let Value::Dict(_, fields) = &record.value {
                    seen.add(fields, "");
                }
            }
            Some(Err(fault)) if bad.len() < 20 => bad.push(fault),
            Some(Err(_)) => break,
        }
    }
    let mut notices = records.notices();
    if seen.left_out {
        notices.push(format!("more than {MAX_FIELDS} different fields; the first {MAX_FIELDS} are described"));
    }
    Ok(Profile { format: records.format(), notices, records: count, bad, fields: seen.fields(count) })
}

#[derive(Default)]
struct Seen {
    paths: Vec<SeenField>,
    places: std::collections::HashMap<String, usize>,
    left_out: bool,
}

struct SeenField {
    path: String,
    count: u64,
    types: [u64; TYPES.len()],
    examples: Vec<String>,
}

const TYPES: [&str; 6] = ["text", "number", "boolean", "list", "object", "null"];

impl Seen {
    fn add(&mut self, fields: &Dict, prefix: &str) {
        for (key, value) in fields {
            let Value::Str(name) = key else { continue };
            let path = if prefix.is_empty() { name.as_ref().to_owned() } else { format!("{prefix}.{name}") };
            if let Some(place) = self.place(&path) {
                self.paths[place].add(value);
                if let Value::Dict(_, inner) = value {
                    self.add(inner, &path);
                }
            }
        }
    }

    fn place(&mut self, path: &str) -> Option<usize> {
        if let Some(place) = self.places.get(path) {
            return Some(*place);
        }
        if self.paths.len() == MAX_FIELDS {
            self.left_out = true;
            return None;
        }
        self.places.insert(path.to_owned(), self.paths.len());
        self.paths.push(SeenField { path: path.to_owned(), count: 0, types: [0; TYPES.len()], examples: Vec::new() });
        Some(self.paths.len() - 1)
    }

    fn fields(self, records: u64) -> Vec<ProfileField> {
        self.paths.into_iter().map(|path| path.describe(records)).collect()
    }
}

impl SeenField {
    fn add(&mut self, value: &Value) {
        self.count += 1;
        let kind = match value {
            Value::Str(_) => 0,
            Value::Bool(_) => 2,
            Value::List(..) => 3,
            Value::Dict(..) => 4,
            Value::None => 5,
            _ => 1,
        };
        self.types[kind] += 1;
        if kind < 4 && self.examples.len() < EXAMPLES {
            let mut text = json_text(value);
            if text.chars().count() > EXAMPLE_LENGTH {
                text = text.chars().take(EXAMPLE_LENGTH - 1).chain(['…']).collect();
            }
            if !self.examples.contains(&text) {
                self.examples.push(text);
            }
        }
    }

    fn describe(self, records: u64) -> ProfileField {
        let mut types: Vec<usize> = (0..TYPES.len()).filter(|kind| self.types[*kind] > 0).collect();
        types.sort_by_key(|kind| std::cmp::Reverse(self.types[*kind]));
        ProfileField {
            path: self.path,
            types: types.into_iter().map(|kind| TYPES[kind].to_owned()).collect(),
            share: self.count as f64 / records.max(1) as f64,
            examples: self.examples,
        }
    }
}
