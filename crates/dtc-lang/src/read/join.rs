//! Join documents: decisions and their rewards.

use super::header::with_header;
use super::value::no_expression;
use super::{Attribute, Attributes, Reader};
use crate::document::{AGGREGATIONS, Expression, Join, OVERRIDE_SCOPES};
use crate::rules::numbers;
use crate::yaml::Node;

pub(super) const OWN: [Attribute; 15] = [
    Attribute::required("Key"),
    Attribute::required("Time"),
    Attribute::optional("Window"),
    Attribute::optional("Default"),
    Attribute::optional("Aggregation"),
    Attribute::optional("EarlyTolerance"),
    Attribute::optional("Duplicates"),
    Attribute::optional("Remember"),
    Attribute::required("Decision"),
    Attribute::required("Reward"),
    Attribute::optional("Override"),
    Attribute::optional("Activation"),
    Attribute::optional("Policies").or(&["Policy"]),
    Attribute::optional("Sources"),
    Attribute::optional("Sinks"),
];
const WHEN: Attribute = Attribute::required("When").or(&["Filter"]);
pub(super) const DECISION: [Attribute; 4] =
    [WHEN, Attribute::required("Action"), Attribute::optional("Probability"), Attribute::optional("Context")];
pub(super) const REWARD: [Attribute; 2] = [WHEN, Attribute::required("Value")];
pub(super) const OVERRIDE: [Attribute; 2] = [WHEN, Attribute::optional("Scope")];
pub(super) const ACTIVATION: [Attribute; 1] = [WHEN];

/// Seconds of a window that is not told.
const WINDOW: f64 = 10.0;
/// Seconds that a service knows a key after its window, where it is not told.
const REMEMBER: f64 = 600.0;

impl Reader<'_> {
    pub fn join(&mut self, root: &Node) -> Option<Join> {
        let attributes = self.attributes(root, "document", &with_header(&OWN))?;
        let header = self.header(&attributes);
        let decision = self.part(&attributes, "Decision", "decision", &DECISION);
        let reward = self.part(&attributes, "Reward", "reward", &REWARD);
        let overriding = self.part(&attributes, "Override", "override", &OVERRIDE);
        let activating = self.part(&attributes, "Activation", "activation", &ACTIVATION);
        let mut number =
            |name: &str, least: f64| attributes.get(name).and_then(|entry| numbers::number(self, name, entry, least));
        let window = number("Window", 0.0);
        let default = number("Default", f64::NEG_INFINITY);
        let (early, remember) = (number("EarlyTolerance", 0.0), number("Remember", 0.0));
        let aggregation = self.choice(&attributes, "Aggregation", &AGGREGATIONS.map(|name| (name, name)));
        let every = self.choice(&attributes, "Duplicates", &[("first", false), ("every", true)]);
        let policies = self.policies(&attributes);
        let in_window = overriding
            .as_ref()
            .and_then(|part| self.choice(part, "Scope", &[(OVERRIDE_SCOPES[0], false), (OVERRIDE_SCOPES[1], true)]));
        let (probability, context) = match &decision {
            Some(part) => (self.optional_expression(part, "Probability"), self.optional_expression(part, "Context")),
            None => (None, None),
        };
        self.policies_need_probability(decision.as_ref(), &policies);
        Some(Join {
            header,
            key: self.expression(&attributes, "Key"),
            time: self.expression(&attributes, "Time"),
            window_seconds: window.unwrap_or(WINDOW),
            default_reward: default.unwrap_or_default(),
            aggregation: aggregation.unwrap_or(AGGREGATIONS[0]),
            early_seconds: early.unwrap_or_default(),
            every_decision: every.unwrap_or_default(),
            remember_seconds: remember.unwrap_or(REMEMBER),
            decision_when: self.expression_in(&attributes, decision.as_ref(), "When"),
            action: self.expression_in(&attributes, decision.as_ref(), "Action"),
            probability,
            context,
            reward_when: self.expression_in(&attributes, reward.as_ref(), "When"),
            reward_value: self.expression_in(&attributes, reward.as_ref(), "Value"),
            override_when: overriding.and_then(|part| self.optional_expression(&part, "When")),
            override_in_window: in_window.unwrap_or_default(),
            activation_when: activating.and_then(|part| self.optional_expression(&part, "When")),
            policies,
            sources: self.sources(&attributes),
            sinks: self.sinks(&attributes),
        })
    }

    fn part<'n>(
        &mut self,
        document: &'n Attributes,
        name: &str,
        kind: &str,
        known: &[Attribute],
    ) -> Option<Attributes<'n>> {
        let entry = document.get(name)?;
        self.attributes(&entry.value, kind, known)
    }

    fn expression_in(&mut self, document: &Attributes, part: Option<&Attributes>, name: &str) -> Expression {
        match part {
            Some(part) => self.expression(part, name),
            None => no_expression(document.place),
        }
    }
}
