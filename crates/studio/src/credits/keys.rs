//! The keys under which a run's results stand in its JSON: as the reference data names them, and back.

use attribution::{HalfLife, Model, Nulls, Rule};

/// The last touch that is not of the first channel by name: a model for which nobody names a channel.
pub const LAST_NON_FIRST: &str = "last_non_first_channel";

pub fn key(model: &Model) -> String {
    match model {
        Model::Shapley => "shapley_simplified".to_owned(),
        Model::RatePerJourney => "shapley_rate_per_journey_all".to_owned(),
        Model::Rule(Rule::HalfLife(half_life)) if *half_life == HalfLife::WEEK => "halflife168h".to_owned(),
        Model::Rule(Rule::HalfLife(half_life)) => format!("halflife{}h", half_life.as_hours()),
        Model::Markov { order, nulls: Nulls::LeftOut, .. } => format!("markov_order{order}_nonull"),
        Model::Markov { order, loops, .. } => {
            format!("markov_order{order}_loops{}", if *loops { "True" } else { "False" })
        }
        other => other.name(),
    }
}

/// As documents write the model under a key; `None`: the key is no model's.
pub fn model_name(key: &str) -> Option<String> {
    if key == LAST_NON_FIRST {
        return Some(key.to_owned());
    }
    Model::read(key).ok().map(|model| model.name())
}
