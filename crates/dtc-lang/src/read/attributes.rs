//! The attributes of a mapping against the list of those it may have: unknown ones, duplicates and
//! missing ones are reported here, for every kind of mapping alike.

use std::borrow::Cow;

use super::Reader;
use crate::codes;
use crate::diagnostic::{Diagnostic, Fix};
use crate::rules;
use crate::text::Span;
use crate::yaml::{Node, Pair};

/// An attribute that a mapping may have.
#[derive(Debug, Clone, Copy)]
pub struct Attribute {
    pub name: &'static str,
    /// Names of other times, accepted as well.
    pub aliases: &'static [&'static str],
    pub required: bool,
}

impl Attribute {
    pub const fn required(name: &'static str) -> Attribute {
        Attribute { name, aliases: &[], required: true }
    }
    pub const fn optional(name: &'static str) -> Attribute {
        Attribute { name, aliases: &[], required: false }
    }
    pub const fn or(self, aliases: &'static [&'static str]) -> Attribute {
        Attribute { aliases, ..self }
    }

    pub fn is_called(&self, written: &str) -> bool {
        self.name.eq_ignore_ascii_case(written) || self.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(written))
    }
}

/// An attribute as it is written.
#[derive(Debug, Clone)]
pub struct Entry<'n> {
    pub key: Span,
    /// Owned where the lists of duplicate keys were put together.
    pub value: Cow<'n, Node>,
}

/// The attributes found in a mapping, by their current names.
pub struct Attributes<'n> {
    /// What the mapping is, for messages: "the field `x`".
    pub owner: String,
    /// Where to say that something is missing.
    pub place: Span,
    found: Vec<(&'static str, Entry<'n>)>,
}

impl<'n> Attributes<'n> {
    /// What is written for the attribute, unless it is empty.
    pub fn get(&self, name: &str) -> Option<&Entry<'n>> {
        self.any(name).filter(|entry| !entry.value.is_null())
    }
    /// What is written for the attribute, even if it is empty.
    pub fn any(&self, name: &str) -> Option<&Entry<'n>> {
        self.found.iter().find(|(found, _)| *found == name).map(|(_, entry)| entry)
    }
}

impl Reader<'_> {
    /// `None` when the node is no mapping, which is reported.
    pub fn attributes<'n>(&mut self, node: &'n Node, kind: &str, known: &[Attribute]) -> Option<Attributes<'n>> {
        let node = self.one_mapping(node, kind)?;
        let pairs = node.mapping()?;
        let (owner, place) = owner(pairs, kind, node.span);
        let mut attributes = Attributes { owner, place, found: Vec::new() };
        let mut unknown: Vec<&Pair> = Vec::new();
        for pair in pairs {
            let Some(key) = pair.key.scalar() else {
                let span = super::first_line(self.text, pair.key.span);
                self.report(
                    Diagnostic::error(
                        codes::WRONG_SHAPE,
                        "The name of an attribute must be a text",
                        span,
                        "this is a list or mapping",
                    )
                    .help("Write `Name: value`; put expressions in quotes"),
                );
                continue;
            };
            match known.iter().find(|attribute| attribute.is_called(&key.text)) {
                Some(attribute) => self.add(&mut attributes, attribute.name, pair, pairs),
                None => unknown.push(pair),
            }
        }
        rules::unknown_attributes::check(self, &mut attributes, &unknown, known);
        rules::required::check(self, &attributes, known);
        Some(attributes)
    }

    fn add<'n>(&mut self, attributes: &mut Attributes<'n>, name: &'static str, pair: &'n Pair, pairs: &'n [Pair]) {
        let entry = Entry { key: pair.key.span, value: Cow::Borrowed(&pair.value) };
        let Some((_, before)) = attributes.found.iter_mut().find(|(found, _)| *found == name) else {
            attributes.found.push((name, entry));
            return;
        };
        let merged = rules::duplicate_keys::merge(self, name, before, pair, pairs);
        *before = merged.unwrap_or(entry);
    }

    /// A mapping, also where it stands alone in a list by mistake.
    fn one_mapping<'n>(&mut self, node: &'n Node, kind: &str) -> Option<&'n Node> {
        if node.mapping().is_some() {
            return Some(node);
        }
        let span = super::first_line(self.text, node.span);
        let message = format!("The {kind} must be written as `Name: value` lines");
        match node.sequence() {
            Some([only]) if only.mapping().is_some() => {
                let mut diagnostic =
                    Diagnostic::error(codes::WRONG_SHAPE, message, span, "this is a list with one item")
                        .help("Remove the `-`");
                // A blank in its place keeps the columns.
                let dash = self.text[..only.span.start as usize].rfind('-');
                let alone = |dash: &usize| self.text[*dash + 1..only.span.start as usize].trim().is_empty();
                diagnostic.fix = dash.filter(alone).map(|dash| Fix {
                    title: "Remove the `-`".to_owned(),
                    edits: vec![(Span::new(dash, dash + 1), " ".to_owned())],
                });
                self.report(diagnostic);
                Some(only)
            }
            Some(_) => {
                self.report(
                    Diagnostic::error(codes::WRONG_SHAPE, message, span, "this is a list")
                        .help("Write one mapping without `-`"),
                );
                None
            }
            None => {
                self.report(
                    Diagnostic::error(codes::WRONG_SHAPE, message, span, "this is a single value")
                        .help("Write its attributes on lines of their own, indented"),
                );
                None
            }
        }
    }
}

impl<'n> Attributes<'n> {
    /// Takes a misspelled attribute for what was meant, so that no follow-up errors arise.
    pub fn adopt(&mut self, name: &'static str, pair: &'n Pair) {
        self.found.push((name, Entry { key: pair.key.span, value: Cow::Borrowed(&pair.value) }));
    }
}

/// "the field `x`" and the place of its name, or of the mapping's first key.
fn owner(pairs: &[Pair], kind: &str, span: Span) -> (String, Span) {
    let named = pairs.iter().find(|pair| pair.key.scalar().is_some_and(|key| key.text.eq_ignore_ascii_case("Name")));
    let name = named.and_then(|pair| pair.value.scalar()).filter(|name| !name.text.trim().is_empty());
    match (name, named) {
        (Some(name), Some(pair)) => (format!("the {kind} {}", crate::diagnostic::quote(&name.text)), pair.value.span),
        _ => (format!("the {kind}"), pairs.first().map_or(Span { end: span.start, ..span }, |pair| pair.key.span)),
    }
}
