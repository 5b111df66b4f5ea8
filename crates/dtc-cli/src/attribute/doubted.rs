//! How far credits can be trusted: intervals, ranks, halves, and how alike the models are.

use attribution::doubt::{Halves, Interval, Options, Stability, bootstrap, pearson, spearman, split_halves};
use attribution::{Answer, Model, Names, Unable};
use serde_json::{Map, Value, json};

use super::Given;
use super::asked::Asked;
use crate::args::Attribute;

pub struct Doubts {
    options: Options,
    /// By model, in the order that was asked for.
    keys: Vec<String>,
    stability: Vec<Result<Stability, Unable>>,
    halves: Vec<Result<Halves, Unable>>,
    /// Models that gave credits, and those.
    credits: Vec<(String, Vec<f64>)>,
}

/// `None`: nobody asked for any.
pub fn doubts(
    given: &Given,
    asked: &[Asked],
    answers: &[Result<Answer, Unable>],
    arguments: &Attribute,
) -> Option<Doubts> {
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
    let conversions = sample.totals().conversions;
    let credits = asked.iter().zip(answers).filter_map(|(asked, answer)| {
        Some((asked.key.clone(), answer.as_ref().ok()?.credit(conversions)?.conversions))
    });
    Some(Doubts {
        options,
        keys: asked.iter().map(|asked| asked.key.clone()).collect(),
        stability: if options.replicates == 0 { Vec::new() } else { bootstrap(sample, &models, &options) },
        halves: if options.splits == 0 { Vec::new() } else { split_halves(sample, &models, &options) },
        credits: credits.collect(),
    })
}

impl Doubts {
    /// As the report takes them.
    pub fn of_report(&self) -> studio::Doubts {
        studio::Doubts { options: self.options, stability: self.stability.clone(), halves: self.halves.clone() }
    }

    /// Of the model under a key, where it could run.
    pub fn of(&self, key: &str) -> Option<&Stability> {
        let place = self.keys.iter().position(|known| known == key)?;
        self.stability.get(place)?.as_ref().ok()
    }

    pub fn object(&self, names: &Names) -> Value {
        let mut models = Map::new();
        for (place, key) in self.keys.iter().enumerate() {
            let mut model = Map::new();
            if let Some(Ok(stability)) = self.stability.get(place) {
                model.insert("replicates".to_owned(), json!(stability.replicates));
                model.insert("rank_agreement".to_owned(), json!(stability.agreement));
                model.insert("channels".to_owned(), channels(stability, names));
            }
            if let Some(Ok(halves)) = self.halves.get(place) {
                let object = json!({
                    "splits": halves.splits,
                    "pearson": halves.pearson,
                    "spearman": halves.spearman,
                    "moved": halves.moved,
                });
                model.insert("halves".to_owned(), object);
            }
            models.insert(key.clone(), Value::Object(model));
        }
        json!({
            "replicates": self.options.replicates,
            "splits": self.options.splits,
            "seed": self.options.seed,
            "level": self.options.level,
            "models": models,
            "pearson": self.correlations(pearson),
            "spearman": self.correlations(spearman),
        })
    }

    fn correlations(&self, measure: fn(&[f64], &[f64]) -> f64) -> Value {
        let line = |one: &[f64]| -> Map<String, Value> {
            self.credits.iter().map(|(key, other)| (key.clone(), json!(measure(one, other)))).collect()
        };
        let lines = self.credits.iter().map(|(key, one)| (key.clone(), Value::Object(line(one))));
        Value::Object(lines.collect())
    }
}

fn channels(stability: &Stability, names: &Names) -> Value {
    let ends = |interval: &Interval| json!([interval.low, interval.high]);
    let lines = names.sorted().into_iter().map(|channel| {
        let index = channel as usize;
        let ranks = stability.ranks[index];
        let mut line = Map::new();
        line.insert("conversions".to_owned(), ends(&stability.conversions[index]));
        line.insert("conversions_error".to_owned(), json!(stability.conversions[index].error));
        line.insert("share".to_owned(), ends(&stability.share[index]));
        line.insert("share_error".to_owned(), json!(stability.share[index].error));
        if let Some(value) = stability.value.get(index) {
            line.insert("value".to_owned(), ends(value));
            line.insert("value_error".to_owned(), json!(value.error));
        }
        line.insert("rank".to_owned(), json!(ranks.rank));
        line.insert("ranks".to_owned(), json!([ranks.low, ranks.high]));
        line.insert("same_rank".to_owned(), json!(ranks.same));
        (names.name(channel).to_owned(), Value::Object(line))
    });
    Value::Object(lines.collect())
}
