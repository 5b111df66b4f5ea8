//! Feeds as hosts read them: one call, one wait. Whoever stops calling has stopped to listen.

use std::time::Duration;

use serde::Serialize;
use studio_api::FeedFrame;

/// What came while waiting.
pub enum Next {
    /// A `FeedFrame` as JSON, and its number where the feed counts.
    Frame { seq: Option<u64>, json: String },
    /// Nothing yet.
    Quiet,
    /// Nothing will come any more.
    Ended,
}

pub trait Feed: Send {
    /// Waits at most this long. Hosts keep it below a second, to notice a listener that went away.
    fn next(&mut self, wait: Duration) -> Next;
}

pub(crate) fn frame<T: Serialize>(seq: Option<u64>, item: T) -> Next {
    match serde_json::to_string(&FeedFrame::Item { item }) {
        Ok(json) => Next::Frame { seq, json },
        Err(_) => Next::Ended,
    }
}
