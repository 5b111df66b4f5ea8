//! What a run gave to whom, small enough to keep: from what its models said, or from its JSON.

use attribution::Channel;
use serde_json::{Map, Value};

use super::keys::model_name;
use super::report::Computed;

/// A run as far as a comparison looks at it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RunScores {
    /// Of the whole run, those without a touch too; a table of scores does not tell.
    pub journeys: Option<f64>,
    pub conversions: Option<f64>,
    pub value: Option<f64>,
    pub models: Vec<ModelScores>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ModelScores {
    /// As documents write it.
    pub model: String,
    /// By name.
    pub channels: Vec<ChannelScore>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct ChannelScore {
    pub channel: String,
    pub conversions: f64,
    pub value: Option<f64>,
    /// Standard errors, where the run has them.
    pub conversions_error: Option<f64>,
    pub share_error: Option<f64>,
    pub value_error: Option<f64>,
}

impl RunScores {
    pub fn of(computed: &Computed<'_>) -> RunScores {
        let (sample, names) = (computed.paths.sample(), &computed.paths.names);
        let totals = sample.totals();
        let models = computed.models.iter().zip(computed.answers).enumerate().filter_map(|(place, (model, answer))| {
            let credit = answer.as_ref().ok()?.credit(totals.conversions)?;
            let stability = computed.doubts.and_then(|doubts| doubts.stability.get(place)?.as_ref().ok());
            let stability = stability.filter(|stability| stability.replicates > 0);
            let score = |channel: Channel| {
                let index = channel as usize;
                ChannelScore {
                    channel: names.name(channel).to_owned(),
                    conversions: credit.conversions[index],
                    value: credit.value.get(index).copied(),
                    conversions_error: stability.map(|stability| stability.conversions[index].error),
                    share_error: stability.map(|stability| stability.share[index].error),
                    value_error: stability.and_then(|stability| Some(stability.value.get(index)?.error)),
                }
            };
            Some(ModelScores { model: model.name(), channels: names.sorted().into_iter().map(score).collect() })
        });
        RunScores {
            journeys: Some(totals.journeys),
            conversions: Some(totals.conversions + totals.unattributed),
            value: Some(totals.value + totals.unattributed_value),
            models: models.collect(),
        }
    }

    /// Errors: why this is no run.
    pub fn read(text: &str) -> Result<RunScores, String> {
        let object: Map<String, Value> = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if !object.contains_key("reconciliation") {
            return Err("this is no run".to_owned());
        }
        let number = |name: &str| object.get(name).and_then(Value::as_f64);
        let conversions = number("conversions").unwrap_or_default();
        let credited = conversions - object.get("unattributed").map_or(0.0, |found| of(found, "conversions"));
        let mut models: Vec<ModelScores> = Vec::new();
        for key in object.keys() {
            let is_of =
                |part: &str| key.strip_suffix(part).is_some_and(|key| object.contains_key(&format!("{key}/conv")));
            if is_of("/value") {
                continue;
            }
            let key = key.strip_suffix("/conv").unwrap_or(key);
            let Some(model) = model_name(key).filter(|model| models.iter().all(|known| known.model != *model)) else {
                continue;
            };
            let channels = channels(&object, key, credited);
            models.extend((!channels.is_empty()).then_some(ModelScores { model, channels }));
        }
        Ok(RunScores { journeys: number("journeys"), conversions: Some(conversions), value: number("value"), models })
    }

    /// Of rows as a warehouse has them: the key of a model and what it gave.
    pub fn of_rows(rows: impl IntoIterator<Item = (String, ChannelScore)>) -> RunScores {
        let mut scores = RunScores::default();
        for (key, score) in rows {
            let model = model_name(&key).unwrap_or(key);
            match scores.models.iter_mut().find(|known| known.model == model) {
                Some(known) => known.channels.push(score),
                None => scores.models.push(ModelScores { model, channels: vec![score] }),
            }
        }
        scores
    }
}

fn of(object: &Value, name: &str) -> f64 {
    object.get(name).and_then(Value::as_f64).unwrap_or_default()
}

/// A model's credits: of conversions, a chain's, or a game's values, which share the conversions out.
fn channels(object: &Map<String, Value>, key: &str, conversions: f64) -> Vec<ChannelScore> {
    let listed = |value: Option<&Value>| -> Option<Map<String, Value>> {
        let value = value?;
        value.get("credit").unwrap_or(value).as_object().cloned()
    };
    let under = |part: &str| listed(object.get(&format!("{key}/{part}")));
    let chain = |part: &str| listed(object.get(key).and_then(|chain| chain.get(part)));
    let (credits, value, scale) = match (under("conv").or_else(|| chain("conversions")), listed(object.get(key))) {
        (Some(credits), _) => (credits, under("value").or_else(|| chain("value")), 1.0),
        (None, Some(rates)) => {
            let all: f64 = rates.values().map(credit).sum();
            (rates, None, if all > 0.0 { conversions / all } else { return Vec::new() })
        }
        (None, None) => return Vec::new(),
    };
    let doubts = object.get("doubt").and_then(|doubt| doubt.get("models")?.get(key)?.get("channels"));
    let score = |(name, given): (&String, &Value)| {
        let error = |kind: &str| doubts.and_then(|doubts| doubts.get(name)?.get(kind)?.as_f64());
        ChannelScore {
            channel: name.clone(),
            conversions: credit(given) * scale,
            value: value.as_ref().and_then(|value| value.get(name).map(credit)),
            conversions_error: error("conversions_error"),
            share_error: error("share_error"),
            value_error: error("value_error"),
        }
    };
    credits.iter().map(score).collect()
}

/// An ordered model has a credit by position.
fn credit(value: &Value) -> f64 {
    match value {
        Value::Object(positions) => positions.values().filter_map(Value::as_f64).sum(),
        value => value.as_f64().unwrap_or_default(),
    }
}
