//! Removal effects of all channels at once.
//!
//! With N = (I − Q)⁻¹, x = s₀ᵀN (visits), h = N·R (chance to convert) and P = s₀ᵀh, removing the states G of a channel
//! costs RE = x_Gᵀ (N_GG)⁻¹ h_G / P: one factorisation serves every channel. In words: f = (N_GG)⁻ᵀ x_G is how a
//! walk first enters G, so RE = P(visit the channel | convert). Many windows: f by sweeps, `sweeps`.

use super::Solver;
use super::chain::Chain;
use super::dense::Matrix;
use super::sweeps;
use crate::names::Channel;
use crate::runs::GoOn;
use crate::unable::Unable;

pub(super) struct Effects {
    pub p_conversion: f64,
    pub conversions: Vec<f64>,
    pub value: Vec<f64>,
    pub visits: Vec<f64>,
}

/// A chain solved as a whole.
struct Whole {
    visits: Vec<f64>,
    /// Chance to convert and expected value from each state.
    worth: Vec<f64>,
    worth_value: Vec<f64>,
}

pub(super) fn effects(chain: &Chain, channels: usize, solver: Solver, go_on: GoOn<'_>) -> Result<Effects, Unable> {
    let inverse = if solver == Solver::Sweeps { None } else { Some(inverse(chain)?) };
    let whole = match &inverse {
        Some(inverse) => Whole::by_inverse(chain, inverse),
        None => Whole::by_sweeps(chain, go_on)?,
    };
    let p_conversion = product(&chain.start, &whole.worth);
    let p_value = product(&chain.start, &whole.worth_value);
    let mut effects =
        Effects { p_conversion, conversions: Vec::new(), value: Vec::new(), visits: Vec::with_capacity(channels) };
    for channel in 0..channels as Channel {
        let group = chain.group(channel);
        let entries = match &inverse {
            Some(inverse) => entries_by_inverse(inverse, &group, &whole.visits)?,
            None => entries_by_sweeps(chain, &group, go_on)?,
        };
        let lost = |worth: &[f64], all: f64| {
            let sum: f64 = group.iter().zip(&entries).map(|(state, entry)| entry * worth[*state]).sum();
            if all == 0.0 { 0.0 } else { sum / all }
        };
        effects.conversions.push(lost(&whole.worth, p_conversion));
        effects.value.push(lost(&whole.worth_value, p_value));
        effects.visits.push(group.iter().map(|state| whole.visits[*state]).sum());
    }
    Ok(effects)
}

fn product(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}

/// Up to this many states the inverse fits into 128 MB.
const MOST_DENSE: usize = 4000;

fn inverse(chain: &Chain) -> Result<Matrix, Unable> {
    let states = chain.states();
    if states > MOST_DENSE {
        return Err(Unable::TooMuch("windows in one factorisation", states as f64));
    }
    let mut matrix = Matrix::zero(states);
    for state in 0..states {
        matrix.set(state, state, 1.0);
        for (from, probability) in chain.into(state) {
            matrix.set(*from as usize, state, -probability);
        }
    }
    Ok(matrix.factorise().ok_or(Unable::NotSettled)?.inverse())
}

impl Whole {
    fn by_inverse(chain: &Chain, inverse: &Matrix) -> Whole {
        let size = inverse.size();
        let column = |state: usize| (0..size).map(|from| chain.start[from] * inverse.at(from, state)).sum();
        let row = |end: &[f64], state: usize| (0..size).map(|to| inverse.at(state, to) * end[to]).sum();
        Whole {
            visits: (0..size).map(column).collect(),
            worth: (0..size).map(|state| row(&chain.convert, state)).collect(),
            worth_value: (0..size).map(|state| row(&chain.reward, state)).collect(),
        }
    }

    fn by_sweeps(chain: &Chain, go_on: GoOn<'_>) -> Result<Whole, Unable> {
        Ok(Whole {
            visits: sweeps::visits(chain, &vec![false; chain.states()], go_on)?,
            worth: sweeps::worth(chain, &chain.convert, go_on)?,
            worth_value: sweeps::worth(chain, &chain.reward, go_on)?,
        })
    }
}

/// How a walk first enters the group, by its states.
fn entries_by_inverse(inverse: &Matrix, group: &[usize], visits: &[f64]) -> Result<Vec<f64>, Unable> {
    if let [only] = group {
        return Ok(vec![visits[*only] / inverse.at(*only, *only)]);
    }
    let mut part = Matrix::zero(group.len());
    for (row, from) in group.iter().enumerate() {
        for (column, of) in group.iter().enumerate() {
            part.set(column, row, inverse.at(*from, *of));
        }
    }
    let right: Vec<f64> = group.iter().map(|state| visits[*state]).collect();
    Ok(part.factorise().ok_or(Unable::NotSettled)?.solve(&right))
}

fn entries_by_sweeps(chain: &Chain, group: &[usize], go_on: GoOn<'_>) -> Result<Vec<f64>, Unable> {
    let mut stop = vec![false; chain.states()];
    group.iter().for_each(|state| stop[*state] = true);
    let visits = sweeps::visits(chain, &stop, go_on)?;
    Ok(group.iter().map(|state| visits[*state]).collect())
}
