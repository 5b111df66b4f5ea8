//! The models that an attribution document may name, and what may stand behind their colon.
//!
//! What they do is the crate `attribution`'s, which the page does not carry; the suite holds the two lists together.

use super::did_you_mean;
use crate::codes;
use crate::diagnostic::{Diagnostic, quote};
use crate::text::Span;

/// A model as documents write it: `name`, or `name:parameter`.
#[derive(Debug, Clone, Copy)]
pub struct KnownModel {
    pub name: &'static str,
    pub parameter: Parameter,
    /// In a few words.
    pub meaning: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parameter {
    None,
    /// The name of a touch point; required.
    TouchPoint,
    /// The same; without it, the document's `Milestone`.
    Milestone,
    /// Shares of the first and the last touch, such as `0.4/0.4`; may be left out.
    Ends,
    /// Hours, or days as `7d`; may be left out.
    HalfLife,
    /// From 1 to 8; may be left out.
    Order,
    /// The same, or `auto`: the order that foretells held-out journeys best.
    ChosenOrder,
}

const fn model(name: &'static str, parameter: Parameter, meaning: &'static str) -> KnownModel {
    KnownModel { name, parameter, meaning }
}

pub const MODELS: &[KnownModel] = &[
    model("first", Parameter::None, "all to the first touch"),
    model("last", Parameter::None, "all to the last touch"),
    model("last_non", Parameter::TouchPoint, "all to the last touch of another touch point"),
    model("linear", Parameter::None, "the same to each touch"),
    model("linear_unique", Parameter::None, "the same to each touch point"),
    model("position", Parameter::Ends, "0.4 to the first and the last touch, the rest between"),
    model("u", Parameter::None, "0.4 to the first and the last touch, the rest between"),
    model("j", Parameter::None, "0.2 to the first, 0.6 to the last touch"),
    model("inverse_j", Parameter::None, "0.6 to the first, 0.2 to the last touch"),
    model("w", Parameter::Milestone, "0.3 each to the first touch, a milestone and the last touch"),
    model("ramp", Parameter::None, "more to each later touch, by equal steps"),
    model("geo", Parameter::None, "twice as much to each later touch"),
    model("half_life", Parameter::HalfLife, "half as much for each week before the end"),
    model("participation", Parameter::None, "all to every touch point of the journey"),
    model("shapley", Parameter::None, "Shapley's value of the conversions that touch points reach together"),
    model("ordered_shapley", Parameter::None, "the same, by position"),
    model("shapley_rate_exact_set", Parameter::None, "Shapley's value of the rate of exactly a set"),
    model("shapley_rate_subset", Parameter::None, "Shapley's value of the rate within a set"),
    model("shapley_rate_per_journey", Parameter::None, "Shapley's value of rates, journey by journey"),
    model("markov", Parameter::ChosenOrder, "conversions that are lost without the touch point, by a Markov chain"),
    model("markov_no_loops", Parameter::Order, "the same, repeated touches as one"),
    model("markov_no_nulls", Parameter::Order, "the same, from journeys that convert alone"),
];

impl KnownModel {
    /// How it is written, with a parameter where it needs one.
    pub fn example(&self) -> String {
        match self.parameter {
            Parameter::TouchPoint => format!("{}:NAME", self.name),
            _ => self.name.to_owned(),
        }
    }

    fn takes(&self, parameter: Option<&str>) -> bool {
        match (self.parameter, parameter) {
            (Parameter::TouchPoint, parameter) => parameter.is_some_and(|name| !name.is_empty()),
            (Parameter::Milestone, Some(name)) => !name.is_empty(),
            (_, None) => true,
            (Parameter::None, Some(_)) => false,
            (Parameter::Ends, Some(text)) => ends(text),
            (Parameter::HalfLife, Some(text)) => {
                let number = text.strip_suffix(['d', 'h']).unwrap_or(text);
                number.trim().parse().is_ok_and(|hours: f64| hours.is_finite() && hours > 0.0)
            }
            (Parameter::ChosenOrder, Some(text)) if text.eq_ignore_ascii_case("auto") => true,
            (Parameter::Order | Parameter::ChosenOrder, Some(text)) => {
                text.parse().is_ok_and(|order: u32| (1..=8).contains(&order))
            }
        }
    }

    fn wants(&self) -> &'static str {
        match self.parameter {
            Parameter::None => "Write the name alone",
            Parameter::TouchPoint => "Write the name of a touch point after a colon, as in `last_non:Direct`",
            Parameter::Milestone => "Write the name of a touch point after a colon, or no colon",
            Parameter::Ends => {
                "Write the shares of the first and the last touch, at most 1 together, as in `position:0.4/0.4`"
            }
            Parameter::HalfLife => "Write hours or days above 0, as in `half_life:36` or `half_life:7d`",
            Parameter::Order => "Write an order from 1 to 8, as in `markov_no_loops:2`",
            Parameter::ChosenOrder => "Write an order from 1 to 8, as in `markov:2`, or `markov:auto`",
        }
    }
}

fn ends(text: &str) -> bool {
    let share = |text: &str| text.trim().parse().ok().filter(|share: &f64| share.is_finite() && *share >= 0.0);
    let both = text.split_once('/').and_then(|(first, last)| Some(share(first)? + share(last)?));
    both.is_some_and(|sum| sum <= 1.0 + 1e-12)
}

/// What is wrong with a model as it is written, if anything is.
pub(super) fn unknown(written: &str, span: Span) -> Option<Diagnostic> {
    let (name, parameter) = match written.split_once(':') {
        Some((name, parameter)) => (name, Some(parameter.trim())),
        None => (written, None),
    };
    let name = name.trim().to_ascii_lowercase().replace('-', "_");
    let Some(model) = MODELS.iter().find(|model| model.name == name) else {
        let names: Vec<&str> = MODELS.iter().map(|model| model.name).collect();
        let diagnostic = Diagnostic::error(
            codes::BAD_CHOICE,
            format!("{} is not a model of attribution", quote(written)),
            span,
            "no model has this name",
        );
        return Some(did_you_mean(diagnostic, written, &names));
    };
    (!model.takes(parameter)).then(|| {
        let text = format!("{} is not how this model is written", quote(written));
        Diagnostic::error(codes::BAD_CHOICE, text, span, "what stands behind the name does not fit").help(model.wants())
    })
}
