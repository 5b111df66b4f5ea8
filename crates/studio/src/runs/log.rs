//! What a run told, numbered without gaps, for listeners who come late or come again.

use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use studio_api::{RunEvent, RunStep};

use super::Run;
use crate::feed::{Feed, Next, frame};
use crate::studio::lock;

#[derive(Default)]
pub(crate) struct Log {
    events: Mutex<Vec<RunEvent>>,
    grown: Condvar,
}

/// What follows the event `after`.
enum After {
    Event(Box<RunEvent>),
    Quiet,
    Ended,
}

impl Log {
    pub(crate) fn push(&self, what: RunStep) {
        let mut events = lock(&self.events);
        let seq = events.len() as u64 + 1;
        events.push(RunEvent { seq, what });
        self.grown.notify_all();
    }

    fn after(&self, after: u64, wait: Duration) -> After {
        let until = Instant::now() + wait;
        let mut events = lock(&self.events);
        loop {
            let index = usize::try_from(after).unwrap_or(usize::MAX);
            if let Some(event) = events.get(index) {
                return After::Event(Box::new(event.clone()));
            }
            if events.last().is_some_and(|event| ends(&event.what)) {
                return After::Ended;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return After::Quiet;
            }
            let waited = self.grown.wait_timeout(events, left);
            events = waited.unwrap_or_else(std::sync::PoisonError::into_inner).0;
        }
    }
}

fn ends(step: &RunStep) -> bool {
    match step {
        RunStep::Started | RunStep::Progress(_) => false,
        RunStep::Finished { .. } | RunStep::Cancelled | RunStep::Failed { .. } => true,
    }
}

/// Replays a run's log from a place, then follows it.
pub(crate) struct RunFeed {
    pub run: Arc<Run>,
    pub after: u64,
}

impl Feed for RunFeed {
    fn next(&mut self, wait: Duration) -> Next {
        match self.run.log.after(self.after, wait) {
            After::Event(event) => {
                self.after = event.seq;
                frame(Some(event.seq), event)
            }
            After::Quiet => Next::Quiet,
            After::Ended => Next::Ended,
        }
    }
}
