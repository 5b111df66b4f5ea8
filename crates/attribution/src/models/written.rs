//! How models are written in documents and on the command line, and the names that results carry.

use super::{HalfLife, Model, Position, Rule};
use crate::markov::Nulls;
use crate::unable::Unable;

/// Every way to write a model; what stands after a colon is a parameter.
pub const NAMES: &[&str] = &[
    "first",
    "last",
    "last_non:CHANNEL",
    "linear",
    "linear_unique",
    "position",
    "position:FIRST/LAST",
    "u",
    "j",
    "inverse_j",
    "w",
    "w:CHANNEL",
    "ramp",
    "geo",
    "half_life",
    "half_life:HOURS",
    "participation",
    "shapley",
    "ordered_shapley",
    "shapley_rate_exact_set",
    "shapley_rate_subset",
    "shapley_rate_per_journey",
    "markov",
    "markov:ORDER",
    "markov:auto",
    "markov_no_loops",
    "markov_no_loops:ORDER",
    "markov_no_nulls",
    "markov_no_nulls:ORDER",
];

/// No model is written so: the text, or what is wrong with its parameter.
#[derive(Debug, Clone, PartialEq)]
pub enum UnknownModel {
    Name,
    Parameter(Unable),
}

/// Orders above this are refused: no data set has enough journeys for them.
const MOST_ORDER: u32 = 8;

impl Model {
    /// Reads `name` or `name:parameter`, without regard to case in the name.
    pub fn read(text: &str) -> Result<Model, UnknownModel> {
        let (name, parameter) = match text.split_once(':') {
            Some((name, parameter)) => (name, Some(parameter.trim())),
            None => (text, None),
        };
        let name = name.trim().to_ascii_lowercase().replace('-', "_");
        let bad = UnknownModel::Parameter;
        let plain = match name.as_str() {
            "first" => Some(Model::Rule(Rule::First)),
            "last" => Some(Model::Rule(Rule::Last)),
            "linear" => Some(Model::Rule(Rule::Linear)),
            "linear_unique" => Some(Model::Rule(Rule::LinearUnique)),
            "u" => Some(Model::Rule(Rule::Position(Position::U))),
            "j" => Some(Model::Rule(Rule::J)),
            "inverse_j" => Some(Model::Rule(Rule::InverseJ)),
            "ramp" => Some(Model::Rule(Rule::Ramp)),
            "geo" | "geometric" => Some(Model::Rule(Rule::Geometric)),
            "participation" => Some(Model::Rule(Rule::Participation)),
            "shapley" | "shapley_simplified" => Some(Model::Shapley),
            "ordered_shapley" | "shapley_ordered" => Some(Model::OrderedShapley),
            "shapley_rate_exact_set" => Some(Model::RateExactSet),
            "shapley_rate_subset" => Some(Model::RateSubset),
            "shapley_rate_per_journey" | "shapley_rate_per_journey_all" => Some(Model::RatePerJourney),
            _ => None,
        };
        if let Some(model) = plain {
            return match parameter {
                None => Ok(model),
                Some(_) => Err(bad(Unable::BadParameter("the model", "written without a parameter"))),
            };
        }
        match name.as_str() {
            "last_non" => named_channel(parameter).map(|channel| Model::Rule(Rule::LastNon(channel))),
            "w" if parameter.is_none() => Ok(Model::Rule(Rule::WShape(None))),
            "w" => named_channel(parameter).map(|channel| Model::Rule(Rule::WShape(Some(channel)))),
            "position" => position(parameter).map(|position| Model::Rule(Rule::Position(position))),
            "half_life" => half_life(parameter).map(|hours| Model::Rule(Rule::HalfLife(hours))),
            "markov" if parameter.is_some_and(|order| order.eq_ignore_ascii_case("auto")) => Ok(Model::MarkovChosen),
            "markov" => order(parameter).map(|order| Model::Markov { order, loops: true, nulls: Nulls::Counted }),
            "markov_no_loops" => {
                order(parameter).map(|order| Model::Markov { order, loops: false, nulls: Nulls::Counted })
            }
            "markov_no_nulls" => {
                order(parameter).map(|order| Model::Markov { order, loops: true, nulls: Nulls::LeftOut })
            }
            _ => result_name(&name).ok_or(UnknownModel::Name),
        }
    }

    /// As `read` reads it; results are listed under it.
    pub fn name(&self) -> String {
        let markov = |name: &str, order: u32| if order == 1 { name.to_owned() } else { format!("{name}:{order}") };
        match self {
            Model::Rule(rule) => rule.name(),
            Model::Shapley => "shapley".to_owned(),
            Model::OrderedShapley => "ordered_shapley".to_owned(),
            Model::RateExactSet => "shapley_rate_exact_set".to_owned(),
            Model::RateSubset => "shapley_rate_subset".to_owned(),
            Model::RatePerJourney => "shapley_rate_per_journey".to_owned(),
            Model::Markov { order, nulls: Nulls::LeftOut, .. } => markov("markov_no_nulls", *order),
            Model::Markov { order, loops: false, .. } => markov("markov_no_loops", *order),
            Model::Markov { order, .. } => markov("markov", *order),
            Model::MarkovChosen => "markov:auto".to_owned(),
        }
    }
}

impl Rule {
    pub fn name(&self) -> String {
        match self {
            Rule::First => "first".to_owned(),
            Rule::Last => "last".to_owned(),
            Rule::LastNon(channel) => format!("last_non:{channel}"),
            Rule::Linear => "linear".to_owned(),
            Rule::LinearUnique => "linear_unique".to_owned(),
            Rule::Position(position) if *position == Position::U => "position".to_owned(),
            Rule::Position(position) => format!("position:{}/{}", position.ends().0, position.ends().1),
            Rule::J => "j".to_owned(),
            Rule::InverseJ => "inverse_j".to_owned(),
            Rule::WShape(None) => "w".to_owned(),
            Rule::WShape(Some(channel)) => format!("w:{channel}"),
            Rule::Ramp => "ramp".to_owned(),
            Rule::Geometric => "geo".to_owned(),
            Rule::HalfLife(half_life) if *half_life == HalfLife::WEEK => "half_life".to_owned(),
            Rule::HalfLife(half_life) => format!("half_life:{}", half_life.as_hours()),
            Rule::Participation => "participation".to_owned(),
        }
    }
}

/// The names of the reference data: `halflife168h`, `markov_order2_loopsFalse`, `markov_order1_nonull`.
fn result_name(name: &str) -> Option<Model> {
    if let Some(hours) = name.strip_prefix("halflife").and_then(|rest| rest.strip_suffix('h')) {
        return Some(Model::Rule(Rule::HalfLife(HalfLife::hours(hours.parse().ok()?).ok()?)));
    }
    let (order, kind) = name.strip_prefix("markov_order")?.split_once('_')?;
    let order = order.parse().ok().filter(|order| (1..=MOST_ORDER).contains(order))?;
    let (loops, nulls) = match kind {
        "loopstrue" => (true, Nulls::Counted),
        "loopsfalse" => (false, Nulls::Counted),
        "nonull" => (true, Nulls::LeftOut),
        _ => return None,
    };
    Some(Model::Markov { order, loops, nulls })
}

fn named_channel(parameter: Option<&str>) -> Result<String, UnknownModel> {
    let wanted = Unable::BadParameter("the channel", "written after a colon, as in `last_non:Direct`");
    parameter.filter(|channel| !channel.is_empty()).map(str::to_owned).ok_or(UnknownModel::Parameter(wanted))
}

fn position(parameter: Option<&str>) -> Result<Position, UnknownModel> {
    let Some(parameter) = parameter else { return Ok(Position::U) };
    let wanted = Unable::BadParameter("position", "written as `position:0.4/0.4`, the shares of first and last touch");
    let ends = parameter.split_once('/').and_then(|(first, last)| Some((number(first)?, number(last)?)));
    let (first, last) = ends.ok_or(UnknownModel::Parameter(wanted))?;
    Position::custom(first, last).map_err(UnknownModel::Parameter)
}

fn half_life(parameter: Option<&str>) -> Result<HalfLife, UnknownModel> {
    let Some(parameter) = parameter else { return Ok(HalfLife::WEEK) };
    let hours = match parameter.strip_suffix('d') {
        Some(days) => number(days).map(|days| days * 24.0),
        None => number(parameter.strip_suffix('h').unwrap_or(parameter)),
    };
    HalfLife::hours(hours.unwrap_or(f64::NAN)).map_err(UnknownModel::Parameter)
}

fn order(parameter: Option<&str>) -> Result<u32, UnknownModel> {
    let Some(parameter) = parameter else { return Ok(1) };
    let order = parameter.parse().ok().filter(|order| (1..=MOST_ORDER).contains(order));
    order.ok_or(UnknownModel::Parameter(Unable::BadParameter("the order of a chain", "a whole number from 1 to 8")))
}

fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|number: &f64| number.is_finite())
}
