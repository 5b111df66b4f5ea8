//! The events of the last reading, kept so that an edit does not read the files again.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use dtc_engine::Event;
use dtc_expr::Value;
use dtc_io::Projection;

use super::reading::Parsed;
use crate::studio::lock;

/// Events that take more than this are read anew each time.
const MOST_BYTES: usize = 1 << 30;

/// One reading, the last one: a studio has one user, who edits one project at a time.
#[derive(Default)]
pub(crate) struct Cache(Mutex<Option<Held>>);

struct Held {
    key: Key,
    projection: Projection,
    parsed: Arc<Parsed>,
}

/// Everything but the projection that a reading depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    pub files: Vec<(PathBuf, u64, Option<SystemTime>)>,
    /// Identity, Time and what they import, as text.
    pub intake: String,
    pub limit: Option<u64>,
}

impl Cache {
    /// The kept events if they are those; otherwise they are let go, to make room for the new ones.
    pub(crate) fn take(&self, key: &Key, projection: &Projection) -> Option<Arc<Parsed>> {
        let mut held = lock(&self.0);
        match &*held {
            Some(found) if found.key == *key && covers(&found.projection, projection) => Some(found.parsed.clone()),
            _ => {
                *held = None;
                None
            }
        }
    }

    /// As `take`, for somebody who makes no new ones.
    pub(crate) fn look(&self, key: &Key, projection: &Projection) -> Option<Arc<Parsed>> {
        let held = lock(&self.0);
        let found = held.as_ref().filter(|found| found.key == *key && covers(&found.projection, projection))?;
        Some(found.parsed.clone())
    }

    pub(crate) fn keep(&self, key: Key, projection: Projection, parsed: &Arc<Parsed>) {
        if weight(&parsed.events) < MOST_BYTES {
            *lock(&self.0) = Some(Held { key, projection, parsed: parsed.clone() });
        }
    }
}

/// Whether events read with `has` hold all that `wants` asks for.
fn covers(has: &Projection, wants: &Projection) -> bool {
    match (has, wants) {
        (Projection::All, _) => true,
        (Projection::Fields(_), Projection::All) => false,
        (has, Projection::Fields(names)) => names.iter().all(|name| has.keeps(name)),
    }
}

/// Estimated bytes, from about a thousand of the events.
fn weight(events: &[Event]) -> usize {
    let step = (events.len() / 1_000).max(1);
    let some: Vec<usize> =
        events.iter().step_by(step).map(|event| size_of::<Event>() + value_weight(&event.source)).collect();
    some.iter().sum::<usize>() / some.len().max(1) * events.len()
}

fn value_weight(value: &Value) -> usize {
    /// Reference counts and lengths in front of shared content.
    const SHARED: usize = 24;
    let own = size_of::<Value>();
    own + match value {
        Value::Str(text) => SHARED + text.len(),
        Value::List(_, items) | Value::Tuple(items) => SHARED + items.iter().map(value_weight).sum::<usize>(),
        // Hash, index slot and spare room of the map's tables: about two words an entry.
        Value::Dict(_, entries) => {
            SHARED + 64 + entries.iter().map(|(key, value)| 16 + value_weight(key) + value_weight(value)).sum::<usize>()
        }
        _ => 0,
    }
}
