//! `dtc attribute`: journeys in, credit per touch point out, by every model.

mod asked;
mod columns;
mod comparison;
mod doubted;
mod events;
mod reading;
mod reported;
mod stores;

use std::io::{self, BufWriter, Write};

use attribution::doubt::Options;
use attribution::markov::order::{Choice, choose};
use attribution::{Answer, Model, Paths, Unable, run_all};
use dtc_lang::document::Warehouse;
use serde_json::{Value, json};
use studio_api::RunComparison;

use crate::args::{Attribute, CreditFormat};
use crate::failure::{Failure, Outcome, printing};
use asked::Asked;
use doubted::Doubts;

/// What there is to credit, and what its document says about it.
pub struct Given {
    /// What the paths were read from, in the user's words.
    pub dataset: String,
    pub paths: Paths,
    /// What the touches of each channel cost; empty where nobody knows.
    pub costs: Vec<f64>,
    /// Records that could not be used.
    pub unusable: u64,
    /// The document's models; `None`: there is no document.
    pub models: Option<Vec<Model>>,
    pub doubt: Options,
    /// Where scores may be written.
    pub stores: Vec<Warehouse>,
}

/// What the models said about some paths.
pub struct Said<'g> {
    pub given: &'g Given,
    pub answers: Vec<(Asked, Result<Answer, Unable>)>,
    pub doubts: Option<Doubts>,
    pub order: Option<Result<Choice, Unable>>,
    pub compared: Option<RunComparison>,
}

pub fn run(arguments: &Attribute) -> Outcome {
    let given = reading::read(arguments)?;
    let earlier = arguments.compare.as_deref().map(|named| comparison::read(named, &given)).transpose()?;
    let asked = asked::asked(&arguments.models, &given)?;
    let answers = answers(&given.paths, &asked, arguments.threads);
    let doubts = doubted::doubts(&given, &asked, arguments);
    let order = arguments.choose_order.map(|most| choose(given.paths.sample(), most));
    let answers = asked.into_iter().zip(answers).collect();
    let mut said = Said { given: &given, answers, doubts, order, compared: None };
    let keeps = earlier.is_some() || arguments.format == CreditFormat::Json;
    let mut object = if keeps { said.object() } else { Value::Null };
    said.compared = earlier.map(|earlier| comparison::compared(&earlier, &object)).transpose()?;
    if let Some(compared) = &said.compared {
        object["compared"] = comparison::object(compared);
    }
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let written = match arguments.format {
        CreditFormat::Json => {
            serde_json::to_writer_pretty(&mut out, &object).map_err(io::Error::from).and_then(|()| writeln!(out))
        }
        CreditFormat::Csv => columns::csv(&said, &mut out),
        CreditFormat::Human => columns::human(&said, &mut out),
    };
    written.and_then(|()| out.flush()).map_err(|error| printing(&error))?;
    reported::write(&said, arguments)?;
    for (asked, answer) in &said.answers {
        if let Err(unable) = answer {
            eprintln!("note: {} gives nothing: {unable}", asked.key);
        }
    }
    if said.answers.iter().all(|(_, answer)| answer.is_err()) {
        return Err(Failure::Message("no model could run".to_owned()));
    }
    match &arguments.write {
        Some(store) => stores::write(&said, store, &arguments.run),
        None => Ok(()),
    }
}

/// What is asked as the report takes it.
pub struct Parted {
    pub models: Vec<Model>,
    pub answers: Vec<Result<Answer, Unable>>,
    pub keys: Vec<String>,
}

impl Said<'_> {
    pub fn parted(&self) -> Parted {
        let mut parted = Parted { models: Vec::new(), answers: Vec::new(), keys: Vec::new() };
        for (asked, answer) in &self.answers {
            parted.models.push(asked.model.clone());
            parted.answers.push(answer.clone());
            parted.keys.push(asked.key.clone());
        }
        parted
    }

    pub fn computed<'a>(&'a self, name: &'a str, parted: &'a Parted) -> studio::Computed<'a> {
        studio::Computed {
            name,
            paths: &self.given.paths,
            costs: &self.given.costs,
            unusable: self.given.unusable,
            models: &parted.models,
            answers: &parted.answers,
            doubts: self.doubts.as_ref().map(|doubts| &doubts.of_report),
            order: self.order.as_ref().and_then(|order| order.as_ref().ok()),
        }
    }

    /// As JSON; why there is no order stands in its place.
    fn object(&self) -> Value {
        let parted = self.parted();
        let mut object = studio::run_object(&self.computed(&self.given.dataset, &parted), &parted.keys);
        if let Some(Err(unable)) = &self.order {
            object["markov_order"] = json!({"code": unable.code(), "message": unable.to_string()});
        }
        object
    }
}

/// Runs what is asked; chains that differ only in loops once.
fn answers(paths: &Paths, asked: &[Asked], threads: usize) -> Vec<Result<Answer, Unable>> {
    let mut models: Vec<Model> = Vec::new();
    let places: Vec<(usize, bool)> = asked
        .iter()
        .map(|asked| {
            let (model, with_loops) = with_loops(&asked.model);
            let place = models.iter().position(|known| *known == model).unwrap_or_else(|| {
                models.push(model);
                models.len() - 1
            });
            (place, with_loops)
        })
        .collect();
    let answers = run_all(paths.sample(), &models, threads);
    let answer = |(place, with_loops): (usize, bool)| match &answers[place] {
        Ok(Answer::Markov(markov)) if !with_loops => Ok(Answer::Markov(Box::new(markov.without_loops()))),
        other => other.clone(),
    };
    places.into_iter().map(answer).collect()
}

fn with_loops(model: &Model) -> (Model, bool) {
    match model {
        Model::Markov { order, loops, nulls } => (Model::Markov { order: *order, loops: true, nulls: *nulls }, *loops),
        other => (other.clone(), true),
    }
}
