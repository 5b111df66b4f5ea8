//! The join rule of decisions, rewards and overrides; what a policy is worth on what was logged; curves.
//!
//! Pure: keys and actions are text, times milliseconds, rewards `f64`. Refuses to know documents,
//! events, clocks and expressions. The order of the result never depends on hash order.

pub mod action;
pub mod curve;
pub mod evaluate;
pub mod join;

pub use action::{ActionMean, actions};
pub use curve::{CurvePoint, curve};
pub use join::{
    Aggregation, Counters, Decisions, Emitted, Event, EventKind, Joined, Log, Lost, Machine, Overrides, Rule, Sample,
    Semantics, Taken, join,
};
mod quantile;
