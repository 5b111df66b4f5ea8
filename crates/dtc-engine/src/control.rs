//! Progress and cancelling of a long run.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A flag that stops a run at its next check (every 4,096 events). Clones share the flag.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Transforming,
    Windowing,
}

/// Told how far a run is; called often (every 4,096 events), from any thread: throttle in the receiver.
pub trait Progress: Sync {
    fn report(&self, phase: Phase, done: usize, total: usize);
}

/// For callers that do not watch.
pub struct Silent;

impl Progress for Silent {
    fn report(&self, _phase: Phase, _done: usize, _total: usize) {}
}
