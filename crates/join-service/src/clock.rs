//! The service's time: the wall clock when it started and steady time since, so that a wall clock that is set
//! neither closes windows early nor holds them open; and never before what is on disk.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

pub struct Clock {
    start_ms: i64,
    started: Instant,
}

impl Clock {
    /// Not earlier than `least_ms`, the last time that was written.
    pub fn starting(least_ms: i64) -> Clock {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64);
        Clock { start_ms: wall.max(least_ms), started: Instant::now() }
    }

    /// Milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        self.start_ms.saturating_add(self.started.elapsed().as_millis() as i64)
    }

    /// Time since that moment; none before it.
    pub fn since_ms(&self, moment_ms: i64) -> Duration {
        let after_start = Duration::from_millis(moment_ms.saturating_sub(self.start_ms).max(0) as u64);
        let before_start = Duration::from_millis(self.start_ms.saturating_sub(moment_ms).max(0) as u64);
        (self.started.elapsed() + before_start).saturating_sub(after_start)
    }
}
