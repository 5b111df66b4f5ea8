//! Touches, conversions and milestones as they arrive: rows of numbers, names kept once.

use super::Preparation;
use super::journeys::{Journeys, close};
use super::top;
use crate::names::{Channel, Names};
use crate::paths::MOST_VALUE;

/// The channel of a conversion.
const CONVERSION: Channel = Channel::MAX;
/// The channel of a milestone.
const MILESTONE: Channel = Channel::MAX - 1;

/// One row, 24 bytes.
#[derive(Debug, Clone, Copy)]
pub struct Event {
    pub identity: u32,
    channel: Channel,
    pub time_ms: i64,
    /// Of a touch its cost, of a conversion its value.
    pub amount: f64,
}

impl Event {
    /// `None`: a conversion or a milestone.
    pub fn touch(&self) -> Option<Channel> {
        (self.channel < MILESTONE).then_some(self.channel)
    }

    pub fn is_conversion(&self) -> bool {
        self.channel == CONVERSION
    }

    pub fn is_milestone(&self) -> bool {
        self.channel == MILESTONE
    }
}

#[derive(Debug, Clone, Default)]
pub struct Events {
    pub(super) identities: Names,
    pub(super) channels: Names,
    pub(super) rows: Vec<Event>,
}

impl Events {
    pub fn new() -> Events {
        Events::default()
    }

    /// `cost` is what the touch cost; what is no number, or above 1e30, counts as 0: one bad number must not blank a whole column.
    pub fn touch(&mut self, identity: &str, time_ms: i64, channel: &str, cost: f64) {
        let channel = self.channels.intern(channel);
        self.add(identity, channel, time_ms, cost);
    }

    /// A value that is no number counts as 0.
    pub fn conversion(&mut self, identity: &str, time_ms: i64, value: f64) {
        self.add(identity, CONVERSION, time_ms, value);
    }

    /// The journey that goes on then has reached its milestone; the touch at or right before it led there.
    pub fn milestone(&mut self, identity: &str, time_ms: i64) {
        self.add(identity, MILESTONE, time_ms, 0.0);
    }

    fn add(&mut self, identity: &str, channel: Channel, time_ms: i64, amount: f64) {
        let identity = self.identities.intern(identity);
        let amount = if amount.abs() <= MOST_VALUE { amount } else { 0.0 };
        self.rows.push(Event { identity, channel, time_ms, amount });
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// All journeys, ready for the models.
    pub fn prepare(mut self, preparation: &Preparation) -> Journeys {
        let excluded: Vec<bool> =
            self.channels.iter().map(|name| preparation.exclude.iter().any(|other| other == name)).collect();
        self.rows.retain(|row| row.touch().is_none_or(|channel| !excluded[channel as usize]));
        let mut costs = vec![0.0; self.channels.len()];
        for row in &self.rows {
            if let Some(channel) = row.touch() {
                costs[channel as usize] += row.amount;
            }
        }
        // Stable: events of one instant stay in the order of arrival.
        self.rows.sort_by_key(|row| (row.identity, row.time_ms));
        let cut = close(&self, preparation);
        let (shown, names) = top::names(&self.channels, cut.counts(self.channels.len()), preparation);
        cut.journeys(self, &shown, names, &costs, preparation)
    }
}
