//! Where a run's state is kept between batches: identities' states, event ids that count already, how far
//! each input has been read, totals. What a batch changes is written in one step: a run that dies leaves
//! the state before its batch or the one after.
//!
//! Holds bytes by identity. Refuses to know what the bytes mean.

#[cfg(feature = "state")]
mod embedded;
mod memory;

use std::collections::BTreeMap;

use crate::error::IoError;
use crate::reached::Reached;

#[cfg(feature = "state")]
pub use embedded::{EmbeddedState, FILE};
pub use memory::MemoryState;

/// A state, open for one run.
pub trait StateStore {
    /// A path or an address, for messages.
    fn place(&self) -> String;
    /// What the last batch left; `None` before the first.
    fn head(&self) -> Result<Option<Head>, IoError>;
    /// The states of these identities, of those that have one.
    fn load(&self, identities: &[&str]) -> Result<Vec<(String, Vec<u8>)>, IoError>;
    /// Every identity with its state, in order of first appearance.
    fn all(&self) -> Result<Vec<(String, Vec<u8>)>, IoError>;
    /// Which of these event ids an earlier batch has counted.
    fn seen(&self, ids: &[&str]) -> Result<Vec<bool>, IoError>;
    /// Writes a batch: all of it, or nothing. Refused when another run wrote since this one opened the state.
    fn commit(&self, change: &StateChange<'_>) -> Result<(), IoError>;
}

/// What is known of a state without reading it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// What the states were made with; kept to be compared.
    pub shape: String,
    /// Window rows given so far.
    pub rows: u64,
    /// How far each input has been read, by its name.
    pub inputs: BTreeMap<String, Reached>,
}

/// What a batch writes.
#[derive(Debug, Default)]
pub struct StateChange<'a> {
    pub shape: &'a str,
    /// New states, in order of first appearance in the batch.
    pub states: Vec<(&'a str, Vec<u8>)>,
    pub seen: Vec<&'a str>,
    /// Rows given so far, this batch's among them.
    pub rows: u64,
    /// Inputs that this batch read.
    pub inputs: Vec<(String, Reached)>,
}
