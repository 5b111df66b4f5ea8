//! Attribution documents: touch points, conversions, models.

use super::header::with_header;
use super::value::no_expression;
use super::{Attribute, Reader, did_you_mean};
use crate::codes;
use crate::diagnostic::{Diagnostic, quote};
use crate::document::{Attribution, Name, Touch};
use crate::yaml::Node;

pub(super) const OWN: [Attribute; 5] = [
    Attribute::required("Identity"),
    Attribute::required("Time"),
    Attribute::required("Touch"),
    Attribute::required("Conversion"),
    Attribute::required("Models").or(&["Model"]),
];
pub(super) const TOUCH: [Attribute; 3] =
    [Attribute::optional("When").or(&["Filter"]), Attribute::required("Value"), Attribute::optional("Description")];
pub(super) const CONVERSION: [Attribute; 2] =
    [Attribute::required("When").or(&["Filter"]), Attribute::optional("Description")];

/// Models that attribution documents may name.
pub const MODELS: &[&str] = &["first", "last"];

impl Reader<'_> {
    pub fn attribution(&mut self, root: &Node) -> Option<Attribution> {
        let attributes = self.attributes(root, "document", &with_header(&OWN))?;
        let header = self.header(&attributes);
        let touch = attributes.get("Touch").and_then(|entry| self.attributes(&entry.value, "touch", &TOUCH));
        let conversion =
            attributes.get("Conversion").and_then(|entry| self.attributes(&entry.value, "conversion", &CONVERSION));
        Some(Attribution {
            header,
            identity: self.expression(&attributes, "Identity"),
            time: self.expression(&attributes, "Time"),
            touch: match &touch {
                Some(touch) => {
                    Touch { when: self.optional_expression(touch, "When"), value: self.expression(touch, "Value") }
                }
                None => Touch { when: None, value: no_expression(attributes.place) },
            },
            conversion_when: match &conversion {
                Some(conversion) => self.expression(conversion, "When"),
                None => no_expression(attributes.place),
            },
            models: self.models(&attributes),
        })
    }

    fn models(&mut self, attributes: &super::Attributes) -> Vec<Name> {
        let single = attributes.get("Models").filter(|entry| entry.value.scalar().is_some());
        let mut models = Vec::new();
        if let Some(entry) = single {
            models.extend(self.text_of("Models", &entry.value));
        } else {
            for item in self.items(attributes, "Models") {
                models.extend(self.text_of("Models", item));
            }
        }
        for model in &mut models {
            let lower = model.value.trim().to_lowercase();
            if !MODELS.contains(&lower.as_str()) {
                let diagnostic = Diagnostic::error(
                    codes::BAD_CHOICE,
                    format!("{} is not a model of attribution", quote(&model.value)),
                    model.span,
                    "no model has this name",
                );
                self.report(did_you_mean(diagnostic, &model.value, MODELS));
            }
            model.value = lower;
        }
        models
    }
}
