//! Lanes side by side, as Lambda runs those of a stream or a queue: a thread each. Refuses to know what they hold.

use anyhow::{Result, anyhow};

/// What came of lanes.
#[derive(Debug)]
pub struct Outcome<G> {
    pub given_up: Vec<G>,
    pub calls: usize,
}

impl<G> Default for Outcome<G> {
    fn default() -> Outcome<G> {
        Outcome { given_up: Vec::new(), calls: 0 }
    }
}

/// Brings each lane, by its number, and adds up what came of them in their order.
pub fn side_by_side<L: Send, G: Send>(
    lanes: Vec<L>,
    bring: impl Fn(usize, L) -> Result<Outcome<G>> + Sync,
) -> Result<Outcome<G>> {
    let bring = &bring;
    let outcomes: Vec<Result<Outcome<G>>> = std::thread::scope(|scope| {
        let started: Vec<_> =
            lanes.into_iter().enumerate().map(|(number, lane)| scope.spawn(move || bring(number, lane))).collect();
        started.into_iter().map(|lane| lane.join().unwrap_or_else(|_| Err(anyhow!("a lane panicked")))).collect()
    });
    let mut all = Outcome::default();
    for outcome in outcomes {
        let outcome = outcome?;
        all.calls += outcome.calls;
        all.given_up.extend(outcome.given_up);
    }
    Ok(all)
}
