//! The events of the last reading, kept so that an edit does not read the files again.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use dtc_engine::Plan;

use super::reading::Parsed;
use crate::studio::lock;

/// Events that take more than this are read anew each time.
const MOST_BYTES: usize = 1 << 30;

/// One reading, the last one: a studio has one user, who edits one project at a time.
#[derive(Default)]
pub(crate) struct Cache(Mutex<Option<Held>>);

struct Held {
    key: Key,
    parsed: Arc<Parsed>,
}

/// Everything but the fields that a reading depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    pub files: Vec<(PathBuf, u64, Option<SystemTime>)>,
    /// Identity, Time and what they import, as text.
    pub intake: String,
    pub limit: Option<u64>,
}

impl Cache {
    /// The kept events if they are those; otherwise they are let go, to make room for the new ones.
    pub(crate) fn take(&self, key: &Key, plan: &Plan) -> Option<Arc<Parsed>> {
        let mut held = lock(&self.0);
        match &*held {
            Some(found) if found.key == *key && found.parsed.events.cover(plan) => Some(found.parsed.clone()),
            _ => {
                *held = None;
                None
            }
        }
    }

    /// As `take`, for somebody who makes no new ones.
    pub(crate) fn look(&self, key: &Key, plan: &Plan) -> Option<Arc<Parsed>> {
        let held = lock(&self.0);
        let found = held.as_ref().filter(|found| found.key == *key && found.parsed.events.cover(plan))?;
        Some(found.parsed.clone())
    }

    pub(crate) fn keep(&self, key: Key, parsed: &Arc<Parsed>) {
        if parsed.events.weight() < MOST_BYTES {
            *lock(&self.0) = Some(Held { key, parsed: parsed.clone() });
        }
    }
}
