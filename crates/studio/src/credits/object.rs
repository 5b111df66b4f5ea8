//! A run as one JSON object: `MODEL/conv` and `MODEL/value` by channel, games of rates by channel, chains with what they
//! know. Beside them why a model said nothing, whether its sums reconcile, and its doubts. `scores` reads it again.

use attribution::doubt::{Halves, Interval, Stability, pearson, spearman};
use attribution::markov::State;
use attribution::markov::order::{Choice, OrderScore};
use attribution::models::Ordered;
use attribution::{Answer, Channel, Markov, Model, Names, Nulls, Unable, reconcile};
use serde_json::{Map, Value, json};

use super::keys::LAST_NON_FIRST;
use super::report::Computed;

/// Model `place` stands under `keys[place]`.
pub fn object(computed: &Computed<'_>, keys: &[String]) -> Value {
    let names = &computed.paths.names;
    let listing = Listing { names, order: names.sorted() };
    let totals = computed.paths.sample().totals();
    let mut object = Map::new();
    let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
    put("dataset", json!(computed.name));
    put("channels", json!(names.len()));
    put("touches", json!(computed.paths.touches()));
    put("journeys", number(totals.journeys));
    put("conversions", number(totals.conversions + totals.unattributed));
    put("value", number(totals.value + totals.unattributed_value));
    put(
        "unattributed",
        json!({"conversions": number(totals.unattributed), "value": number(totals.unattributed_value)}),
    );
    let (mut errors, mut sums) = (Map::new(), Map::new());
    for said in all(computed, keys) {
        match said.answer {
            Ok(answer) => {
                listing.put(&said, answer, &mut object);
                if let Some(check) = sums_of(computed, &said, answer) {
                    sums.insert(said.key.to_owned(), check);
                }
            }
            Err(unable) => {
                errors.insert(said.key.to_owned(), json!({"code": unable.code(), "message": unable.to_string()}));
            }
        }
    }
    object.insert("errors".to_owned(), Value::Object(errors));
    object.insert("reconciliation".to_owned(), Value::Object(sums));
    if computed.costs.iter().any(|cost| *cost != 0.0) {
        object.insert("spend".to_owned(), listing.spend(computed, keys));
    }
    if computed.doubts.is_some() {
        object.insert("doubt".to_owned(), doubt(computed, keys));
    }
    if let Some(order) = computed.order {
        object.insert("markov_order".to_owned(), order_of(order));
    }
    Value::Object(object)
}

/// One model with what it said.
struct OneSaid<'a> {
    key: &'a str,
    model: &'a Model,
    answer: &'a Result<Answer, Unable>,
}

fn all<'a>(computed: &'a Computed<'a>, keys: &'a [String]) -> impl Iterator<Item = OneSaid<'a>> {
    let models = computed.models.iter().zip(computed.answers);
    keys.iter().zip(models).map(|(key, (model, answer))| OneSaid { key, model, answer })
}

fn order_of(choice: &Choice) -> Value {
    let line = |score: &OrderScore| json!({"order": score.order, "log_likelihood": score.log_likelihood, "standard_error": score.error});
    json!({"chosen": choice.chosen, "held_out": choice.orders.iter().map(line).collect::<Vec<_>>()})
}

fn sums_of(computed: &Computed<'_>, said: &OneSaid<'_>, answer: &Answer) -> Option<Value> {
    if !said.model.is_efficient() || matches!(answer, Answer::Rates(_)) {
        return None;
    }
    let sample = computed.paths.sample();
    let found = reconcile(sample, &answer.credit(sample.totals().conversions)?);
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
    fn put(&self, said: &OneSaid<'_>, answer: &Answer, object: &mut Map<String, Value>) {
        let key = said.key;
        match answer {
            Answer::Credit(credit) => {
                for (column, values) in [("conv", &credit.conversions), ("value", &credit.value)] {
                    let values = self.by_channel(values);
                    let value = match said.model {
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
                object.insert(key.to_owned(), self.by_channel(&rates.values));
                if let Some(error) = &rates.error {
                    object.insert(format!("{key}/standard_error"), self.by_channel(error));
                }
            }
            Answer::Markov(markov) => {
                object.insert(key.to_owned(), self.chain(said.model, markov));
            }
        }
    }

    /// Costs, and by model what a conversion costs and what comes back for what was spent.
    fn spend(&self, computed: &Computed<'_>, keys: &[String]) -> Value {
        let costs = computed.costs;
        let conversions = computed.paths.sample().totals().conversions;
        let (mut each, mut back) = (Map::new(), Map::new());
        for said in all(computed, keys) {
            let Some(credit) = said.answer.as_ref().ok().and_then(|answer| answer.credit(conversions)) else {
                continue;
            };
            let per = |top: &[f64], bottom: &[f64]| -> Vec<f64> {
                top.iter().zip(bottom).map(|(top, bottom)| top / bottom).collect()
            };
            each.insert(said.key.to_owned(), self.by_channel(&per(costs, &credit.conversions)));
            if !credit.value.is_empty() {
                back.insert(said.key.to_owned(), self.by_channel(&per(&credit.value, costs)));
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

fn doubt(computed: &Computed<'_>, keys: &[String]) -> Value {
    let Some(doubts) = computed.doubts else { return Value::Null };
    let mut models = Map::new();
    for (place, key) in keys.iter().enumerate() {
        let mut model = Map::new();
        if let Some(Ok(stability)) = doubts.stability.get(place) {
            model.insert("replicates".to_owned(), json!(stability.replicates));
            model.insert("rank_agreement".to_owned(), json!(stability.agreement));
            model.insert("channels".to_owned(), doubt_by_channel(stability, &computed.paths.names));
        }
        if let Some(Ok(halves)) = doubts.halves.get(place) {
            model.insert("halves".to_owned(), of_halves(halves));
        }
        models.insert(key.clone(), Value::Object(model));
    }
    let conversions = computed.paths.sample().totals().conversions;
    let credits: Vec<(&str, Vec<f64>)> = all(computed, keys)
        .filter_map(|said| Some((said.key, said.answer.as_ref().ok()?.credit(conversions)?.conversions)))
        .collect();
    json!({
        "replicates": doubts.options.replicates,
        "splits": doubts.options.splits,
        "seed": doubts.options.seed,
        "level": doubts.options.level,
        "models": models,
        "pearson": correlations(&credits, pearson),
        "spearman": correlations(&credits, spearman),
    })
}

fn of_halves(halves: &Halves) -> Value {
    json!({
        "splits": halves.splits,
        "pearson": halves.pearson,
        "spearman": halves.spearman,
        "moved": halves.moved,
    })
}

fn correlations(credits: &[(&str, Vec<f64>)], measure: fn(&[f64], &[f64]) -> f64) -> Value {
    let line = |one: &[f64]| -> Map<String, Value> {
        credits.iter().map(|(key, other)| ((*key).to_owned(), json!(measure(one, other)))).collect()
    };
    let lines = credits.iter().map(|(key, one)| ((*key).to_owned(), Value::Object(line(one))));
    Value::Object(lines.collect())
}

fn doubt_by_channel(stability: &Stability, names: &Names) -> Value {
    let ends = |interval: &Interval| json!([interval.low, interval.high]);
    let lines = names.sorted().into_iter().map(|channel| {
        let index = channel as usize;
        let ranks = stability.ranks[index];
        let mut line = Map::new();
        line.insert("conversions".to_owned(), ends(&stability.conversions[index]));
        line.insert("conversions_error".to_owned(), json!(stability.conversions[index].error));
        line.insert("share".to_owned(), ends(&stability.share[index]));
        line.insert("share_error".to_owned(), json!(stability.share[index].error));
        if let Some(value) = stability.value.get(index) {
            line.insert("value".to_owned(), ends(value));
            line.insert("value_error".to_owned(), json!(value.error));
        }
        line.insert("rank".to_owned(), json!(ranks.rank));
        line.insert("ranks".to_owned(), json!([ranks.low, ranks.high]));
        line.insert("same_rank".to_owned(), json!(ranks.same));
        (names.name(channel).to_owned(), Value::Object(line))
    });
    Value::Object(lines.collect())
}
