//! `dtc bandit`: decisions joined with rewards, and what a policy would have earned.

mod evaluate;
mod join;
mod table;

use crate::args::Bandit;
use crate::failure::Outcome;

pub fn run(command: &Bandit) -> Outcome {
    match command {
        Bandit::Evaluate(arguments) => evaluate::run(arguments),
        Bandit::Join(arguments) => join::run(arguments),
    }
}
