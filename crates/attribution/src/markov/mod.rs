//! Markov chain: journeys as walks from start to conversion or null over windows of the last `order` touches; the
//! removal effect of a channel is the share of conversions that is lost when every window with it leads to null.
//!
//! Exact, not simulated: see `removal` for the algebra. Credit = conversions · RE_c / Σ RE.
//! Source: Anderl et al. 2016, "Mapping the customer journey"; ChannelAttribution's whitepaper for windows and values;
//! ATTRIBUTION.md §3.

mod chain;
mod dense;
pub mod order;
mod removal;
mod sweeps;
mod windows;

use crate::credit::Credit;
use crate::names::Channel;
use crate::paths::Sample;
use crate::runs::GoOn;
use crate::unable::Unable;
use chain::Chain;
use windows::Windows;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nulls {
    /// Journeys that do not convert end in null.
    Counted,
    /// They are left out: the chain then only knows the order of touches.
    LeftOut,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Markov {
    pub order: u32,
    /// Probability to convert; the conversion rate of the journeys, as the chain has it.
    pub p_conversion: f64,
    /// By channel, of conversions and of value.
    pub removal: Vec<f64>,
    pub removal_value: Vec<f64>,
    pub credit: Credit,
    /// Expected visits of a journey to any window with the channel, by channel.
    pub visits: Vec<f64>,
    pub states: usize,
    /// Of order 1 only, else empty.
    pub transitions: Vec<Transition>,
}

/// One step of the chain of order 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Transition {
    pub from: State,
    pub to: State,
    pub probability: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    Start,
    Channel(Channel),
    Conversion,
    Null,
}

impl Markov {
    /// The same chain with steps from a channel to itself left out of its transitions.
    pub fn without_loops(&self) -> Markov {
        let stays = |state: State| {
            let own = self.transitions.iter().find(|step| step.from == state && step.to == state);
            own.map_or(0.0, |step| step.probability)
        };
        let transitions = self.transitions.iter().filter(|step| step.from != step.to);
        let left = transitions
            .map(|step| Transition { probability: step.probability / (1.0 - stays(step.from)), ..*step })
            .collect();
        Markov { transitions: left, ..self.clone() }
    }
}

/// How the linear systems are solved; both give the same numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Solver {
    /// `Factorisation` for few windows, `Sweeps` for many.
    Fitting,
    Factorisation,
    Sweeps,
}

/// Windows up to which one dense factorisation is quicker than sweeps.
const FEW_WINDOWS: usize = 256;

/// `loops`: whether a window that follows itself is a step. It changes the transitions, not the effects: the chain
/// without them visits the same windows in the same order, so the effects are computed without.
pub fn run(sample: Sample<'_>, order: u32, loops: bool, nulls: Nulls) -> Result<Markov, Unable> {
    run_while(sample, order, loops, nulls, &|| true)
}

/// The same; `Stopped` soon after `go_on` said no.
pub fn run_while(sample: Sample<'_>, order: u32, loops: bool, nulls: Nulls, go_on: GoOn<'_>) -> Result<Markov, Unable> {
    let windows = Windows::count(sample, order, nulls, go_on)?;
    solved(sample, &windows, loops, Solver::Fitting, go_on)
}

/// As `run`, by the solver that is named. Errors: `BadParameter`, `NoConversions`, `TooMuch`, `NotSettled`.
pub fn solve(sample: Sample<'_>, order: u32, loops: bool, nulls: Nulls, solver: Solver) -> Result<Markov, Unable> {
    solved(sample, &Windows::count(sample, order, nulls, &|| true)?, loops, solver, &|| true)
}

fn solved(
    sample: Sample<'_>,
    windows: &Windows,
    loops: bool,
    solver: Solver,
    go_on: GoOn<'_>,
) -> Result<Markov, Unable> {
    let chain = Chain::without_loops(windows);
    let solver = match solver {
        Solver::Fitting if chain.states() <= FEW_WINDOWS => Solver::Factorisation,
        Solver::Fitting => Solver::Sweeps,
        named => named,
    };
    let effects = removal::effects(&chain, sample.channels(), solver, go_on)?;
    let totals = sample.totals();
    let credit = Credit {
        conversions: Credit::in_proportion(&effects.conversions, totals.conversions),
        value: Credit::in_proportion(&effects.value, totals.value),
    };
    let transitions = if windows.order == 1 { chain::transitions(windows, loops) } else { Vec::new() };
    Ok(Markov {
        order: windows.order as u32,
        p_conversion: effects.p_conversion,
        removal: effects.conversions,
        removal_value: effects.value,
        credit,
        visits: effects.visits,
        states: chain.states(),
        transitions,
    })
}
