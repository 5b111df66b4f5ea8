//! Journeys as the models take them: sequences of channel numbers in one block of memory, and what came of each.
//!
//! A path stands for one journey or for many with the same sequence. A million paths with four million touches
//! take 44 MB, 76 MB with times. Refuses outcomes that are no counts, so that no model meets them.

use crate::names::{Channel, Names};
use crate::unable::Unable;

/// What came of a path's journeys.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Outcome {
    /// Journeys that converted; what is not whole is fine (weighted data).
    pub conversions: f64,
    /// Journeys that did not.
    pub nulls: f64,
    /// Sum of the conversions' values.
    pub value: f64,
}

/// Counts are 0, or within these, and values at most so large either way: sums and ratios of four billion of them are
/// numbers still.
pub const LEAST_COUNT: f64 = 1e-9;
pub const MOST_COUNT: f64 = 1e15;
pub const MOST_VALUE: f64 = 1e30;

impl Outcome {
    /// Whether models can reckon with it.
    fn is_countable(&self) -> bool {
        let count = |count: f64| count == 0.0 || (LEAST_COUNT..=MOST_COUNT).contains(&count);
        count(self.conversions) && count(self.nulls) && self.value.abs() <= MOST_VALUE
    }

    pub fn journeys(&self) -> f64 {
        self.conversions + self.nulls
    }

    /// Whether credit is to be given at all.
    pub fn pays(&self) -> bool {
        self.conversions != 0.0 || self.value != 0.0
    }
}

/// One sequence of touches.
#[derive(Debug, Clone, Copy)]
pub struct Path<'a> {
    pub touches: &'a [Channel],
    /// Hours from each touch to the end of the journey; empty when nobody knows.
    pub hours: &'a [f64],
    /// The place of the touch that led to the journey's milestone.
    pub milestone: Option<usize>,
}

#[derive(Debug, Clone, Default)]
pub struct Paths {
    pub names: Names,
    touches: Vec<Channel>,
    /// Where each path's touches end.
    ends: Vec<u32>,
    /// One a touch, or none at all.
    hours: Vec<f64>,
    /// How many of them belong to paths that were added.
    closed_hours: usize,
    /// By path the place of its milestone's touch; as long as the last path that has one.
    milestones: Vec<Option<u32>>,
    outcomes: Vec<Outcome>,
}

impl Paths {
    pub fn new() -> Paths {
        Paths::default()
    }

    /// Adds a touch to the path that the next `close` ends.
    pub fn touch(&mut self, channel: Channel) {
        self.touches.push(channel);
    }

    /// The same with its hours before the end. Either all touches have hours or none.
    pub fn touch_at(&mut self, channel: Channel, hours: f64) {
        self.touches.push(channel);
        self.hours.push(hours);
    }

    /// Ends a path. Errors: `BadOutcome` for a count or value beyond `MOST_COUNT` and `MOST_VALUE`, below 0 or no
    /// number, hours that are no number; `MixedTimes`; `TooManyTouches`. The path is not added then.
    pub fn close(&mut self, outcome: Outcome) -> Result<(), Unable> {
        let start = self.ends.last().map_or(0, |end| *end as usize);
        let checked = self.check(start, outcome);
        match checked {
            Ok(end) => {
                self.ends.push(end);
                self.outcomes.push(outcome);
                self.closed_hours = self.hours.len();
            }
            Err(_) => self.abandon(),
        }
        checked.map(|_| ())
    }

    /// Adds the paths of `next` behind its own. `false`: it is as it was, since not all of them can follow (some have
    /// hours and others none, or there are too many).
    pub fn append(&mut self, next: &Paths) -> bool {
        let start = self.ends.last().map_or(0, |end| *end as usize);
        let mixed = !self.touches.is_empty() && !next.touches.is_empty() && self.has_hours() != next.has_hours();
        let (own, theirs) = (self.touches.len(), next.ends.last().map_or(0, |end| *end as usize));
        if mixed || own != start || theirs != next.touches.len() || u32::try_from(own + theirs).is_err() {
            return false;
        }
        let channels: Vec<Channel> = next.names.iter().map(|name| self.names.intern(name)).collect();
        if channels.iter().zip(0..).all(|(channel, place)| *channel == place) {
            self.touches.extend_from_slice(&next.touches);
        } else {
            self.touches.extend(next.touches.iter().map(|touch| channels[*touch as usize]));
        }
        if !next.milestones.is_empty() {
            self.milestones.resize(self.ends.len(), None);
            self.milestones.extend_from_slice(&next.milestones);
        }
        self.ends.extend(next.ends.iter().map(|end| start as u32 + end));
        self.hours.extend_from_slice(&next.hours);
        self.closed_hours = self.hours.len();
        self.outcomes.extend_from_slice(&next.outcomes);
        true
    }

    /// Says which touch of the path that was closed last led to its milestone; a place beyond its end is none.
    pub fn mark(&mut self, place: usize) {
        let Some(last) = self.len().checked_sub(1) else { return };
        if place < self.path(last).touches.len() {
            self.milestones.resize(self.len(), None);
            self.milestones[last] = u32::try_from(place).ok();
        }
    }

    /// Whether any path has a milestone.
    pub fn has_milestones(&self) -> bool {
        !self.milestones.is_empty()
    }

    /// Forgets the touches since the last `close`.
    pub fn abandon(&mut self) {
        self.touches.truncate(self.ends.last().map_or(0, |end| *end as usize));
        self.hours.truncate(self.closed_hours);
    }

    fn check(&self, start: usize, outcome: Outcome) -> Result<u32, Unable> {
        if !outcome.is_countable() {
            return Err(Unable::BadOutcome);
        }
        if !self.hours.is_empty() && self.hours.len() != self.touches.len() {
            return Err(Unable::MixedTimes);
        }
        if self.hours.get(start..).is_some_and(|hours| hours.iter().any(|hours| !hours.is_finite())) {
            return Err(Unable::BadOutcome);
        }
        u32::try_from(self.touches.len()).map_err(|_| Unable::TooManyTouches)
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    pub fn touches(&self) -> usize {
        self.touches.len()
    }

    pub fn has_hours(&self) -> bool {
        !self.hours.is_empty()
    }

    /// Where a path's touches begin among all.
    pub fn start(&self, index: usize) -> usize {
        if index == 0 { 0 } else { self.ends[index - 1] as usize }
    }

    pub fn path(&self, index: usize) -> Path<'_> {
        let start = self.start(index);
        let end = self.ends[index] as usize;
        Path {
            touches: &self.touches[start..end],
            hours: self.hours.get(start..end).unwrap_or(&[]),
            milestone: self.milestones.get(index).copied().flatten().map(|place| place as usize),
        }
    }

    pub fn outcomes(&self) -> &[Outcome] {
        &self.outcomes
    }

    /// All journeys as they were.
    pub fn sample(&self) -> Sample<'_> {
        Sample { paths: self, outcomes: &self.outcomes }
    }

    /// The same sequences with other outcomes, one a path: a part of the journeys, or journeys drawn anew.
    pub fn weighted<'a>(&'a self, outcomes: &'a [Outcome]) -> Sample<'a> {
        debug_assert_eq!(outcomes.len(), self.len());
        Sample { paths: self, outcomes }
    }
}

/// What a model looks at.
#[derive(Debug, Clone, Copy)]
pub struct Sample<'a> {
    pub paths: &'a Paths,
    outcomes: &'a [Outcome],
}

impl<'a> Sample<'a> {
    pub fn channels(&self) -> usize {
        self.paths.names.len()
    }

    /// Every path with what came of it.
    pub fn iter(&self) -> impl Iterator<Item = (Path<'a>, Outcome)> + 'a {
        let paths = self.paths;
        self.outcomes.iter().enumerate().map(move |(index, outcome)| (paths.path(index), *outcome))
    }

    /// Conversions and value of paths with a touch: what the models share out.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for (path, outcome) in self.iter() {
            totals.journeys += outcome.journeys();
            if path.touches.is_empty() {
                totals.unattributed += outcome.conversions;
                totals.unattributed_value += outcome.value;
            } else {
                totals.conversions += outcome.conversions;
                totals.value += outcome.value;
            }
        }
        totals
    }
}

/// Sums over a sample.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Totals {
    pub journeys: f64,
    /// With a touch before them.
    pub conversions: f64,
    pub value: f64,
    /// Conversions without any touch: no model credits them to anybody.
    pub unattributed: f64,
    pub unattributed_value: f64,
}
