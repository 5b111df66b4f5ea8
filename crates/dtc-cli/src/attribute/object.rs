//! All results as one JSON object: `MODEL/conv` and `MODEL/value` by channel, games of rates by channel, chains with what
//! they know. Beside them why a model said nothing, and whether its sums reconcile.

use std::io::{self, Write};

use attribution::markov::State;
use attribution::markov::order::{Choice, OrderScore};
use attribution::models::Ordered;
use attribution::{Answer, Channel, Markov, Model, Names, Nulls, Unable, reconcile};
use serde_json::{Map, Value, json};

use super::Said;
use super::asked::{Asked, LAST_NON_FIRST};
use super::comparison;

pub fn write(said: &Said<'_>, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &object(said))?;
    writeln!(out)
}

fn object(said: &Said<'_>) -> Value {
    let listing = Listing { names: &said.given.paths.names, order: said.given.paths.names.sorted() };
    let totals = said.given.paths.sample().totals();
    let mut object = Map::new();
    let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
    put("dataset", json!(said.given.dataset));
    put("channels", json!(said.given.paths.names.len()));
    put("touches", json!(said.given.paths.touches()));
    put("journeys", number(totals.journeys));
    put("conversions", number(totals.conversions + totals.unattributed));
    put("value", number(totals.value + totals.unattributed_value));
    put(
        "unattributed",
        json!({"conversions": number(totals.unattributed), "value": number(totals.unattributed_value)}),
    );
    let (mut errors, mut sums) = (Map::new(), Map::new());
    for (asked, answer) in &said.answers {
        match answer {
            Ok(answer) => {
                listing.put(asked, answer, &mut object);
                if let Some(check) = sums_of(said, asked, answer) {
                    sums.insert(asked.key.clone(), check);
                }
            }
            Err(unable) => {
                let why = json!({"code": unable.code(), "message": unable.to_string()});
                errors.insert(asked.key.clone(), why);
            }
        }
    }
    object.insert("errors".to_owned(), Value::Object(errors));
    object.insert("reconciliation".to_owned(), Value::Object(sums));
    if said.given.costs.iter().any(|cost| *cost != 0.0) {
        object.insert("spend".to_owned(), listing.spend(said));
    }
    if let Some(doubts) = &said.doubts {
        object.insert("doubt".to_owned(), doubts.object(&said.given.paths.names));
    }
    if let Some(order) = &said.order {
        object.insert("markov_order".to_owned(), order_of(order));
    }
    if let Some(compared) = &said.compared {
        object.insert("compared".to_owned(), comparison::object(compared));
    }
    Value::Object(object)
}

fn order_of(order: &Result<Choice, Unable>) -> Value {
    match order {
        Err(unable) => json!({"code": unable.code(), "message": unable.to_string()}),
        Ok(choice) => {
            let line = |score: &OrderScore| json!({"order": score.order, "log_likelihood": score.log_likelihood, "standard_error": score.error});
            json!({"chosen": choice.chosen, "held_out": choice.orders.iter().map(line).collect::<Vec<_>>()})
        }
    }
}

fn sums_of(said: &Said<'_>, asked: &Asked, answer: &Answer) -> Option<Value> {
    if !asked.model.is_efficient() || matches!(answer, Answer::Rates(_)) {
        return None;
    }
    let totals = said.given.paths.sample().totals();
    let found = reconcile(said.given.paths.sample(), &answer.credit(totals.conversions)?);
    Some(json!({
        "conversions_gap": found.conversions_gap,
        "value_gap": found.value_gap,
        "holds": found.holds,
    }))
}

/// A count as people write it: whole where it is.
fn number(count: f64) -> Value {
    if count.fract() == 0.0 && count.abs() < 1e15 { json!(count as i64) } else { json!(count) }
}

/// Channels by name.
struct Listing<'n> {
    names: &'n Names,
    order: Vec<Channel>,
}

impl Listing<'_> {
    fn put(&self, asked: &Asked, answer: &Answer, object: &mut Map<String, Value>) {
        let key = &asked.key;
        match answer {
            Answer::Credit(credit) => {
                for (column, values) in [("conv", &credit.conversions), ("value", &credit.value)] {
                    let values = self.by_channel(values);
                    let value = match &asked.model {
                        Model::Rule(attribution::Rule::LastNon(skip)) if key == LAST_NON_FIRST => {
                            json!({"skip": skip, "credit": values})
                        }
                        _ => values,
                    };
                    object.insert(format!("{key}/{column}"), value);
                }
            }
            Answer::Ordered(ordered) => {
                object.insert(format!("{key}/conv"), self.by_position(ordered, &ordered.conversions));
                object.insert(format!("{key}/value"), self.by_position(ordered, &ordered.value));
            }
            Answer::Rates(rates) => {
                object.insert(key.clone(), self.by_channel(&rates.values));
                if let Some(error) = &rates.error {
                    object.insert(format!("{key}/standard_error"), self.by_channel(error));
                }
            }
            Answer::Markov(markov) => {
                object.insert(key.clone(), self.chain(&asked.model, markov));
            }
        }
    }

    /// Costs, and by model what a conversion costs and what comes back for what was spent.
    fn spend(&self, said: &Said<'_>) -> Value {
        let costs = &said.given.costs;
        let conversions = said.given.paths.sample().totals().conversions;
        let (mut each, mut back) = (Map::new(), Map::new());
        for (asked, answer) in &said.answers {
            let Some(credit) = answer.as_ref().ok().and_then(|answer| answer.credit(conversions)) else { continue };
            let per = |top: &[f64], bottom: &[f64]| -> Vec<f64> {
                top.iter().zip(bottom).map(|(top, bottom)| top / bottom).collect()
            };
            each.insert(asked.key.clone(), self.by_channel(&per(costs, &credit.conversions)));
            if !credit.value.is_empty() {
                back.insert(asked.key.clone(), self.by_channel(&per(&credit.value, costs)));
            }
        }
        json!({"cost": self.by_channel(costs), "cost_per_conversion": each, "return_on_spend": back})
    }

    fn by_channel(&self, values: &[f64]) -> Value {
        self.of_channels(values, |_| true)
    }

    fn of_channels(&self, values: &[f64], listed: impl Fn(usize) -> bool) -> Value {
        let lines =
            self.order.iter().filter(|channel| listed(**channel as usize)).filter_map(|channel| {
                Some((self.names.name(*channel).to_owned(), json!(values.get(*channel as usize)?)))
            });
        Value::Object(lines.collect())
    }

    /// Positions from 1, of channels and places that are credited with anything.
    fn by_position(&self, ordered: &Ordered, values: &[Vec<f64>]) -> Value {
        let credited = |channel: usize, place: usize| {
            ordered.conversions[channel][place] != 0.0 || ordered.value[channel][place] != 0.0
        };
        let lines = self.order.iter().filter_map(|channel| {
            let channel = *channel as usize;
            let places = values[channel].iter().enumerate().filter(|(place, _)| credited(channel, *place));
            let line: Map<String, Value> =
                places.map(|(place, value)| ((place + 1).to_string(), json!(value))).collect();
            (!line.is_empty()).then(|| (self.names.name(channel as Channel).to_owned(), Value::Object(line)))
        });
        Value::Object(lines.collect())
    }

    fn chain(&self, model: &Model, markov: &Markov) -> Value {
        // Without nulls a channel that never leads to a conversion is not in the chain at all.
        let no_nulls = matches!(model, Model::Markov { nulls: Nulls::LeftOut, .. });
        let column = |values: &[f64]| self.of_channels(values, |channel| !no_nulls || markov.visits[channel] > 0.0);
        let mut chain = Map::new();
        chain.insert("p_conv".to_owned(), json!(markov.p_conversion));
        chain.insert("removal".to_owned(), column(&markov.removal));
        chain.insert("removal_value".to_owned(), column(&markov.removal_value));
        chain.insert("conversions".to_owned(), column(&markov.credit.conversions));
        chain.insert("value".to_owned(), column(&markov.credit.value));
        if !markov.transitions.is_empty() {
            chain.insert("transition".to_owned(), self.transitions(markov));
        }
        chain.insert("n_states".to_owned(), json!(markov.states));
        Value::Object(chain)
    }

    fn transitions(&self, markov: &Markov) -> Value {
        let name = |state: State| match state {
            State::Start => "(start)",
            State::Channel(channel) => self.names.name(channel),
            State::Conversion => "(conversion)",
            State::Null => "(null)",
        };
        let mut steps: Vec<(&str, &str, f64)> =
            markov.transitions.iter().map(|step| (name(step.from), name(step.to), step.probability)).collect();
        steps.sort_by_key(|(from, to, _)| (*from, *to));
        json!(steps)
    }
}
