//! Which order a chain should have: the one that foretells journeys it has not seen.
//!
//! Journeys are dealt into folds. Each order k learns on the other folds how likely each next step is after the last k
//! touches, and is scored by the log likelihood of the fold's journeys. A history leans on how likely steps are at all:
//! p_k(x | h) = (n(h, x) + p_0(x)) / (n(h) + 1), and one that was never seen on the shorter one. Chosen is the lowest
//! order that is within one standard error of the best.
//!
//! Source: Dirichlet priors as MacKay and Peto 1995; the one-standard-error rule of Breiman et al. 1984.

use crate::folds::deal;
use crate::names::Channel;
use crate::paths::{Outcome, Sample};
use crate::unable::Unable;

/// The highest order that is compared where nobody says another.
pub const MOST_CHOSEN: u32 = 4;

const FOLDS: usize = 5;
const SEED: u64 = 0xd0e5;
/// Numbers of the table of histories, 8 bytes each.
const MOST_CELLS: usize = 12_000_000;
const NONE: u32 = u32::MAX;
/// Paths between two looks at whether to go on.
const STRIDE: usize = 4_096;

#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    pub chosen: u32,
    /// From order 0 (steps do not depend on touches) on.
    pub orders: Vec<OrderScore>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OrderScore {
    pub order: u32,
    /// Natural log likelihood of a journey that was held out, on average.
    pub log_likelihood: f64,
    /// Standard error of the difference to the best order.
    pub error: f64,
}

/// Compares the orders from 1 to `most` (and 0, for scale). Errors: `NoConversions`, `BadParameter`, `TooMuch`.
pub fn choose(sample: Sample<'_>, most: u32) -> Result<Choice, Unable> {
    // Nobody stops it, so there is a choice.
    choose_while(sample, most, &|| true).unwrap_or(Err(Unable::NoConversions))
}

/// The same until `go_on` says no, which is asked every few thousand paths; `None` then.
pub fn choose_while(sample: Sample<'_>, most: u32, go_on: &dyn Fn() -> bool) -> Option<Result<Choice, Unable>> {
    match scored(sample, most, go_on) {
        Ok(Some(scores)) => Some(Ok(scores.choose())),
        Ok(None) => None,
        Err(unable) => Some(Err(unable)),
    }
}

/// `None`: it was stopped.
fn scored(sample: Sample<'_>, most: u32, go_on: &dyn Fn() -> bool) -> Result<Option<Scores>, Unable> {
    if most == 0 {
        return Err(Unable::BadParameter("the highest order", "a whole number from 1 on"));
    }
    if sample.totals().conversions == 0.0 {
        return Err(Unable::NoConversions);
    }
    let dealt = deal(sample, FOLDS, SEED);
    let mut histories = Histories::new(sample.channels(), most as usize);
    let touched = || sample.iter().enumerate().filter(|(_, (path, _))| !path.touches.is_empty());
    let stops = |index: usize| index.is_multiple_of(STRIDE) && !go_on();
    for (index, (path, _)) in touched() {
        if stops(index) {
            return Ok(None);
        }
        for (fold, outcomes) in dealt.iter().enumerate() {
            histories.learn(path.touches, fold, outcomes[index])?;
        }
    }
    let mut scores = Scores::new(most as usize + 1);
    for (index, (path, _)) in touched() {
        if stops(index) {
            return Ok(None);
        }
        for (fold, outcomes) in dealt.iter().enumerate() {
            histories.score(path.touches, fold, outcomes[index], &mut scores);
        }
    }
    Ok(Some(scores))
}

/// What followed each history of up to `depth` touches, by fold. A history is a node; its children add the touch
/// before it, or the start of the journey.
struct Histories {
    channels: usize,
    depth: usize,
    /// By node and channel, the start being the last.
    children: Vec<u32>,
    /// By node, fold (the last: all folds) and step: channels, conversion, null, any.
    counts: Vec<f64>,
}

impl Histories {
    fn new(channels: usize, depth: usize) -> Histories {
        let mut histories = Histories { channels, depth, children: Vec::new(), counts: Vec::new() };
        histories.add();
        histories
    }

    /// Channels, conversion and null.
    fn steps(&self) -> usize {
        self.channels + 2
    }

    fn cells(&self, node: usize, fold: usize) -> usize {
        (node * (FOLDS + 1) + fold) * (self.steps() + 1)
    }

    fn count(&mut self, node: usize, fold: usize, step: usize, journeys: f64) {
        let any = self.steps();
        for fold in [fold, FOLDS] {
            let cells = self.cells(node, fold);
            self.counts[cells + step] += journeys;
            self.counts[cells + any] += journeys;
        }
    }

    fn add(&mut self) -> u32 {
        let node = (self.children.len() / (self.channels + 1)) as u32;
        self.children.resize(self.children.len() + self.channels + 1, NONE);
        self.counts.resize(self.counts.len() + (FOLDS + 1) * (self.steps() + 1), 0.0);
        node
    }

    /// The touch `back` before `place`, or the start.
    fn symbol(&self, touches: &[Channel], place: usize, back: usize) -> Option<usize> {
        match place.checked_sub(back) {
            Some(at) => Some(touches[at] as usize),
            None if back == place + 1 => Some(self.channels),
            None => None,
        }
    }

    fn learn(&mut self, touches: &[Channel], fold: usize, outcome: Outcome) -> Result<(), Unable> {
        if outcome.journeys() == 0.0 {
            return Ok(());
        }
        for place in 0..=touches.len() {
            let mut node = 0;
            for back in 1..=self.depth + 1 {
                match touches.get(place) {
                    Some(touch) => self.count(node as usize, fold, *touch as usize, outcome.journeys()),
                    None => {
                        self.count(node as usize, fold, self.channels, outcome.conversions);
                        self.count(node as usize, fold, self.channels + 1, outcome.nulls);
                    }
                }
                let symbol = self.symbol(touches, place, back).filter(|_| back <= self.depth);
                let Some(symbol) = symbol else { break };
                let child = node as usize * (self.channels + 1) + symbol;
                if self.children[child] == NONE {
                    if self.counts.len() > MOST_CELLS {
                        return Err(Unable::TooMuch("numbers for its histories, at least", MOST_CELLS as f64));
                    }
                    self.children[child] = self.add();
                }
                node = self.children[child];
            }
        }
        Ok(())
    }

    fn score(&self, touches: &[Channel], fold: usize, outcome: Outcome, scores: &mut Scores) {
        if outcome.journeys() == 0.0 {
            return;
        }
        let mut before = vec![0.0; self.depth + 1];
        for (place, touch) in touches.iter().enumerate() {
            self.likelihoods(touches, place, *touch as usize, fold, &mut before);
        }
        for (step, journeys) in [(self.channels, outcome.conversions), (self.channels + 1, outcome.nulls)] {
            if journeys > 0.0 {
                let mut whole = before.clone();
                self.likelihoods(touches, touches.len(), step, fold, &mut whole);
                scores.add(&whole, journeys);
            }
        }
    }

    /// Adds the log likelihood of a step under each order.
    fn likelihoods(&self, touches: &[Channel], place: usize, step: usize, fold: usize, sums: &mut [f64]) {
        let mut probability = 1.0 / self.steps() as f64;
        let (mut prior, mut node) = (probability, Some(0_usize));
        for (order, sum) in sums.iter_mut().enumerate() {
            if let Some(at) = node {
                let others =
                    |step| self.counts[self.cells(at, FOLDS) + step] - self.counts[self.cells(at, fold) + step];
                let (hits, all) = (others(step), others(self.steps()));
                if all > 0.0 {
                    probability = (hits + prior) / (all + 1.0);
                }
                if order == 0 {
                    prior = probability;
                }
                node = self.symbol(touches, place, order + 1).and_then(|symbol| {
                    let child = *self.children.get(at * (self.channels + 1) + symbol)?;
                    (child != NONE).then_some(child as usize)
                });
            }
            *sum += probability.ln();
        }
    }
}

/// Sums over journeys of log likelihoods, and of squares of their differences.
struct Scores {
    journeys: f64,
    sums: Vec<f64>,
    squares: Vec<Vec<f64>>,
}

impl Scores {
    fn new(orders: usize) -> Scores {
        Scores { journeys: 0.0, sums: vec![0.0; orders], squares: vec![vec![0.0; orders]; orders] }
    }

    fn add(&mut self, likelihoods: &[f64], journeys: f64) {
        self.journeys += journeys;
        for (one, likelihood) in likelihoods.iter().enumerate() {
            self.sums[one] += journeys * likelihood;
            for (other, than) in likelihoods.iter().enumerate() {
                self.squares[one][other] += journeys * (likelihood - than) * (likelihood - than);
            }
        }
    }

    fn choose(self) -> Choice {
        let means: Vec<f64> = self.sums.iter().map(|sum| sum / self.journeys).collect();
        let best = (1..means.len()).max_by(|a, b| means[*a].total_cmp(&means[*b]).then(b.cmp(a))).unwrap_or(1);
        let error = |order: usize| {
            let mean = means[best] - means[order];
            let variance = (self.squares[best][order] / self.journeys - mean * mean).max(0.0);
            (variance / self.journeys).sqrt()
        };
        let orders: Vec<OrderScore> = (0..means.len())
            .map(|order| OrderScore { order: order as u32, log_likelihood: means[order], error: error(order) })
            .collect();
        let fits = |score: &&OrderScore| score.order > 0 && means[best] - score.log_likelihood <= score.error;
        let chosen = orders.iter().find(fits).map_or(best as u32, |score| score.order);
        Choice { chosen, orders }
    }
}
