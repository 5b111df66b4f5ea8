//! `dtc bandit`: decisions joined with rewards, and what a policy would have earned.

mod bins;
mod convert;
mod evaluate;
mod join;
mod log;
mod policies;
mod table;

use crate::args::Bandit;
use crate::failure::Outcome;

pub fn run(command: &Bandit) -> Outcome {
    match command {
        Bandit::Evaluate(arguments) => evaluate::run(arguments),
        Bandit::Convert(arguments) => convert::run(arguments),
        Bandit::Join(arguments) => join::run(arguments),
    }
}
