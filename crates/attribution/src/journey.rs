//! Journeys: the touches of one identity up to and including the moment of its first conversion.
//!
//! Identities and channels keep the order of their first appearance, so the same input gives the same
//! output. Refuses to guess: an identity that converts without a touch is counted, not credited.

use indexmap::{IndexMap, IndexSet};

use crate::credit::Path;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Touch {
    pub time_ms: i64,
    /// Index into `Journeys::channels`.
    pub channel: u32,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Conversion {
    pub time_ms: i64,
    pub value: f64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Journey {
    pub identity: String,
    /// By time; touches of one instant in the order of arrival. Empty only when unattributed.
    pub touches: Vec<Touch>,
    pub conversion: Option<Conversion>,
}

/// All journeys, ready for the models.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Journeys {
    /// Names of the touch points, in the order of their first appearance.
    pub channels: Vec<String>,
    /// In the order in which identities appeared.
    pub journeys: Vec<Journey>,
}

/// Collects touches and conversions in any order of time.
#[derive(Debug, Clone, Default)]
pub struct JourneyBuilder {
    channels: IndexSet<String>,
    identities: IndexMap<String, Open>,
}

#[derive(Debug, Clone, Default)]
struct Open {
    touches: Vec<Touch>,
    first_conversion: Option<Conversion>,
}

impl JourneyBuilder {
    pub fn new() -> JourneyBuilder {
        JourneyBuilder::default()
    }

    pub fn touch(&mut self, identity: &str, time_ms: i64, channel: &str) {
        let channel = self.intern(channel);
        self.open(identity).touches.push(Touch { time_ms, channel });
    }

    /// Of several conversions the earliest counts, of one instant the one that arrived first.
    /// A value that is not finite counts as 0: one bad number must not blank a whole column.
    pub fn conversion(&mut self, identity: &str, time_ms: i64, value: f64) {
        let value = if value.is_finite() { value } else { 0.0 };
        let open = self.open(identity);
        if open.first_conversion.is_none_or(|first| time_ms < first.time_ms) {
            open.first_conversion = Some(Conversion { time_ms, value });
        }
    }

    pub fn finish(self) -> Journeys {
        let journeys = self.identities.into_iter().filter_map(|(identity, open)| close(identity, open)).collect();
        Journeys { channels: self.channels.into_iter().collect(), journeys }
    }

    fn intern(&mut self, channel: &str) -> u32 {
        let index = match self.channels.get_index_of(channel) {
            Some(index) => index,
            None => self.channels.insert_full(channel.to_owned()).0,
        };
        u32::try_from(index).expect("four billion channel names do not fit into memory")
    }

    fn open(&mut self, identity: &str) -> &mut Open {
        if !self.identities.contains_key(identity) {
            self.identities.insert(identity.to_owned(), Open::default());
        }
        self.identities.get_mut(identity).expect("it was there or has just been inserted")
    }
}

/// Cuts at the first conversion (a touch of the same instant stays), orders by time, drops exact
/// duplicates. An identity that never converts keeps all its touches.
fn close(identity: String, open: Open) -> Option<Journey> {
    let Open { mut touches, first_conversion: conversion } = open;
    if let Some(conversion) = conversion {
        touches.retain(|touch| touch.time_ms <= conversion.time_ms);
    }
    touches.sort_by_key(|touch| touch.time_ms);
    drop_duplicates(&mut touches);
    (conversion.is_some() || !touches.is_empty()).then_some(Journey { identity, touches, conversion })
}

/// Keeps the first of touches with the same time and channel. The touches are in the order of time.
fn drop_duplicates(touches: &mut Vec<Touch>) {
    let mut instant = IndexSet::new();
    let mut now = None;
    touches.retain(|touch| {
        if now != Some(touch.time_ms) {
            now = Some(touch.time_ms);
            instant.clear();
        }
        instant.insert(touch.channel)
    });
}

impl Journeys {
    pub fn conversions(&self) -> u64 {
        self.journeys.iter().filter(|journey| journey.conversion.is_some()).count() as u64
    }

    /// Conversions without any touch before them: no model credits them to anybody.
    pub fn unattributed(&self) -> u64 {
        self.journeys.iter().filter(|journey| journey.conversion.is_some() && journey.touches.is_empty()).count() as u64
    }

    /// For each channel the number of journeys that touched it at least once.
    pub fn reach(&self) -> Vec<u64> {
        let mut reach = vec![0; self.channels.len()];
        let mut seen = IndexSet::new();
        for journey in &self.journeys {
            seen.clear();
            for touch in &journey.touches {
                if seen.insert(touch.channel) {
                    reach[touch.channel as usize] += 1;
                }
            }
        }
        reach
    }

    /// The journeys as the models take them.
    pub fn paths(&self) -> Vec<Path> {
        self.journeys
            .iter()
            .map(|journey| Path {
                channels: journey.touches.iter().map(|touch| touch.channel).collect(),
                conversions: f64::from(u8::from(journey.conversion.is_some())),
                value: journey.conversion.map_or(0.0, |conversion| conversion.value),
            })
            .collect()
    }
}
