//! Completion and hover in pipeline documents, from the tables that the reader reads by.

use super::place::Place;
use super::values::plain as choice;
use super::{Hover, Suggestion};
use crate::check::Project;
use crate::cloud::instance::INSTANCES;
use crate::cloud::metric::{self, NAMESPACES};
use crate::cloud::placeholder::GIVEN;
use crate::cloud::release::RELEASES;
use crate::cloud::schedule::Schedule;
use crate::document::{Document, Name};
use crate::pipeline::{Pipeline, Step};
use crate::read::pipeline::shape::{Refers, Slot, Takes};
use crate::read::pipeline::tables::ROOT;
use crate::text::Span;
use crate::zones;

/// Schedules that people mostly want, each with what it means.
const SCHEDULES: [&str; 5] =
    ["rate(1 hour)", "rate(8 hours)", "cron(0 3 * * ? *)", "cron(0 6 ? * MON-FRI *)", "cron(0 0 1 * ? *)"];

/// What an attribute means; `kind` is the `Type` of its mapping.
pub fn meaning(path: &[&str], name: &str, kind: Option<&str>) -> Option<&'static str> {
    slot(path, name, kind).map(|slot| slot.meaning)
}

fn slot(path: &[&str], name: &str, kind: Option<&str>) -> Option<&'static Slot> {
    let shape = ROOT.below(path)?;
    let mut own = shape.of(shape.kind(kind)).filter(|slot| slot.name.eq_ignore_ascii_case(name));
    own.next().or_else(|| shape.slot(name))
}

/// What the mapping says under a key.
fn sibling<'p>(place: &Place<'p>, name: &str) -> Option<&'p str> {
    let found = place.siblings.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.trim_matches(['\'', '"']))
}

pub fn kind_of<'p>(place: &Place<'p>) -> Option<&'p str> {
    sibling(place, "Type")
}

/// What can stand behind a key.
pub fn values(place: &Place, key: &str, document: Option<&Document>, project: &Project) -> Vec<Suggestion> {
    if place.path.is_empty() && key.eq_ignore_ascii_case("Version") {
        return vec![Suggestion { insert: "'2018-03-01'".to_owned(), ..choice("2018-03-01", "") }];
    }
    let Some(slot) = slot(&place.path, key, kind_of(place)) else { return Vec::new() };
    let plain = |names: &[&str]| names.iter().map(|name| choice(name, "")).collect();
    match slot.takes {
        Takes::Choice(choices) => choices.iter().map(|name| quoted(name)).collect(),
        Takes::Flag => plain(&["true", "false"]),
        Takes::Schedule => SCHEDULES.iter().map(|text| choice(text, &in_words(text))).collect(),
        Takes::Zone => zones::names().map(|name| choice(name, "")).collect(),
        Takes::Release => plain(&RELEASES),
        Takes::Instance => plain(&INSTANCES),
        Takes::Namespace => NAMESPACES.iter().map(|known| choice(known.name, "")).collect(),
        Takes::Metric => {
            let namespace = sibling(place, "Namespace").and_then(metric::namespace);
            namespace.map_or_else(Vec::new, |known| plain(known.metrics))
        }
        Takes::Key => vec![choice("own", "a key of the stack"), choice("aws", "keys of the services")],
        Takes::Arn(service) => {
            vec![choice(&service.example(), service.words())]
        }
        Takes::Part(refers) | Takes::PartsNamed(refers) => named(refers, document, project),
        Takes::Location => {
            let pipeline = pipeline(document);
            let own = pipeline.iter().flat_map(|own| &own.buckets).map(|bucket| format!("{}/", bucket.name.value));
            let made = ["features/".to_owned(), "archive/".to_owned()];
            own.chain(made).map(|place| choice(&place, "bucket")).collect()
        }
        Takes::Texts(_) | Takes::Text => placeholders(document, slot.name),
        _ => Vec::new(),
    }
}

fn placeholders(document: Option<&Document>, name: &str) -> Vec<Suggestion> {
    if matches!(name, "Description" | "Emails" | "Default" | "Choices" | "Version") {
        return Vec::new();
    }
    let own = pipeline(document).into_iter().flat_map(|own| &own.parameters);
    let own = own.map(|parameter| choice(&format!("${{{}}}", parameter.name.value), "parameter"));
    own.chain(GIVEN.iter().map(|(name, meaning)| choice(&format!("${{{name}}}"), meaning))).collect()
}

fn pipeline(document: Option<&Document>) -> Option<&Pipeline> {
    match document {
        Some(Document::Pipeline(pipeline)) => Some(pipeline),
        _ => None,
    }
}

fn named(refers: Refers, document: Option<&Document>, project: &Project) -> Vec<Suggestion> {
    let streams = || project.streaming.iter().map(|stream| choice(&stream.header.name.value, "streaming document"));
    if refers == Refers::Document {
        return streams().collect();
    }
    if refers == Refers::Store {
        let stores = project.streaming.iter().flat_map(|stream| &stream.stores);
        return stores.map(|store| choice(&store.name.value, "store")).collect();
    }
    let Some(own) = pipeline(document) else { return Vec::new() };
    let steps = || own.flows.iter().flat_map(|flow| &flow.steps);
    let of = |name: &Name, what: &str| choice(&name.value, what);
    match refers {
        Refers::Startable => {
            let documents = own.documents.iter().map(|name| of(name, "document"));
            let all = own.flows.iter().map(|flow| of(&flow.name, "flow")).chain(documents);
            all.filter(|named| !named.label.is_empty()).collect()
        }
        Refers::Bucket => own.buckets.iter().map(|bucket| of(&bucket.name, "bucket")).collect(),
        Refers::Table => own.tables.iter().map(|table| of(&table.name, "table")).collect(),
        Refers::Parameter => own.parameters.iter().map(|parameter| of(&parameter.name, "parameter")).collect(),
        Refers::Step => {
            let ends = [choice("stop", "the flow ends well"), choice("fail", "the flow fails")];
            steps().map(|step| of(&step.name, step.kind)).chain(ends).collect()
        }
        Refers::Model => {
            let makes = |step: &&Step| matches!(step.kind, "train" | "automl" | "model");
            steps().filter(makes).map(|step| of(&step.name, step.kind)).collect()
        }
        Refers::Watched => watched(own),
        Refers::Document | Refers::Store => Vec::new(),
    }
}

fn watched(own: &Pipeline) -> Vec<Suggestion> {
    let mut found =
        vec![choice("function", "the function of the stack"), choice("failed", "queue of what was given up")];
    found.extend(own.sources.iter().map(|source| choice(&source.name.value, "source")));
    found.extend(own.tables.iter().map(|table| choice(&table.name.value, "table")));
    found.extend(own.buckets.iter().map(|bucket| choice(&bucket.name.value, "bucket")));
    found.extend(own.flows.iter().map(|flow| choice(&flow.name.value, "flow")));
    let endpoints = own.flows.iter().flat_map(|flow| &flow.steps).filter(|step| step.kind == "endpoint");
    found.extend(endpoints.map(|step| choice(&step.name.value, "endpoint")));
    found
}

/// What a schedule, or a kind of part, means.
pub fn hover_value(place: &Place, key: &str, text: &str, span: Span) -> Option<Hover> {
    let written = span.of(text).split(" #").next().unwrap_or_default().trim();
    let span = Span::new(span.start as usize, span.start as usize + written.len());
    let value = written.trim_matches(['\'', '"']);
    let slot = slot(&place.path, key, kind_of(place))?;
    let words = match slot.takes {
        Takes::Schedule => in_words(value),
        Takes::Choice(_) => slot.meaning.to_owned(),
        _ => return None,
    };
    let told = Hover { span, text: vec![format!("**{value}**"), words] };
    (!value.is_empty() && !told.text[1].is_empty()).then_some(told)
}

fn in_words(text: &str) -> String {
    Schedule::parse(text).map(|schedule| schedule.words()).unwrap_or_default()
}

/// Numbers that are choices are texts.
fn quoted(name: &str) -> Suggestion {
    let is_number = name.parse::<f64>().is_ok() && name.contains('.');
    let insert = if is_number { format!("'{name}'") } else { name.to_owned() };
    Suggestion { insert, ..choice(name, "") }
}
