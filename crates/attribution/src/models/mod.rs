//! The models by name. Adding one: a file here, a line in each match below.
//!
//! Rules give every touch of a journey a share, from that journey alone; `game` and `markov` look at all of them.

pub mod first;
pub mod geometric;
pub mod half_life;
pub mod last;
pub mod last_non;
pub mod linear;
pub mod linear_unique;
pub mod ordered_shapley;
pub mod participation;
pub mod position;
pub mod ramp;
mod rule;
pub mod shapley;
pub mod w_shape;
mod written;

pub use half_life::HalfLife;
pub use ordered_shapley::Ordered;
pub use position::Position;
pub use rule::{Rule, Weigher};
pub use written::{NAMES, UnknownModel};

use crate::credit::Credit;
use crate::game::{self, Rates};
use crate::markov::order::{MOST_CHOSEN, choose_while};
use crate::markov::{Markov, Nulls};
use crate::paths::Sample;
use crate::runs::GoOn;
use crate::unable::Unable;

#[derive(Debug, Clone, PartialEq)]
pub enum Model {
    Rule(Rule),
    Shapley,
    OrderedShapley,
    RateExactSet,
    RateSubset,
    RatePerJourney,
    /// Order from 1 on.
    Markov {
        order: u32,
        loops: bool,
        nulls: Nulls,
    },
    /// A chain of the order up to `MOST_CHOSEN` that foretells held-out journeys best.
    MarkovChosen,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    Credit(Credit),
    Ordered(Ordered),
    Rates(Rates),
    Markov(Box<Markov>),
}

impl Answer {
    /// Conversions and value by channel, summing to those of the sample, except that participation gives more. A
    /// game of rates shares the conversions out in proportion; without a positive sum it has no such column, and
    /// it never has values.
    pub fn credit(&self, conversions: f64) -> Option<Credit> {
        match self {
            Answer::Credit(credit) => Some(credit.clone()),
            Answer::Ordered(ordered) => Some(ordered.credit()),
            Answer::Markov(markov) => Some(markov.credit.clone()),
            Answer::Rates(rates) => rates.credit(conversions),
        }
    }
}

impl Model {
    /// Every model once, with the parameters that are usual; those that need a name of a channel are left out.
    pub fn usual() -> Vec<Model> {
        let mut all: Vec<Model> = Rule::usual().into_iter().map(Model::Rule).collect();
        all.extend([
            Model::Shapley,
            Model::OrderedShapley,
            Model::RateExactSet,
            Model::RateSubset,
            Model::RatePerJourney,
        ]);
        all.extend((1..=3).map(|order| Model::Markov { order, loops: true, nulls: Nulls::Counted }));
        all
    }

    /// What this model says about a sample, or why it says nothing.
    pub fn run(&self, sample: Sample<'_>) -> Result<Answer, Unable> {
        self.run_while(sample, &|| true)
    }

    /// The same; `Stopped` soon after `go_on` said no. Rules and Shapley's closed form are as quick as looking at the
    /// journeys and never ask.
    pub fn run_while(&self, sample: Sample<'_>, go_on: GoOn<'_>) -> Result<Answer, Unable> {
        match self {
            Model::Rule(rule) => rule.run(sample).map(Answer::Credit),
            Model::Shapley => Ok(Answer::Credit(shapley::run(sample))),
            Model::OrderedShapley => Ok(Answer::Ordered(ordered_shapley::run(sample))),
            Model::RateExactSet => game::exact_set::run(sample).map(Answer::Rates),
            Model::RateSubset => game::subset::run(sample, go_on).map(Answer::Rates),
            Model::RatePerJourney => game::per_journey::run(sample, go_on).map(Answer::Rates),
            Model::Markov { order, loops, nulls } => {
                let ran = crate::markov::run_while(sample, *order, *loops, *nulls, go_on);
                ran.map(|markov| Answer::Markov(Box::new(markov)))
            }
            Model::MarkovChosen => chosen(sample, go_on)?.run_while(sample, go_on),
        }
    }

    /// The same model without what is left to the journeys: doubts about a chain are about the one that was chosen.
    pub(crate) fn settled(&self, sample: Sample<'_>) -> Model {
        match self {
            Model::MarkovChosen => chosen(sample, &|| true).unwrap_or(Model::MarkovChosen),
            other => other.clone(),
        }
    }

    /// Whether its credits sum to the conversions and the value of the sample.
    pub fn is_efficient(&self) -> bool {
        !matches!(self, Model::Rule(Rule::Participation))
    }
}

fn chosen(sample: Sample<'_>, go_on: GoOn<'_>) -> Result<Model, Unable> {
    let order = choose_while(sample, MOST_CHOSEN, go_on).unwrap_or(Err(Unable::Stopped))?.chosen;
    Ok(Model::Markov { order, loops: true, nulls: Nulls::Counted })
}
