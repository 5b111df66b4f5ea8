//! The last run of a project's events, kept so that an edit computes only what it may change.

use std::sync::{Arc, Mutex};

use dtc_engine::{Cancel, Changed, Live, Plan, Progress, Stopped};

use super::reading::Parsed;
use super::tables::Shown;
use crate::studio::lock;

/// Events that take more than this are run from the start each time: their rows are not held twice.
const MOST_BYTES: usize = 256 << 20;

/// A run and its tables, as far as they are made.
pub(crate) struct LiveRun {
    parsed: Arc<Parsed>,
    pub live: Live,
    /// Tables of the engine in its order; empty where the last edit's were not made to the end.
    pub tables: Vec<Shown>,
    /// What the last edit changed.
    pub changed: Changed,
}

impl LiveRun {
    /// Goes on from the kept run where it was of the same events; a stopped update leaves it as it was.
    pub(crate) fn of(
        kept: &Mutex<Option<LiveRun>>,
        parsed: &Arc<Parsed>,
        plan: &Plan,
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<LiveRun, Stopped> {
        let held = lock(kept).take().filter(|held| Arc::ptr_eq(&held.parsed, parsed));
        let Some(mut held) = held else {
            let live = Live::start(plan.clone(), &parsed.events, 0, cancel, progress)?;
            let parsed = parsed.clone();
            return Ok(LiveRun { parsed, live, tables: Vec::new(), changed: Changed::Everything });
        };
        match held.live.update(plan.clone(), &parsed.events, 0, cancel, progress) {
            Ok(changed) => {
                held.changed = if held.tables.is_empty() { Changed::Everything } else { changed };
                Ok(held)
            }
            Err(stopped) => {
                *lock(kept) = Some(held);
                Err(stopped)
            }
        }
    }

    /// Keeps it for the next edit.
    pub(crate) fn keep(self, kept: &Mutex<Option<LiveRun>>) {
        if self.parsed.events.weight() < MOST_BYTES {
            *lock(kept) = Some(self);
        }
    }
}
