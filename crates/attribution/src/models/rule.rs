//! Models that look at one journey at a time: a weight for each touch. Except of participation they sum to 1.

use super::{
    HalfLife, Position, first, geometric, last, last_non, linear, linear_unique, participation, ramp, w_shape,
};
use crate::credit::{Credit, Ledger};
use crate::names::{Channel, Names};
use crate::paths::{Path, Sample};
use crate::unable::Unable;

#[derive(Debug, Clone, PartialEq)]
pub enum Rule {
    First,
    Last,
    /// The channel that is passed over.
    LastNon(String),
    Linear,
    LinearUnique,
    Position(Position),
    J,
    InverseJ,
    /// The channel whose first touch is the milestone; none: the path says which touch led to it.
    WShape(Option<String>),
    Ramp,
    Geometric,
    HalfLife(HalfLife),
    Participation,
}

impl Rule {
    pub fn usual() -> Vec<Rule> {
        vec![
            Rule::First,
            Rule::Last,
            Rule::Linear,
            Rule::LinearUnique,
            Rule::Position(Position::U),
            Rule::J,
            Rule::InverseJ,
            Rule::Ramp,
            Rule::Geometric,
            Rule::HalfLife(HalfLife::WEEK),
            Rule::Participation,
        ]
    }

    /// Errors: `NoTimes` and `NoMilestones` where the rule needs them and there are none.
    pub fn run(&self, sample: Sample<'_>) -> Result<Credit, Unable> {
        if *self == Rule::WShape(None) && !sample.paths.has_milestones() {
            return Err(Unable::NoMilestones);
        }
        let mut weigher = Weigher::new(self, &sample.paths.names);
        let mut ledger = Ledger::new(sample.channels());
        for (path, outcome) in sample.iter().filter(|(path, outcome)| outcome.pays() && !path.touches.is_empty()) {
            let weights = weigher.weigh(path)?;
            for (touch, weight) in path.touches.iter().zip(weights).filter(|(_, weight)| **weight != 0.0) {
                ledger.give(*touch, weight * outcome.conversions, weight * outcome.value);
            }
        }
        Ok(ledger.close())
    }
}

/// A rule made ready for the paths of one set of names.
pub struct Weigher<'r> {
    rule: &'r Rule,
    channel: Option<Channel>,
    /// Zeros between journeys.
    seen: Vec<u32>,
    weights: Vec<f64>,
}

impl<'r> Weigher<'r> {
    pub fn new(rule: &'r Rule, names: &Names) -> Weigher<'r> {
        let channel = match rule {
            Rule::LastNon(name) | Rule::WShape(Some(name)) => names.find(name),
            _ => None,
        };
        Weigher { rule, channel, seen: vec![0; names.len()], weights: Vec::new() }
    }

    /// The weight of each touch. Errors: `NoTimes`.
    pub fn weigh(&mut self, path: Path<'_>) -> Result<&[f64], Unable> {
        self.weights.resize(path.touches.len(), 0.0);
        let (touches, weights) = (path.touches, &mut self.weights);
        match self.rule {
            Rule::First => first::weigh(weights),
            Rule::Last => last::weigh(weights),
            Rule::LastNon(_) => last_non::weigh(touches, self.channel, weights),
            Rule::Linear => linear::weigh(weights),
            Rule::LinearUnique => linear_unique::weigh(touches, &mut self.seen, weights),
            Rule::Position(position) => position.weigh(weights),
            Rule::J => Position::J.weigh(weights),
            Rule::InverseJ => Position::INVERSE_J.weigh(weights),
            Rule::WShape(None) => w_shape::weigh(path.milestone, weights),
            Rule::WShape(Some(_)) => {
                let milestone = touches.iter().position(|touch| Some(*touch) == self.channel);
                w_shape::weigh(milestone, weights);
            }
            Rule::Ramp => ramp::weigh(weights),
            Rule::Geometric => geometric::weigh(weights),
            Rule::HalfLife(_) if path.hours.len() != touches.len() => return Err(Unable::NoTimes),
            Rule::HalfLife(half_life) => half_life.weigh(path.hours, weights),
            Rule::Participation => participation::weigh(touches, &mut self.seen, weights),
        }
        Ok(weights)
    }
}
