//! Chains of many windows: Gauss-Seidel sweeps over the steps. Every term is positive and every sweep only adds, so
//! nothing cancels and small probabilities keep their digits.

use super::chain::Chain;
use crate::runs::GoOn;
use crate::unable::Unable;

const MOST_SWEEPS: usize = 20_000;
/// Relative change of a number that counts as none.
const STILL: f64 = 1e-15;

/// Expected visits to each state: x = s₀ + Qᵀx, where walks that enter a state of `stop` go no further.
pub(super) fn visits(chain: &Chain, stop: &[bool], go_on: GoOn<'_>) -> Result<Vec<f64>, Unable> {
    let mut visits = vec![0.0; chain.states()];
    for _ in 0..MOST_SWEEPS {
        if !go_on() {
            return Err(Unable::Stopped);
        }
        let mut moved = false;
        for state in 0..chain.states() {
            let mut sum = chain.start[state];
            for (from, probability) in chain.into(state) {
                if !stop[*from as usize] {
                    sum += visits[*from as usize] * probability;
                }
            }
            moved |= sum - visits[state] > STILL * sum;
            visits[state] = sum;
        }
        if !moved {
            return Ok(visits);
        }
    }
    Err(Unable::NotSettled)
}

/// What a walk from each state is expected to bring at its end: h = r + Qh.
pub(super) fn worth(chain: &Chain, end: &[f64], go_on: GoOn<'_>) -> Result<Vec<f64>, Unable> {
    let mut onward: Vec<Vec<(u32, f64)>> = vec![Vec::new(); chain.states()];
    for state in 0..chain.states() {
        for (from, probability) in chain.into(state) {
            onward[*from as usize].push((state as u32, *probability));
        }
    }
    let mut worth = vec![0.0; chain.states()];
    for _ in 0..MOST_SWEEPS {
        if !go_on() {
            return Err(Unable::Stopped);
        }
        let mut moved = false;
        for state in (0..chain.states()).rev() {
            let (mut sum, mut size) = (end[state], end[state].abs());
            for (to, probability) in &onward[state] {
                sum += probability * worth[*to as usize];
                size += probability * worth[*to as usize].abs();
            }
            moved |= (sum - worth[state]).abs() > STILL * size;
            worth[state] = sum;
        }
        if !moved {
            return Ok(worth);
        }
    }
    Err(Unable::NotSettled)
}
