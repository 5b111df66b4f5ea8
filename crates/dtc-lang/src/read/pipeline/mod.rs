//! Pipeline documents: mappings are read by their tables into records; what is named elsewhere and what
//! contradicts itself is looked at afterwards, in `rules`.

pub mod flows;
mod model;
pub mod shape;
pub mod tables;

use super::{Attribute, Attributes, Entry, Reader, did_you_mean, first_line};
use crate::cloud::Fault;
use crate::cloud::arn::{Arn, Service};
use crate::cloud::instance::Instance;
use crate::cloud::location::Location;
use crate::cloud::metric::{self, Metric};
use crate::cloud::pattern;
use crate::cloud::release::Release;
use crate::cloud::schedule::Schedule;
use crate::codes;
use crate::diagnostic::{Diagnostic, quote};
use crate::document::{Expression, Header, Name, Spanned};
use crate::pipeline::{Encryption, Pipeline, Record, Value, Written};
use crate::rules;
use crate::rules::names::Named;
use crate::rules::numbers;
use crate::text::Span;
use crate::yaml::{self, Data, Node, Plain};
use crate::zones;
use dtc_expr::Mode;
use shape::{Shape, Takes};

/// The attributes of the mapping below the keys of a path; `kind` is what its `Type` says.
pub(super) fn known(path: &[&str], kind: Option<&str>) -> Option<Vec<Attribute>> {
    let shape = tables::ROOT.below(path)?;
    Some(shape.attributes(shape.kind(kind)))
}

impl Reader<'_> {
    pub fn pipeline(&mut self, root: &Node) -> Option<Pipeline> {
        // What nothing reads here would be missing on AWS, and nobody would see it.
        self.is_strict = true;
        let record = self.record(root, &tables::ROOT)?;
        if let Some(version) = self.attributes_of(root) {
            self.version(&version);
        }
        rules::parts::check(self, &record);
        rules::steps::check(self, &record);
        rules::contradictions::check(self, &record);
        let place = Spanned { value: String::new(), span: record.place };
        let header = Header {
            name: record.name().cloned().unwrap_or(place),
            description: record.text("Description").map(|text| text.value.clone()),
            mode: Mode::Studio,
            imports: Vec::new(),
            when: None,
        };
        Some(Pipeline::of(header, &record))
    }

    /// The version alone, without reporting anything twice.
    fn attributes_of<'n>(&mut self, root: &'n Node) -> Option<Attributes<'n>> {
        let before = self.diagnostics.len();
        let known = known(&[], None)?;
        let attributes = self.attributes(root, "document", &known);
        self.diagnostics.truncate(before);
        attributes
    }

    fn record(&mut self, node: &Node, shape: &'static Shape) -> Option<Record> {
        let kind = shape.kind(node.text_of("Type"));
        let slots: Vec<&'static shape::Slot> = shape.of(kind).collect();
        let known = shape.attributes(kind);
        let attributes = self.attributes(node, shape.what, &known)?;
        let mut record = Record { what: shape.what, kind, place: attributes.place, entries: Vec::new() };
        for slot in slots {
            let Some(entry) = attributes.get(slot.name) else { continue };
            let value = self.value(slot, entry, &attributes).unwrap_or(Value::Unread);
            record.entries.push(Written { name: slot.name, key: entry.key, value });
        }
        Some(record)
    }

    fn value(&mut self, slot: &shape::Slot, entry: &Entry, attributes: &Attributes) -> Option<Value> {
        let (name, node) = (slot.name, &*entry.value);
        Some(match slot.takes {
            Takes::Name => Value::Text(self.name_of(name, attributes)?),
            Takes::Text => Value::Text(self.text_of(name, node)?),
            Takes::Zone => Value::Text(self.zone(name, node)?),
            Takes::Part(_) => Value::Text(self.text_of(name, node)?),
            Takes::Checked(check) => Value::Text(self.checked(name, node, check)?),
            Takes::Whole(bounds) => Value::Whole(numbers::whole(self, name, entry, bounds)?),
            Takes::Number(least) => Value::Number(numbers::number(self, name, entry, least)?),
            Takes::Flag => Value::Flag(self.flag(name, node)?),
            Takes::Choice(choices) => {
                let pairs: Vec<(&str, &'static str)> = choices.iter().map(|choice| (*choice, *choice)).collect();
                Value::Choice(self.choice(attributes, name, &pairs)?)
            }
            Takes::Schedule => Value::Schedule(self.typed(name, node, Schedule::parse)?),
            Takes::Release => Value::Release(self.typed(name, node, Release::parse)?),
            Takes::Instance => Value::Instance(self.typed(name, node, Instance::parse)?),
            Takes::Location => {
                let span = yaml::content(self.text, node).0;
                Value::Location(self.typed(name, node, Location::parse)?, span)
            }
            Takes::Namespace => Value::Text(self.checked(name, node, metric::check_namespace)?),
            Takes::Metric => {
                let namespace = attributes.get("Namespace").and_then(|entry| entry.value.scalar());
                let namespace = namespace.map(|scalar| scalar.text.trim().to_owned()).unwrap_or_default();
                Value::Metric(self.typed(name, node, |text| Metric::parse(text, &namespace))?)
            }
            Takes::Arn(service) => Value::Arn(self.typed(name, node, |text| Arn::parse(text, service))?),
            Takes::Key => Value::Key(self.typed(name, node, encryption)?),
            Takes::Filter => Value::Filter(pattern::read(self.text, node, &mut self.diagnostics)?),
            Takes::Texts(check) => Value::Texts(self.texts(name, node, check)),
            Takes::PartsNamed(_) => Value::Texts(self.texts(name, node, shape::any)),
            Takes::Pairs(check) => Value::Pairs(self.pairs(name, node, check)?),
            Takes::List(shape) => {
                let items = self.items(attributes, name);
                Value::List(items.iter().filter_map(|item| self.record(item, shape)).collect())
            }
            Takes::Mapping(shape) => Value::Mapping(self.record(node, shape)?),
        })
    }

    fn name_of(&mut self, attribute: &str, attributes: &Attributes) -> Option<Name> {
        let name = self.text_attribute(attributes, attribute)?;
        rules::names::check(self, &name, Named::Part);
        Some(name)
    }

    /// A text that one of AWS's own rules reads.
    fn typed<T>(&mut self, name: &str, node: &Node, parse: impl Fn(&str) -> Result<T, Fault>) -> Option<T> {
        let text = self.text_of(name, node)?;
        match parse(&text.value) {
            Ok(value) => Some(value),
            Err(fault) => {
                self.fault(node, &text, fault);
                None
            }
        }
    }

    fn checked(&mut self, name: &str, node: &Node, check: fn(&str) -> Result<(), Fault>) -> Option<Name> {
        let text = self.text_of(name, node)?;
        if let Err(fault) = check(&text.value) {
            self.fault(node, &text, fault);
        }
        Some(text)
    }

    fn fault(&mut self, node: &Node, text: &Name, fault: Fault) {
        let (span, offsets) = yaml::content(self.text, node);
        let place = Expression { text: text.value.clone(), span, offsets }.place(fault.at);
        let place = if place.start == place.end { span } else { place };
        let diagnostic = Diagnostic::error(*fault.code, fault.message, place, fault.label).help(fault.help);
        self.report(match fault.instead {
            Some(cured) => {
                let title = format!("Replace with `{cured}`");
                diagnostic.fix(title, vec![(span, cured)])
            }
            None => diagnostic,
        });
    }

    fn zone(&mut self, name: &str, node: &Node) -> Option<Name> {
        let text = self.text_of(name, node)?;
        if zones::named(&text.value).is_none() {
            let message = format!("{} is not a time zone", quote(&text.value));
            let fault = Diagnostic::error(codes::BAD_CHOICE, message, text.span, "no zone has this name");
            self.report(match zones::nearest(&text.value) {
                Some(near) => fault.help(format!("Did you mean `{near}`?")).replace(near),
                None => fault.help("Write a name such as `Europe/Berlin` or `UTC`"),
            });
        }
        Some(text)
    }

    fn flag(&mut self, name: &str, node: &Node) -> Option<bool> {
        if let Some(Plain::Bool(value)) = node.scalar().map(|scalar| scalar.resolve()) {
            return Some(value);
        }
        let span = first_line(self.text, node.span);
        let written = node.scalar().map_or(String::new(), |scalar| scalar.text.clone());
        let message = format!("`{name}` is true or false");
        let fault = Diagnostic::error(codes::BAD_CHOICE, message, span, "this is neither");
        self.report(did_you_mean(fault, &written, &["true", "false"]));
        None
    }

    /// One text, or a list of texts.
    fn texts(&mut self, name: &str, node: &Node, check: fn(&str) -> Result<(), Fault>) -> Vec<Name> {
        let items = match &node.data {
            Data::Sequence(items) => items.iter().collect(),
            _ => vec![node],
        };
        items.into_iter().filter_map(|item| self.checked(name, item, check)).collect()
    }

    fn pairs(&mut self, name: &str, node: &Node, check: fn(&str) -> Result<(), Fault>) -> Option<Vec<(Name, Name)>> {
        let Data::Mapping(pairs) = &node.data else {
            let span = first_line(self.text, node.span);
            let message = format!("`{name}` must be written as `name: value` lines");
            let label = if node.sequence().is_some() { "this is a list" } else { "this is a single value" };
            self.report(
                Diagnostic::error(codes::WRONG_SHAPE, message, span, label).help("Write each on a line of its own"),
            );
            return None;
        };
        let mut found: Vec<(Name, Name)> = Vec::new();
        for pair in pairs {
            let key = self.checked(name, &pair.key, check);
            let value = self.text_of(name, &pair.value);
            let (Some(key), Some(value)) = (key, value) else { continue };
            if let Some((before, _)) = found.iter().find(|(before, _)| before.value == key.value) {
                let message = format!("{} is written twice", quote(&key.value));
                let fault = Diagnostic::error(codes::DUPLICATE_KEY, message, key.span, "the second one");
                self.report(fault.other(before.span, "the first one").help("Delete one of the two"));
            }
            found.push((key, value));
        }
        Some(found)
    }
}

fn encryption(text: &str) -> Result<Encryption, Fault> {
    match text.trim() {
        "own" => Ok(Encryption::Own),
        "aws" => Ok(Encryption::Aws),
        arn if arn.starts_with("arn:") => Arn::parse(text, Service::Key).map(Encryption::Given),
        other => {
            let message = format!("{} is no way to encrypt", quote(other));
            let fault = Fault::new(&codes::BAD_CHOICE, 0..text.len(), message, "nothing is kept in plain text");
            Err(fault
                .help("Write `own` for a key of the stack, `aws` for keys of the services, or the ARN of a KMS key"))
        }
    }
}

/// The place of an attribute's key, or of the part.
pub(crate) fn place_of(record: &Record, name: &str) -> Span {
    record.written(name).map_or(record.place, |written| written.key)
}
