//! The join service: decisions, rewards and overrides come in over HTTP, are on disk before they are answered, and
//! leave as joined records, each once, when their window has passed.
//!
//! The rule is `bandit`'s; this crate owns time, disk and network. Refuses to know documents.

mod answers;
#[cfg(feature = "kinesis")]
mod aws;
mod clock;
mod connections;
mod core;
mod error;
mod event;
mod http;
#[cfg(feature = "kafka")]
mod kafka;
mod live;
mod lock;
mod log;
mod metrics;
mod openapi;
mod options;
mod outbox;
mod outlet;
mod random;
mod rate;
mod record;
pub mod replay;
mod shown;
pub mod simulate;
mod sinks;
mod sources;
mod tail;
mod worth;

pub use error::ServiceError;
pub use event::Intake;
pub use http::{Service, serve};
pub use options::{Limits, Options};
pub use outlet::{
    Access, FILE_BYTES, Login, Mechanism, Secret, SinkKind, SinkOptions, SourceKind, SourceOptions, Stream, Topic,
};
pub use random::Random;
pub use sources::Reading;
pub use worth::{Joined, Judge, Policies, PolicyName, Said};
