//! Attribution documents: touch points, conversions, how journeys are made, models, doubts, stores.

use super::aggregate::has;
use super::header::with_header;
use super::models::unknown;
use super::value::no_expression;
use super::{Attribute, Attributes, Reader};
use crate::codes;
use crate::diagnostic::{Diagnostic, quote};
use crate::document::{Attribution, DoubtSettings, JourneySteps, Name, Touch};
use crate::rules::numbers::{self, Bounds};
use crate::yaml::{Data, Node};

pub(super) const OWN: [Attribute; 10] = [
    Attribute::optional("Source"),
    Attribute::required("Identity"),
    Attribute::required("Time"),
    Attribute::required("Touch"),
    Attribute::required("Conversion"),
    Attribute::optional("Milestone"),
    Attribute::optional("Journeys"),
    Attribute::required("Models").or(&["Model"]),
    Attribute::optional("Doubt"),
    Attribute::optional("Stores").or(&["Store"]),
];
pub(super) const TOUCH: [Attribute; 4] = [
    Attribute::optional("When").or(&["Filter"]),
    Attribute::required("Value"),
    Attribute::optional("Cost"),
    Attribute::optional("Description"),
];
pub(super) const CONVERSION: [Attribute; 3] =
    [Attribute::required("When").or(&["Filter"]), Attribute::optional("Value"), Attribute::optional("Description")];
pub(super) const MILESTONE: [Attribute; 2] =
    [Attribute::required("When").or(&["Filter"]), Attribute::optional("Description")];
pub(super) const JOURNEYS: [Attribute; 8] = [
    Attribute::optional("Cycles"),
    Attribute::optional("LookbackDays"),
    Attribute::optional("RepeatWithinSeconds"),
    Attribute::optional("Exclude"),
    Attribute::optional("Top"),
    Attribute::optional("Others"),
    Attribute::optional("Groups"),
    Attribute::optional("Description"),
];
pub(super) const DOUBT: [Attribute; 4] = [
    Attribute::optional("Replicates"),
    Attribute::optional("Splits"),
    Attribute::optional("Seed"),
    Attribute::optional("Description"),
];

/// The document's own attributes; blocks bring their identity and time along.
pub(super) fn own(has_source: bool) -> [Attribute; 10] {
    OWN.map(|attribute| {
        let brought = has_source && ["Identity", "Time"].contains(&attribute.name);
        Attribute { required: attribute.required && !brought, ..attribute }
    })
}

const CYCLES: [&str; 2] = ["first", "repeat"];
const TIMES: Bounds = Bounds { least: 0, most: 100_000, words: "a whole number from 0 to 100,000", zero: true };
const SEED: Bounds = Bounds { least: 0, most: i64::MAX, words: "a whole number from 0 on", zero: true };

impl Reader<'_> {
    pub fn attribution(&mut self, root: &Node) -> Option<Attribution> {
        let attributes = self.attributes(root, "document", &with_header(&own(has(root, "Source"))))?;
        let header = self.header(&attributes);
        let touch = attributes.get("Touch").and_then(|entry| self.attributes(&entry.value, "touch", &TOUCH));
        let conversion =
            attributes.get("Conversion").and_then(|entry| self.attributes(&entry.value, "conversion", &CONVERSION));
        let journeys =
            attributes.get("Journeys").and_then(|entry| self.attributes(&entry.value, "journeys", &JOURNEYS));
        let milestone =
            attributes.get("Milestone").and_then(|entry| self.attributes(&entry.value, "milestone", &MILESTONE));
        let doubt = attributes.get("Doubt").and_then(|entry| self.attributes(&entry.value, "doubt", &DOUBT));
        let models = self.models(&attributes);
        let needs_milestone = |model: &&Name| model.value.eq_ignore_ascii_case("w") && milestone.is_none();
        if let Some(model) = models.iter().find(needs_milestone) {
            let message = "`w` looks for a milestone, and the document has none";
            let fault = Diagnostic::error(codes::BAD_CHOICE, message, model.span, "nothing marks a milestone");
            self.report(fault.help("Add `Milestone: {When: …}`, or name a touch point, as in `w:demo`"));
        }
        Some(Attribution {
            header,
            source: self.text_attribute(&attributes, "Source"),
            identity: self.optional_expression(&attributes, "Identity"),
            time: self.optional_expression(&attributes, "Time"),
            touch: match &touch {
                Some(touch) => Touch {
                    when: self.optional_expression(touch, "When"),
                    value: self.expression(touch, "Value"),
                    cost: self.optional_expression(touch, "Cost"),
                },
                None => Touch { when: None, value: no_expression(attributes.place), cost: None },
            },
            conversion_when: match &conversion {
                Some(conversion) => self.expression(conversion, "When"),
                None => no_expression(attributes.place),
            },
            conversion_value: conversion.and_then(|conversion| self.optional_expression(&conversion, "Value")),
            milestone_when: milestone.map(|milestone| self.expression(&milestone, "When")),
            journeys: journeys.map(|journeys| self.journey_steps(&journeys)).unwrap_or_default(),
            models,
            doubt: doubt.map(|doubt| self.doubt(&doubt)).unwrap_or_default(),
            stores: self.warehouses(&attributes),
        })
    }

    fn journey_steps(&mut self, attributes: &Attributes) -> JourneySteps {
        let mut number = |name: &str| numbers::number(self, name, attributes.get(name)?, 0.0);
        let (lookback_days, repeat_within_seconds) = (number("LookbackDays"), number("RepeatWithinSeconds"));
        let top = attributes.get("Top").and_then(|entry| numbers::whole(self, "Top", entry, numbers::POSITIVE));
        let others = attributes.get("Others").and_then(|entry| self.text_of("Others", &entry.value));
        JourneySteps {
            repeat: self.cycles(attributes) == Some("repeat"),
            lookback_days,
            repeat_within_seconds,
            exclude: self.names_of(attributes, "Exclude").into_iter().map(|name| name.value).collect(),
            top: top.map(|top| top as u64),
            others: others.map(|name| name.value),
            groups: self.groups(attributes),
        }
    }

    fn cycles(&mut self, attributes: &Attributes) -> Option<&'static str> {
        let written = self.text_of("Cycles", &attributes.get("Cycles")?.value)?;
        let known = CYCLES.into_iter().find(|name| name.eq_ignore_ascii_case(written.value.trim()));
        if known.is_none() {
            let diagnostic = Diagnostic::error(
                codes::BAD_CHOICE,
                format!("`Cycles` cannot be {}", quote(&written.value)),
                written.span,
                "there is `first` and `repeat`",
            );
            self.report(super::did_you_mean(diagnostic, &written.value, &CYCLES));
        }
        known
    }

    /// `NAME: GROUP` lines; `null` for touch points that are dropped.
    fn groups(&mut self, attributes: &Attributes) -> Vec<(String, Option<String>)> {
        let Some(entry) = attributes.get("Groups") else { return Vec::new() };
        let Data::Mapping(pairs) = &entry.value.data else {
            let span = super::first_line(self.text, entry.value.span);
            let fault = Diagnostic::error(
                codes::WRONG_SHAPE,
                "`Groups` must be lines of `touch point: group`",
                span,
                "this is none",
            );
            self.report(fault.help("Write one line for each touch point, such as `google: paid`"));
            return Vec::new();
        };
        let mut groups = Vec::new();
        for pair in pairs {
            let Some(name) = self.text_of("Groups", &pair.key) else { continue };
            let group = if pair.value.is_null() {
                None
            } else {
                match self.text_of("Groups", &pair.value) {
                    Some(group) => Some(group.value),
                    None => continue,
                }
            };
            groups.push((name.value, group));
        }
        groups
    }

    fn doubt(&mut self, attributes: &Attributes) -> DoubtSettings {
        let mut whole = |name: &str, bounds| numbers::whole(self, name, attributes.get(name)?, bounds);
        let usual = DoubtSettings::default();
        DoubtSettings {
            replicates: whole("Replicates", TIMES).map_or(usual.replicates, |times| times as u32),
            splits: whole("Splits", TIMES).map_or(usual.splits, |times| times as u32),
            seed: whole("Seed", SEED).map_or(usual.seed, |seed| seed as u64),
        }
    }

    /// One name or a list of names.
    fn names_of(&mut self, attributes: &Attributes, name: &str) -> Vec<Name> {
        let single = attributes.get(name).filter(|entry| entry.value.scalar().is_some());
        let mut names = Vec::new();
        if let Some(entry) = single {
            names.extend(self.text_of(name, &entry.value));
        } else {
            for item in self.items(attributes, name) {
                names.extend(self.text_of(name, item));
            }
        }
        names
    }

    fn models(&mut self, attributes: &Attributes) -> Vec<Name> {
        let mut models = self.names_of(attributes, "Models");
        for model in &mut models {
            model.value = model.value.trim().to_owned();
            if let Some(diagnostic) = unknown(&model.value, model.span) {
                self.report(diagnostic);
            }
        }
        models
    }
}
