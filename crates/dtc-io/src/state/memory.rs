//! A state in this process, gone with it: for hosts that keep a state as long as they run.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard};

use super::{Head, StateChange, StateStore};
use crate::error::IoError;

#[derive(Debug, Default)]
pub struct MemoryState {
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    head: Option<Head>,
    /// In order of first appearance.
    states: Vec<(String, Vec<u8>)>,
    places: HashMap<String, usize>,
    seen: HashSet<String>,
}

impl MemoryState {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl StateStore for MemoryState {
    fn place(&self) -> String {
        "memory".to_owned()
    }

    fn head(&self) -> Result<Option<Head>, IoError> {
        Ok(self.held().head.clone())
    }

    fn load(&self, identities: &[&str]) -> Result<Vec<(String, Vec<u8>)>, IoError> {
        let held = self.held();
        let places = identities.iter().filter_map(|identity| held.places.get(*identity));
        Ok(places.map(|place| held.states[*place].clone()).collect())
    }

    fn all(&self) -> Result<Vec<(String, Vec<u8>)>, IoError> {
        Ok(self.held().states.clone())
    }

    fn seen(&self, ids: &[&str]) -> Result<Vec<bool>, IoError> {
        let held = self.held();
        Ok(ids.iter().map(|id| held.seen.contains(*id)).collect())
    }

    fn commit(&self, change: &StateChange<'_>) -> Result<(), IoError> {
        let mut held = self.held();
        for (identity, state) in &change.states {
            match held.places.get(*identity).copied() {
                Some(place) => held.states[place].1.clone_from(state),
                None => {
                    let place = held.states.len();
                    held.places.insert((*identity).to_owned(), place);
                    held.states.push(((*identity).to_owned(), state.clone()));
                }
            }
        }
        held.seen.extend(change.seen.iter().map(|id| (*id).to_owned()));
        let mut inputs = held.head.take().unwrap_or_default().inputs;
        inputs.extend(change.inputs.iter().cloned());
        held.head = Some(Head { shape: change.shape.to_owned(), rows: change.rows, inputs });
        Ok(())
    }
}
