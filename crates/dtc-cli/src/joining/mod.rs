//! `dtc join`: the join service by a document's rule, and a load generator for it.

mod serve;
mod simulate;

use crate::args::Join;
use crate::failure::Outcome;

pub fn run(command: Join) -> Outcome {
    match command {
        Join::Serve(arguments) => serve::run(arguments),
        Join::Simulate(arguments) => simulate::run(&arguments),
    }
}
