//! `dtc join`: the join service by a document's rule, a load generator for it, and its log read again.

mod policies;
mod replay;
mod serve;
mod simulate;

pub use serve::read as document;

use crate::args::Join;
use crate::failure::Outcome;

pub fn run(command: Join) -> Outcome {
    match command {
        Join::Serve(arguments) => serve::run(arguments),
        Join::Simulate(arguments) => simulate::run(&arguments),
        Join::Replay(arguments) => replay::run(&arguments),
    }
}
