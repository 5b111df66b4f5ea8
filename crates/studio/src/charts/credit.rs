//! From records to journeys by an attribution document.

use attribution::doubt::Options;
use attribution::{Cycles, Events, Journeys, Model, Preparation};
use dtc_expr::{Program, Value};
use dtc_io::Projection;
use dtc_lang::document::Attribution;
use studio_api::ApiError;

use super::blocks::{Around, Blocks};
use super::expressions::{Compiler, Data, Record, each_record};
use crate::error::invalid;

/// The expressions of an attribution document: which records are touches and conversions, of whom, when.
pub struct JourneyPrograms {
    when: Option<Program>,
    /// `None`: that of the block.
    identity: Option<Program>,
    /// `None`: the start of the block.
    time: Option<Program>,
    touch_when: Option<Program>,
    touch: Program,
    cost: Option<Program>,
    conversion_when: Program,
    conversion_value: Option<Program>,
    milestone_when: Option<Program>,
}

/// The document's models, the journeys of its events, and how many records could not be used.
pub(crate) fn journeys(
    name: &str,
    document: &Attribution,
    around: &Around<'_>,
    data: &Data<'_>,
) -> Result<(Vec<Model>, Journeys, u64), ApiError> {
    let models = credit_models(name, document)?;
    let (programs, projection) = JourneyPrograms::compile(name, document, around)?;
    let mut events = Events::new();
    let mut unusable = 0;
    let take = |record: &mut Record| unusable += u64::from(programs.take(record, &mut events).is_none());
    let bad = match Blocks::of(document, around)? {
        Some(blocks) => blocks.each_of(data, take)?,
        None => each_record(data, &projection, document.header.mode, take)?.count,
    };
    Ok((models, events.prepare(&preparation(document)), bad + unusable))
}

impl JourneyPrograms {
    /// The programs, and what of the records they read. `name` is the document's in errors.
    pub fn compile(
        name: &str,
        document: &Attribution,
        around: &Around<'_>,
    ) -> Result<(JourneyPrograms, Projection), ApiError> {
        let scope = dtc_lang::scopes::attribution(document, around.streams, around.functions);
        let mut compiler = Compiler::new(name, &scope);
        let when = document.header.when.as_ref().map(|when| compiler.compile(when));
        let identity = document.identity.as_ref().map(|identity| compiler.compile(identity));
        let time = document.time.as_ref().map(|time| compiler.compile(time));
        let touch_when = document.touch.when.as_ref().map(|when| compiler.compile(when));
        let touch = compiler.compile(&document.touch.value);
        let cost = document.touch.cost.as_ref().map(|cost| compiler.compile(cost));
        let conversion_when = compiler.compile(&document.conversion_when);
        let conversion_value = document.conversion_value.as_ref().map(|value| compiler.compile(value));
        let milestone_when = document.milestone_when.as_ref().and_then(|when| compiler.compile(when));
        let projection = compiler.finish()?;
        let (Some(touch), Some(conversion_when)) = (touch, conversion_when) else {
            return Err(invalid(format!("{name} has expressions that do not compile.")));
        };
        let programs = JourneyPrograms {
            when: when.flatten(),
            identity: identity.flatten(),
            time: time.flatten(),
            touch_when: touch_when.flatten(),
            touch,
            cost: cost.flatten(),
            conversion_when,
            conversion_value: conversion_value.flatten(),
            milestone_when,
        };
        Ok((programs, projection))
    }

    /// Adds what the record says; `None`: it cannot be used. A cost or value that is no number counts as 0.
    pub fn take(&self, record: &mut Record, events: &mut Events) -> Option<()> {
        if let Some(when) = &self.when
            && !record.holds(when)?
        {
            return Some(());
        }
        let is_touch = match &self.touch_when {
            Some(when) => record.holds(when)?,
            None => true,
        };
        let converts = record.holds(&self.conversion_when)?;
        let is_milestone = match &self.milestone_when {
            Some(when) => record.holds(when)?,
            None => false,
        };
        if !is_touch && !converts && !is_milestone {
            return Some(());
        }
        let identity = match &self.identity {
            Some(identity) => record.text(identity)?,
            None => record.block_identity()?,
        };
        let time = match &self.time {
            Some(time) => record.millis(time)?,
            None => record.block_start()?,
        };
        let touch = if is_touch { Some(record.text(&self.touch)?) } else { None };
        if let Some(touch) = touch {
            events.touch(&identity, time, &touch, amount(record, &self.cost));
        }
        if is_milestone {
            events.milestone(&identity, time);
        }
        if converts {
            events.conversion(&identity, time, amount(record, &self.conversion_value));
        }
        Some(())
    }
}

/// Blanks are 0, and so is what is no number, which is counted.
fn amount(record: &mut Record, program: &Option<Program>) -> f64 {
    let Some(program) = program else { return 0.0 };
    let found: Option<f64> = match record.value(program) {
        Some(Value::Int(number)) => Some(number as f64),
        Some(Value::Float(number)) => Some(number),
        Some(Value::Str(text)) if !text.trim().is_empty() => text.trim().parse().ok(),
        Some(Value::Str(_) | Value::None) => Some(0.0),
        _ => None,
    };
    let found = found.filter(|number| number.is_finite());
    record.unread += u64::from(found.is_none());
    found.unwrap_or_default()
}

const SECOND_MS: f64 = 1000.0;
const DAY_MS: f64 = 86_400_000.0;

/// The steps from events to journeys that a document asks for.
pub fn preparation(document: &Attribution) -> Preparation {
    let steps = &document.journeys;
    let millis = |amount: Option<f64>, unit: f64| amount.map(|amount| (amount * unit).min(i64::MAX as f64) as i64);
    Preparation {
        cycles: if steps.repeat { Cycles::Repeat } else { Cycles::First },
        lookback_ms: millis(steps.lookback_days, DAY_MS),
        repeat_within_ms: millis(steps.repeat_within_seconds, SECOND_MS),
        exclude: steps.exclude.clone(),
        top: steps.top.map(|top| usize::try_from(top).unwrap_or(usize::MAX)),
        others: steps.others.clone(),
        groups: steps.groups.clone(),
    }
}

/// What a document wants to know about its credits' doubts.
pub fn doubts(document: &Attribution) -> Options {
    let doubt = document.doubt;
    Options { replicates: doubt.replicates, splits: doubt.splits, seed: doubt.seed, ..Options::default() }
}

/// The models that a document names. `name` is the document's in errors.
pub fn credit_models(name: &str, document: &Attribution) -> Result<Vec<Model>, ApiError> {
    let read = |model: &dtc_lang::document::Name| {
        Model::read(&model.value).map_err(|_| {
            let known = attribution::models::NAMES.join(", ");
            invalid(format!("{name} asks for the model {:?}. There are: {known}.", model.value))
        })
    };
    let mut models = Vec::new();
    for model in &document.models {
        let model = read(model)?;
        // Twice the same is once.
        if !models.contains(&model) {
            models.push(model);
        }
    }
    Ok(models)
}
