//! The join rule of decisions, rewards and overrides, and the curve of the average reward over them.
//!
//! Pure: keys and actions are text, times milliseconds, rewards `f64`. Refuses to know documents,
//! events, clocks and expressions. The order of the result never depends on hash order.

pub mod action;
pub mod curve;
pub mod join;

pub use action::{ActionMean, actions};
pub use curve::{CurvePoint, curve};
pub use join::{Counters, Event, EventKind, Joined, Log, Rule, join};
