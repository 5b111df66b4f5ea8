//! Journeys with what a drill-down shows: whose they are, when their touches were, how they ended.

use rustc_hash::FxHashSet;

use super::{Cycles, Event, Events, Preparation};
use crate::names::{Channel, Names};
use crate::paths::{Outcome, Paths};

const HOUR_MS: f64 = 3_600_000.0;

#[derive(Debug, Clone, Default)]
pub struct Journeys {
    /// One path a journey, in the order in which identities appeared; with hours.
    pub paths: Paths,
    pub identities: Names,
    /// By path.
    pub journeys: Vec<Journey>,
    /// Of the touches of all paths, one after the other.
    pub times_ms: Vec<i64>,
    /// What the touches of each channel cost, those outside of journeys too.
    pub costs: Vec<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Journey {
    pub identity: u32,
    /// Time and value; `None`: it did not convert.
    pub conversion: Option<(i64, f64)>,
    /// When its first milestone was.
    pub milestone: Option<i64>,
}

impl Journeys {
    pub fn conversions(&self) -> u64 {
        self.journeys.iter().filter(|journey| journey.conversion.is_some()).count() as u64
    }

    /// Conversions without any touch before them: no model credits them to anybody.
    pub fn unattributed(&self) -> u64 {
        let alone = |(index, journey): (usize, &Journey)| {
            journey.conversion.is_some() && self.paths.path(index).touches.is_empty()
        };
        self.journeys.iter().enumerate().filter(|found| alone(*found)).count() as u64
    }

    /// For each channel the number of journeys that touched it at least once.
    pub fn reach(&self) -> Vec<u64> {
        let (mut reach, mut last) = (vec![0; self.paths.names.len()], vec![usize::MAX; self.paths.names.len()]);
        for index in 0..self.paths.len() {
            for touch in self.paths.path(index).touches {
                let touch = *touch as usize;
                if last[touch] != index {
                    last[touch] = index;
                    reach[touch] += 1;
                }
            }
        }
        reach
    }

    /// When the touches of a path were.
    pub fn times(&self, index: usize) -> &[i64] {
        let start: usize = self.paths.start(index);
        &self.times_ms[start..start + self.paths.path(index).touches.len()]
    }
}

/// Touches by their place among the sorted events, cut into journeys.
pub(super) struct Cut {
    journeys: Vec<Journey>,
    /// Channels and times of the kept touches, and where each journey's end.
    touches: Vec<(Channel, i64)>,
    ends: Vec<usize>,
}

/// Cuts sorted events into journeys, one identity after the other.
pub(super) fn close(events: &Events, preparation: &Preparation) -> Cut {
    let mut cut = Cut { journeys: Vec::new(), touches: Vec::new(), ends: Vec::new() };
    for rows in events.rows.chunk_by(|one, other| one.identity == other.identity) {
        match preparation.cycles {
            Cycles::First => cut.first(rows, preparation),
            Cycles::Repeat => cut.repeat(rows, preparation),
        }
    }
    cut
}

impl Cut {
    /// One journey: up to and including the instant of the first conversion, or all if there is none.
    fn first(&mut self, rows: &[Event], preparation: &Preparation) {
        let conversion = rows.iter().find(|row| row.is_conversion());
        let end = conversion.map(|row| row.time_ms);
        let kept = rows.iter().filter(|row| end.is_none_or(|end| row.time_ms <= end));
        self.add(rows[0].identity, kept, conversion, preparation);
    }

    /// A journey for each conversion, and one of the touches after the last.
    fn repeat(&mut self, rows: &[Event], preparation: &Preparation) {
        let mut start = 0;
        while start < rows.len() {
            let conversion = rows[start..].iter().position(Event::is_conversion).map(|place| start + place);
            let Some(conversion) = conversion else {
                self.add(rows[0].identity, rows[start..].iter(), None, preparation);
                return;
            };
            // A touch of the same instant belongs to this journey, another conversion of it to the next.
            let instant = rows[conversion].time_ms;
            let same = rows[conversion + 1..].iter().take_while(|row| row.time_ms == instant && !row.is_conversion());
            let end = conversion + 1 + same.count();
            self.add(rows[0].identity, rows[start..end].iter(), Some(&rows[conversion]), preparation);
            start = end;
        }
    }

    fn add<'e>(
        &mut self,
        identity: u32,
        rows: impl Iterator<Item = &'e Event>,
        conversion: Option<&Event>,
        preparation: &Preparation,
    ) {
        let start = self.touches.len();
        let mut milestone = None;
        for row in rows {
            match row.touch() {
                Some(channel) => self.touches.push((channel, row.time_ms)),
                None if row.is_milestone() => milestone = milestone.or(Some(row.time_ms)),
                None => {}
            }
        }
        drop_duplicates(&mut self.touches, start);
        let end = conversion.map(|row| row.time_ms).or_else(|| self.touches[start..].last().map(|touch| touch.1));
        if let (Some(lookback), Some(end)) = (preparation.lookback_ms, end) {
            let old = self.touches[start..].iter().take_while(|touch| end.saturating_sub(touch.1) > lookback).count();
            self.touches.drain(start..start + old);
        }
        if conversion.is_some() || self.touches.len() > start {
            let conversion = conversion.map(|row| (row.time_ms, row.amount));
            self.journeys.push(Journey { identity, conversion, milestone });
            self.ends.push(self.touches.len());
        }
    }

    /// Touches by channel.
    pub fn counts(&self, channels: usize) -> Vec<u64> {
        let mut counts = vec![0; channels];
        self.touches.iter().for_each(|(channel, _)| counts[*channel as usize] += 1);
        counts
    }

    /// The journeys under the names that are shown.
    pub fn journeys(
        self,
        events: Events,
        shown: &[Option<Channel>],
        names: Names,
        costs: &[f64],
        preparation: &Preparation,
    ) -> Journeys {
        let mut journeys = Journeys { identities: events.identities, ..Journeys::default() };
        journeys.costs = vec![0.0; names.len()];
        for (channel, cost) in shown.iter().zip(costs) {
            if let Some(channel) = channel {
                journeys.costs[*channel as usize] += cost;
            }
        }
        journeys.paths.names = names;
        let mut start = 0;
        for (journey, end) in self.journeys.into_iter().zip(self.ends) {
            let touches = self.touches[start..end].iter();
            let touches = touches.filter_map(|(channel, time)| Some((shown[*channel as usize]?, *time)));
            start = end;
            journeys.add(journey, touches, preparation.repeat_within_ms);
        }
        journeys
    }
}

impl Journeys {
    fn add(&mut self, journey: Journey, touches: impl Iterator<Item = (Channel, i64)>, repeat_within: Option<i64>) {
        let mut kept: Vec<(Channel, i64)> = Vec::new();
        let mut before: Option<(Channel, i64)> = None;
        for (channel, time) in touches {
            let repeats = before
                .zip(repeat_within)
                .is_some_and(|((last, at), within)| last == channel && time.saturating_sub(at) <= within);
            if !repeats {
                kept.push((channel, time));
            }
            before = Some((channel, time));
        }
        let Some(end) = journey.conversion.map(|(time, _)| time).or_else(|| kept.last().map(|touch| touch.1)) else {
            // Nothing is left of a journey that did not convert.
            return;
        };
        let led = journey.milestone.and_then(|at| kept.iter().rposition(|(_, time)| *time <= at));
        for (channel, time) in kept {
            self.times_ms.push(time);
            self.paths.touch_at(channel, (end as f64 - time as f64) / HOUR_MS);
        }
        let outcome = match journey.conversion {
            Some((_, value)) => Outcome { conversions: 1.0, nulls: 0.0, value },
            None => Outcome { conversions: 0.0, nulls: 1.0, value: 0.0 },
        };
        self.paths.close(outcome).expect("counts are 0 or 1, amounts finite since `Events::add`");
        led.into_iter().for_each(|place| self.paths.mark(place));
        self.journeys.push(journey);
    }
}

/// Keeps the first of touches with the same time and channel, from `start` on. They are in the order of time.
fn drop_duplicates(touches: &mut Vec<(Channel, i64)>, start: usize) {
    let has_equals = touches[start..].windows(2).any(|pair| pair[0].1 == pair[1].1);
    if !has_equals {
        return;
    }
    let mut seen: FxHashSet<(Channel, i64)> = FxHashSet::default();
    let kept: Vec<(Channel, i64)> = touches.drain(start..).filter(|touch| seen.insert(*touch)).collect();
    touches.extend(kept);
}
