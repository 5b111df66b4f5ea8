//! Join documents: decisions and their rewards.

use super::header::with_header;
use super::value::no_expression;
use super::{Attribute, Attributes, Reader};
use crate::document::{Expression, Join};
use crate::rules::numbers;
use crate::yaml::Node;

pub(super) const OWN: [Attribute; 7] = [
    Attribute::required("Key"),
    Attribute::required("Time"),
    Attribute::required("Window"),
    Attribute::optional("Default"),
    Attribute::required("Decision"),
    Attribute::required("Reward"),
    Attribute::optional("Override"),
];
const WHEN: Attribute = Attribute::required("When").or(&["Filter"]);
pub(super) const DECISION: [Attribute; 2] = [WHEN, Attribute::required("Action")];
pub(super) const REWARD: [Attribute; 2] = [WHEN, Attribute::required("Value")];
pub(super) const OVERRIDE: [Attribute; 1] = [WHEN];

impl Reader<'_> {
    pub fn join(&mut self, root: &Node) -> Option<Join> {
        let attributes = self.attributes(root, "document", &with_header(&OWN))?;
        let header = self.header(&attributes);
        let decision = self.part(&attributes, "Decision", "decision", &DECISION);
        let reward = self.part(&attributes, "Reward", "reward", &REWARD);
        let overriding = self.part(&attributes, "Override", "override", &OVERRIDE);
        let window = attributes.get("Window").and_then(|entry| numbers::number(self, "Window", entry, 0.0));
        let default =
            attributes.get("Default").and_then(|entry| numbers::number(self, "Default", entry, f64::NEG_INFINITY));
        Some(Join {
            header,
            key: self.expression(&attributes, "Key"),
            time: self.expression(&attributes, "Time"),
            window_seconds: window.unwrap_or_default(),
            default_reward: default.unwrap_or_default(),
            decision_when: self.expression_in(&attributes, decision.as_ref(), "When"),
            action: self.expression_in(&attributes, decision.as_ref(), "Action"),
            reward_when: self.expression_in(&attributes, reward.as_ref(), "When"),
            reward_value: self.expression_in(&attributes, reward.as_ref(), "Value"),
            override_when: overriding.and_then(|part| self.optional_expression(&part, "When")),
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
