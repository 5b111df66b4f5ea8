//! How requests, replies and feed items travel: the same JSON texts in both hosts.
//!
//! HTTP: `POST /api/rpc/NAME` with the request as body; 200 with the reply, another status with an
//! `ApiError`. `GET /api/feed/NAME?body=REQUEST` is an EventSource whose every message holds a `FeedFrame`.
//! Desktop: `invoke("rpc", { name, body })` resolves to the reply's text or rejects with the `ApiError`'s
//! text; `invoke("feed", { name, body, channel })` sends each `FeedFrame` as a text over the channel.

use serde::{Deserialize, Serialize};

use crate::error::ApiError;

/// One message of a feed. Nothing follows `End` and `Refused`: an EventSource must be closed then, or the
/// browser would connect anew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FeedFrame<T> {
    Item { item: T },
    End,
    Refused { error: ApiError },
}
