//! The join rule: decisions wait the same window W and leave once, with their reward.
//!
//! One machine (`Machine`) for the service, for log files, for the preview and for tests. Events come in
//! the order of arrival, each with its time; a watermark says up to which time events are complete, and
//! a decision at d leaves when it passes d+W. What a log gives does not depend on the batches in which it
//! arrives, as long as nothing arrives behind the watermark.

mod aggregate;
mod case;
mod counters;
mod machine;
mod replay;
mod rule;
mod sample;
mod slab;

pub use counters::Counters;
pub use machine::{Emitted, Machine, Taken};
pub use replay::{Event, EventKind, Joined, Log, join};
pub use rule::{Aggregation, Decisions, Overrides, Rule, Semantics};
pub use sample::{Lost, Sample};
