//! What was read and is not yet run: it stays in memory, or goes aside when it weighs too much.

use crate::arrivals::{Origin, Part};
use crate::event::Taken;
use crate::events::Events;
use crate::plan::Plan;

/// Parts in the order of the input.
#[derive(Debug, Default)]
pub struct Held {
    pub(super) parts: Vec<Part>,
    /// Where each part's records begin among those of all parts.
    pub(super) origins: Vec<Origin>,
    pub(super) records: u64,
    weight: usize,
}

impl Held {
    /// Takes what comes next: its file and the line that its lines count from.
    pub fn add(&mut self, file: u32, first_line: u64, taken: Taken) {
        let records = taken.len() as u64;
        let part = taken.part.of(file, first_line);
        self.weight += part.weight();
        self.origins.push(part.origin(self.records as u32));
        self.parts.push(part);
        self.records += records;
    }

    /// Estimated bytes in memory.
    pub fn weight(&self) -> usize {
        self.weight
    }

    /// Whether it is time to put it aside: it weighs more than `memory` bytes, or holds as many as can be told apart.
    pub fn is_over(&self, memory: usize) -> bool {
        self.weight > memory || self.records > u64::from(u32::MAX / 2)
    }

    /// Events to be run in memory.
    pub fn into_events(self, plan: &Plan) -> Events {
        Events::of_parts(plan, self.parts)
    }
}
