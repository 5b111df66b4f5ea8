//! The chain of windows as probabilities: sparse, without steps from a window to itself.

use super::windows::Windows;
use super::{State, Transition};
use crate::names::Channel;

/// Probabilities by state. From each state they sum to 1 with its conversion and null.
pub(super) struct Chain {
    pub start: Vec<f64>,
    pub convert: Vec<f64>,
    /// Value that a journey in the state is about to bring: of conversions right after it, per journey.
    pub reward: Vec<f64>,
    /// Steps into each state: `(from, probability)`, and where each state's end.
    into: Vec<(u32, f64)>,
    into_ends: Vec<u32>,
    /// The channels of each state's window.
    pub windows: Vec<Box<[Channel]>>,
}

impl Chain {
    pub fn without_loops(windows: &Windows) -> Chain {
        let states: Vec<usize> = (0..windows.nodes.len()).filter(|node| windows.nodes[*node].is_state).collect();
        let mut place = vec![0_u32; windows.nodes.len()];
        for (index, node) in states.iter().enumerate() {
            place[*node] = index as u32;
        }
        let journeys: f64 = windows.nodes.iter().map(|node| node.starts).sum();
        let mut steps = Vec::new();
        let mut chain = Chain {
            start: Vec::new(),
            convert: Vec::new(),
            reward: Vec::new(),
            into: Vec::new(),
            into_ends: Vec::new(),
            windows: states.iter().map(|node| windows.nodes[*node].window.clone()).collect(),
        };
        for node in &states {
            let counts = &windows.nodes[*node];
            let others = || windows.steps(*node).filter(|(_, next, _)| *next as usize != *node);
            let left = counts.conversions + counts.nulls + others().map(|(_, _, journeys)| journeys).sum::<f64>();
            // A state that only a resampled journey without weight visited is left by nobody.
            let part = |count: f64| if left == 0.0 { 0.0 } else { count / left };
            chain.start.push(counts.starts / journeys);
            chain.convert.push(part(counts.conversions));
            chain.reward.push(part(counts.value));
            let from = place[*node];
            steps.extend(others().map(|(_, next, journeys)| (place[next as usize], from, part(journeys))));
        }
        steps.sort_by_key(|(to, from, _)| (*to, *from));
        for (to, from, probability) in steps {
            chain.into_ends.resize(to as usize, chain.into.len() as u32);
            chain.into.push((from, probability));
        }
        chain.into_ends.resize(states.len(), chain.into.len() as u32);
        chain
    }

    pub fn states(&self) -> usize {
        self.start.len()
    }

    pub fn into(&self, state: usize) -> &[(u32, f64)] {
        let start = if state == 0 { 0 } else { self.into_ends[state - 1] as usize };
        &self.into[start..self.into_ends[state] as usize]
    }

    /// The states whose window has the channel.
    pub fn group(&self, channel: Channel) -> Vec<usize> {
        (0..self.states()).filter(|state| self.windows[*state].contains(&channel)).collect()
    }
}

/// The steps of a chain of order 1, with or without those from a channel to itself.
pub(super) fn transitions(windows: &Windows, loops: bool) -> Vec<Transition> {
    let journeys: f64 = windows.nodes.iter().map(|node| node.starts).sum();
    let mut transitions = Vec::new();
    for (node, counts) in windows.nodes.iter().enumerate().skip(1) {
        let Some(channel) = counts.window.first().copied() else { continue };
        let state = State::Channel(channel);
        let steps = || windows.steps(node).filter(|(next, _, _)| loops || *next != channel);
        let left = counts.conversions + counts.nulls + steps().map(|(_, _, journeys)| journeys).sum::<f64>();
        let ends = [(State::Conversion, counts.conversions), (State::Null, counts.nulls)];
        let onward = steps().map(|(next, _, journeys)| (State::Channel(next), journeys)).chain(ends);
        transitions.push(Transition { from: State::Start, to: state, probability: counts.starts / journeys });
        transitions.extend(onward.map(|(to, count)| Transition { from: state, to, probability: count / left }));
    }
    transitions.retain(|transition| transition.probability > 0.0);
    transitions.sort_by_key(|transition| (transition.from, transition.to));
    transitions
}
