//! Counts of steps between windows of `order` touches, in one pass over the touches.
//!
//! A journey of n ≥ order touches walks over n − order + 1 windows; a shorter one is a single window. Windows are the
//! nodes of an automaton, which knows the next node of each node and channel: no window is hashed twice.

use rustc_hash::FxHashMap;

use super::Nulls;
use crate::names::Channel;
use crate::paths::Sample;
use crate::runs::GoOn;
use crate::unable::Unable;

/// `next` of a step that no journey took.
const NONE: u32 = u32::MAX;
/// Cells of the table of steps, 12 bytes each.
const MOST_CELLS: usize = 12_000_000;
/// Paths between two looks at whether to go on.
const STRIDE: usize = 16_384;

pub(super) struct Windows {
    pub order: usize,
    pub channels: usize,
    /// The channels of each node, by depth; node 0 is the start, before any touch.
    pub nodes: Vec<Node>,
    /// By node and channel: the node that follows, and how many journeys went there.
    next: Vec<u32>,
    steps: Vec<f64>,
    /// Full windows by what they hold.
    known: FxHashMap<Box<[Channel]>, u32>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Node {
    pub window: Box<[Channel]>,
    /// Journeys whose first window this is.
    pub starts: f64,
    pub conversions: f64,
    pub nulls: f64,
    pub value: f64,
    pub is_state: bool,
}

impl Windows {
    pub fn count(sample: Sample<'_>, order: u32, nulls: Nulls, go_on: GoOn<'_>) -> Result<Windows, Unable> {
        if order == 0 {
            return Err(Unable::BadParameter("the order of a chain", "a whole number from 1 on"));
        }
        let channels = sample.channels();
        let mut windows = Windows {
            order: order as usize,
            channels,
            nodes: vec![Node::default()],
            next: vec![NONE; channels],
            steps: vec![0.0; channels],
            known: FxHashMap::default(),
        };
        for (index, (path, mut outcome)) in sample.iter().enumerate() {
            if index.is_multiple_of(STRIDE) && !go_on() {
                return Err(Unable::Stopped);
            }
            if nulls == Nulls::LeftOut {
                outcome.nulls = 0.0;
            }
            let journeys = outcome.journeys();
            if path.touches.is_empty() || journeys == 0.0 {
                continue;
            }
            let first = path.touches.len().min(windows.order);
            let mut node = 0;
            for (place, touch) in path.touches.iter().enumerate() {
                node = windows.step(node, *touch, journeys)?;
                if place + 1 == first {
                    windows.nodes[node as usize].starts += journeys;
                    windows.nodes[node as usize].is_state = true;
                }
            }
            let end = &mut windows.nodes[node as usize];
            end.conversions += outcome.conversions;
            end.nulls += outcome.nulls;
            end.value += outcome.value;
        }
        if windows.nodes.iter().all(|node| node.conversions == 0.0) {
            return Err(Unable::NoConversions);
        }
        Ok(windows)
    }

    #[inline]
    fn step(&mut self, node: u32, channel: Channel, journeys: f64) -> Result<u32, Unable> {
        let cell = node as usize * self.channels + channel as usize;
        let next = match self.next[cell] {
            NONE => self.connect(node, channel)?,
            next => next,
        };
        self.steps[cell] += journeys;
        Ok(next)
    }

    /// The node after a step that is taken for the first time.
    fn connect(&mut self, node: u32, channel: Channel) -> Result<u32, Unable> {
        let before = &self.nodes[node as usize].window;
        let kept = &before[usize::from(before.len() == self.order)..];
        let window: Box<[Channel]> = kept.iter().copied().chain([channel]).collect();
        let is_full = window.len() == self.order;
        let next = match self.known.get(&window) {
            Some(next) => *next,
            None => {
                let cells = self.next.len() + self.channels;
                if cells > MOST_CELLS {
                    return Err(Unable::TooMuch("numbers for its windows, at least", cells as f64));
                }
                let next = self.nodes.len() as u32;
                self.nodes.push(Node { window: window.clone(), is_state: is_full, ..Node::default() });
                self.next.resize(cells, NONE);
                self.steps.resize(cells, 0.0);
                if is_full {
                    self.known.insert(window, next);
                }
                next
            }
        };
        self.next[node as usize * self.channels + channel as usize] = next;
        Ok(next)
    }

    /// `(channel, next node, journeys)` of every step from a full window.
    pub fn steps(&self, node: usize) -> impl Iterator<Item = (Channel, u32, f64)> + '_ {
        let is_full = self.nodes[node].window.len() == self.order;
        let cells = node * self.channels..(node + usize::from(is_full)) * self.channels;
        let taken = self.next[cells.clone()].iter().zip(&self.steps[cells]).enumerate();
        taken
            .filter(|(_, (next, _))| **next != NONE)
            .map(|(channel, (next, journeys))| (channel as Channel, *next, *journeys))
    }
}
