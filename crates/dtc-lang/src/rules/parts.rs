//! Names of parts of a pipeline document: given once, and there where another part names them; `${…}` stands
//! for something.

use crate::cloud::location::Location;
use crate::cloud::placeholder::{GIVEN, placeholders};
use crate::codes;
use crate::diagnostic::{Diagnostic, quote};
use crate::document::Name;
use crate::pipeline::{Record, Value};
use crate::read::pipeline::shape::{Refers, Shape, Takes};
use crate::read::pipeline::tables;
use crate::read::{Reader, did_you_mean};
use crate::rules::duplicate_names::unique;
use crate::text::Span;

/// Buckets that an export makes by itself: of window rows, of raw events.
const OWN_BUCKETS: [&str; 2] = ["features", "archive"];
/// What has metrics in every stack.
const OWN_WATCHED: [&str; 2] = ["function", "failed"];
/// Where a step may lead beside other steps.
pub(crate) const ENDS: [&str; 2] = ["stop", "fail"];

/// Everything that has a name in the document.
struct Names<'r> {
    root: &'r Record,
}

pub fn check(reader: &mut Reader, root: &Record) {
    let names = Names { root };
    walk(reader, &names, root, &tables::ROOT, None);
    let charted =
        ["Sources", "Buckets", "Tables", "Flows", "Schedules", "Alarms", "Secrets", "Parameters", "Environments"];
    for list in charted {
        let records = root.list(list);
        let what = records.first().map_or("part", |record| record.what);
        unique(what, &records.iter().filter_map(Record::name).collect::<Vec<_>>(), &mut reader.diagnostics);
    }
    for flow in root.list("Flows") {
        let steps: Vec<&Name> = flow.list("Steps").iter().filter_map(Record::name).collect();
        unique("step", &steps, &mut reader.diagnostics);
    }
}

/// Looks at every value of a record; `flow` is the flow that it stands in.
fn walk(reader: &mut Reader, names: &Names, record: &Record, shape: &'static Shape, flow: Option<&Record>) {
    for entry in &record.entries {
        let Some(slot) = shape.of(record.kind).find(|slot| slot.name == entry.name) else { continue };
        match (&entry.value, slot.takes) {
            (Value::Text(name), Takes::Part(refers)) => names.check(reader, refers, name, flow, record),
            (Value::Texts(texts), _) => texts.iter().for_each(|text| names.fill(reader, text)),
            (Value::Text(text), _) => names.fill(reader, text),
            (Value::Pairs(pairs), _) => {
                let in_environment = record.what == "environment";
                for (key, value) in pairs {
                    if in_environment {
                        names.check(reader, Refers::Parameter, key, flow, record);
                    }
                    names.fill(reader, value);
                    if entry.name == "Channels" {
                        names.channel(reader, value);
                    }
                }
            }
            (Value::Location(place, span), _) => names.bucket(reader, place, *span),
            (Value::List(records), Takes::List(inner)) => {
                for below in records {
                    let flow = if inner.what == "step" { Some(record) } else { flow };
                    walk(reader, names, below, inner, flow);
                }
            }
            (Value::Mapping(below), Takes::Mapping(inner)) => walk(reader, names, below, inner, flow),
            _ => {}
        }
    }
}

impl Names<'_> {
    fn list(&self, name: &str) -> Vec<&str> {
        self.root.list(name).iter().filter_map(Record::name).map(|name| name.value.as_str()).collect()
    }

    fn documents(&self) -> Vec<&str> {
        self.root.texts("Documents").iter().map(|name| name.value.as_str()).collect()
    }

    /// The names that may stand there, and what they are called.
    fn known<'a>(
        &'a self,
        refers: Refers,
        flow: Option<&'a Record>,
        from: &Record,
    ) -> Option<(&'static str, Vec<&'a str>)> {
        let steps = || flow.map_or(&[][..], |flow| flow.list("Steps"));
        let own = from.name().map(|name| name.value.clone()).unwrap_or_default();
        Some(match refers {
            // The project's other documents are not at hand.
            Refers::Document | Refers::Store => return None,
            Refers::Startable => {
                let mut known = self.list("Flows");
                known.extend(self.documents());
                ("flow or document", known)
            }
            Refers::Bucket => ("bucket", self.list("Buckets")),
            Refers::Table => ("table", self.list("Tables")),
            Refers::Parameter => ("parameter", self.list("Parameters")),
            Refers::Step => {
                let all = steps().iter().filter_map(Record::name).map(|name| name.value.as_str());
                ("step", all.filter(|name| *name != own).chain(ENDS).collect())
            }
            Refers::Model => {
                let makers = steps().iter().filter(|step| matches!(step.kind, Some("train" | "automl" | "model")));
                ("step that makes a model", makers.filter_map(Record::name).map(|name| name.value.as_str()).collect())
            }
            Refers::Watched => {
                let mut known: Vec<&str> =
                    ["Sources", "Tables", "Buckets", "Flows"].map(|list| self.list(list)).concat();
                let flows = self.root.list("Flows").iter().flat_map(|flow| flow.list("Steps"));
                let endpoints = flows.filter(|step| step.kind == Some("endpoint")).filter_map(Record::name);
                known.extend(endpoints.map(|name| name.value.as_str()));
                known.extend(OWN_WATCHED);
                ("part", known)
            }
        })
    }

    fn check(&self, reader: &mut Reader, refers: Refers, name: &Name, flow: Option<&Record>, from: &Record) {
        let Some((what, known)) = self.known(refers, flow, from) else { return };
        if !known.contains(&name.value.as_str()) {
            unknown(reader, what, &name.value, name.span, &known);
        }
    }

    fn bucket(&self, reader: &mut Reader, place: &Location, span: Span) {
        if place.foreign {
            return;
        }
        let mut known = self.list("Buckets");
        known.extend(OWN_BUCKETS);
        if !known.contains(&place.bucket.as_str()) {
            // The bucket alone is what is not known.
            let start = span.start as usize;
            let span = Span::new(start, start + place.bucket.len());
            unknown(reader, "bucket", &place.bucket, span, &known);
        }
        let key = Name { value: place.key.clone(), span };
        self.fill(reader, &key);
    }

    /// The value of a channel is a place in S3.
    fn channel(&self, reader: &mut Reader, value: &Name) {
        match Location::parse(&value.value) {
            Ok(place) => self.bucket(reader, &place, value.span),
            Err(fault) => {
                reader.report(Diagnostic::error(*fault.code, fault.message, value.span, fault.label).help(fault.help));
            }
        }
    }

    fn fill(&self, reader: &mut Reader, text: &Name) {
        let parameters = self.list("Parameters");
        for (name, at) in placeholders(&text.value) {
            let start = text.span.start as usize;
            // Escapes and folded lines: the whole text is the place.
            let is_plain = text.span.of(reader.text) == text.value;
            let span = if is_plain { Span::new(start + at.start, start + at.end) } else { text.span };
            let Some(name) = name else {
                let message = format!("{} has no name in its brackets", quote(&text.value[at]));
                let fault = Diagnostic::error(codes::UNKNOWN_PLACEHOLDER, message, span, "nothing stands for this");
                reader.report(fault.help("Write `${Name}` with the name of a parameter"));
                continue;
            };
            let known: Vec<&str> = parameters.iter().copied().chain(GIVEN.iter().map(|(name, _)| *name)).collect();
            if known.contains(&name) {
                continue;
            }
            let message = format!("No parameter is called {}", quote(name));
            let fault = Diagnostic::error(codes::UNKNOWN_PLACEHOLDER, message, span, "nothing stands for this");
            let near = crate::suggest::nearest(name, known.iter().copied());
            reader.report(match near {
                Some(near) if is_plain => {
                    let cured = format!("${{{near}}}");
                    fault.help(format!("Did you mean `{cured}`?")).replace(cured)
                }
                _ => {
                    let list: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
                    fault.help(format!("Add it to `Parameters`. Known: {}", list.join(", ")))
                }
            });
        }
    }
}

fn unknown(reader: &mut Reader, what: &str, name: &str, span: Span, known: &[&str]) {
    let message = format!("No {what} is called {}", quote(name));
    let fault = Diagnostic::error(codes::UNKNOWN_PART, message, span, "this names nothing");
    reader.report(match known.is_empty() {
        true => fault.help(format!("Add a {what} of this name")),
        false => did_you_mean(fault, name, known),
    });
}
