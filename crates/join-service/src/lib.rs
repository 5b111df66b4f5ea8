//! The join service: decisions, rewards and overrides come in over HTTP, are on disk before they are answered, and
//! leave as joined records, each once, when their window has passed.
//!
//! The rule is `bandit`'s; this crate owns time, disk and network. Refuses to know documents.

mod clock;
mod core;
mod error;
mod event;
mod http;
mod log;
mod metrics;
mod openapi;
mod options;
mod outbox;
mod record;
pub mod simulate;
mod sinks;

pub use error::ServiceError;
pub use http::{Service, serve};
pub use options::{Limits, Options};
