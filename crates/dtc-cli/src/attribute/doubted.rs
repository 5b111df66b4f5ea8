//! How far credits can be trusted, where somebody asks: intervals, ranks and halves.

use attribution::Model;
use attribution::doubt::{Options, Stability, bootstrap, split_halves};

use super::Given;
use super::asked::Asked;
use crate::args::Attribute;

pub struct Doubts {
    /// As the report takes them.
    pub of_report: studio::Doubts,
    /// By model, in the order that was asked for.
    keys: Vec<String>,
}

/// `None`: nobody asked for any.
pub fn doubts(given: &Given, asked: &[Asked], arguments: &Attribute) -> Option<Doubts> {
    let options = Options {
        replicates: arguments.replicates.unwrap_or(given.doubt.replicates),
        splits: arguments.splits.unwrap_or(given.doubt.splits),
        seed: arguments.seed.unwrap_or(given.doubt.seed),
        threads: arguments.threads,
        ..given.doubt
    };
    if options.replicates == 0 && options.splits == 0 {
        return None;
    }
    let sample = given.paths.sample();
    let models: Vec<Model> = asked.iter().map(|asked| asked.model.clone()).collect();
    let stability = if options.replicates == 0 { Vec::new() } else { bootstrap(sample, &models, &options) };
    let halves = if options.splits == 0 { Vec::new() } else { split_halves(sample, &models, &options) };
    let keys = asked.iter().map(|asked| asked.key.clone()).collect();
    Some(Doubts { of_report: studio::Doubts { options, stability, halves }, keys })
}

impl Doubts {
    /// Of the model under a key, where it could run.
    pub fn of(&self, key: &str) -> Option<&Stability> {
        let place = self.keys.iter().position(|known| known == key)?;
        self.of_report.stability.get(place)?.as_ref().ok()
    }
}
