//! The join service: decisions, rewards and overrides come in over HTTP, are on disk before they are answered, and
//! leave as joined records, each once, when their window has passed.
//!
//! The rule is `bandit`'s; this crate owns time, disk and network. Refuses to know documents.

#[cfg(feature = "kinesis")]
mod aws;
mod clock;
mod core;
mod error;
mod event;
mod http;
mod live;
mod lock;
mod log;
mod metrics;
mod openapi;
mod options;
mod outbox;
mod outlet;
mod rate;
mod record;
pub mod replay;
mod shown;
pub mod simulate;
mod sinks;
mod sources;
mod tail;

pub use error::ServiceError;
pub use event::Intake;
pub use http::{Service, serve};
pub use options::{Limits, Options};
pub use outlet::{FILE_BYTES, SinkKind, SinkOptions, SourceKind, SourceOptions, Stream, Topic};
pub use sources::Reading;
