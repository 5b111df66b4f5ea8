//! From what the models and doubts say to the contract's report: numbers by channel in one order, parts that apply.

use attribution::doubt::{Halves, Interval, Options, Stability, pearson, spearman};
use attribution::markov::order::Choice;
use attribution::markov::{State, Transition};
use attribution::models::Answer;
use attribution::shape::{self, Spread};
use attribution::{Channel, Credit, Model, Paths, Sample, Unable, reconcile};
use studio_api::*;

use super::{parts, view};

/// Listed paths, and the first touches whose followers are told.
const MOST_PATHS: usize = 50;
const PLACES: usize = 5;
const PERCENTILES: [f64; 4] = [0.5, 0.75, 0.9, 0.95];
const BARS: usize = 24;
/// An hour, as a bar of days.
const FINEST_DAYS: f64 = 1.0 / 24.0;

/// All that is known about some paths.
pub struct Computed<'a> {
    pub name: &'a str,
    pub paths: &'a Paths,
    /// By channel; empty where nobody knows.
    pub costs: &'a [f64],
    pub unusable: u64,
    pub models: &'a [Model],
    /// By model.
    pub answers: &'a [Result<Answer, Unable>],
    pub doubts: Option<&'a Doubts>,
    pub order: Option<&'a Choice>,
}

/// How far the answers can be trusted, by model; empty lists: nobody asked.
#[derive(Debug, Clone)]
pub struct Doubts {
    pub options: Options,
    pub stability: Vec<Result<Stability, Unable>>,
    pub halves: Vec<Result<Halves, Unable>>,
}

/// Channels in the order of the report.
struct Listing {
    channels: Vec<Channel>,
    /// The place of each channel.
    places: Vec<u32>,
}

impl Listing {
    fn of(&self, values: &[f64]) -> Vec<f64> {
        let value = |channel: &Channel| values.get(*channel as usize).copied();
        self.channels.iter().filter_map(value).collect()
    }

    fn intervals(&self, values: &[Interval]) -> Vec<(f64, f64)> {
        let value = |channel: &Channel| values.get(*channel as usize).map(|interval| (interval.low, interval.high));
        self.channels.iter().filter_map(value).collect()
    }

    fn state(&self, state: State) -> PathState {
        match state {
            State::Start => PathState::Start,
            State::Channel(channel) => PathState::Channel(self.places[channel as usize]),
            State::Conversion => PathState::Conversion,
            State::Null => PathState::Null,
        }
    }
}

/// A model that gave something.
struct Given<'a> {
    place: usize,
    model: &'a Model,
    answer: &'a Answer,
    credit: Credit,
}

pub fn report(computed: &Computed<'_>) -> AttributionReport {
    let sample = computed.paths.sample();
    let conversions = sample.totals().conversions;
    let (mut given, mut unable) = (Vec::new(), Vec::new());
    for (place, (model, answer)) in computed.models.iter().zip(computed.answers).enumerate() {
        let reason = match answer {
            Ok(answer) => match answer.credit(conversions) {
                Some(credit) => {
                    given.push(Given { place, model, answer, credit });
                    continue;
                }
                None => "its values do not sum to anything positive".to_owned(),
            },
            Err(unable) => unable.to_string(),
        };
        unable.push(UnableModel { model: model.name(), reason });
    }
    let listing = listing(computed.paths, given.first());
    let models: Vec<ModelCredit> = given.iter().map(|given| model_credit(computed, &listing, given)).collect();
    let alike = |measure: fn(&[f64], &[f64]) -> f64| correlations(&models, measure);
    let (pearson, spearman) = (alike(pearson), alike(spearman));
    let (paths, distinct) = shape::sequences(sample, MOST_PATHS);
    let mut report = AttributionReport {
        name: computed.name.to_owned(),
        totals: totals(computed, sample),
        channels: channels(computed, sample, &listing),
        models,
        unable,
        doubt: computed.doubts.map(|doubts| basis(&doubts.options)),
        pearson,
        spearman,
        markov_order: computed.order.map(markov_order),
        transitions: transitions(&given, &listing),
        paths: paths.into_iter().map(|path| path_count(&path, &listing)).collect(),
        distinct_paths: distinct as u64,
        steps: shape::steps(sample, PLACES).into_iter().map(|step| path_step(&step, &listing)).collect(),
        touches_to_convert: spread_of(&shape::touches_to_convert(sample), 1.0),
        days_to_convert: shape::days_to_convert(sample).and_then(|days| spread_of(&days, FINEST_DAYS)),
        ..AttributionReport::default()
    };
    report.parts = parts::of(&report);
    report.usual_models = view::usual(&report);
    report
}

/// The report with another run beside it.
pub fn compared(mut report: AttributionReport, comparison: Option<RunComparison>) -> AttributionReport {
    report.comparison = comparison;
    report.parts = parts::of(&report);
    report
}

/// Most credited by the first model first.
fn listing(paths: &Paths, first: Option<&Given<'_>>) -> Listing {
    let mut channels = paths.names.sorted();
    if let Some(first) = first {
        let credit = |channel: &Channel| first.credit.conversions[*channel as usize];
        channels.sort_by(|a, b| credit(b).total_cmp(&credit(a)));
    }
    let mut places = vec![0; channels.len()];
    for (place, channel) in channels.iter().enumerate() {
        places[*channel as usize] = place as u32;
    }
    Listing { channels, places }
}

fn has_costs(computed: &Computed<'_>) -> bool {
    computed.costs.iter().any(|cost| *cost != 0.0)
}

fn totals(computed: &Computed<'_>, sample: Sample<'_>) -> JourneyTotals {
    let totals = sample.totals();
    JourneyTotals {
        journeys: totals.journeys,
        touches: computed.paths.touches() as u64,
        conversions: totals.conversions + totals.unattributed,
        value: totals.value + totals.unattributed_value,
        unattributed: totals.unattributed,
        unattributed_value: totals.unattributed_value,
        cost: has_costs(computed).then(|| computed.costs.iter().sum()),
        unusable: computed.unusable,
    }
}

fn channels(computed: &Computed<'_>, sample: Sample<'_>, listing: &Listing) -> Vec<ChannelFacts> {
    let presence = shape::presence(sample);
    let facts = |channel: &Channel| {
        let of = presence[*channel as usize];
        ChannelFacts {
            name: computed.paths.names.name(*channel).to_owned(),
            journeys: of.journeys,
            touches: of.touches,
            cost: has_costs(computed).then(|| computed.costs.get(*channel as usize).copied().unwrap_or_default()),
            last_converted: of.last.conversions,
            last_dropped: of.last.nulls,
        }
    };
    listing.channels.iter().map(facts).collect()
}

fn model_credit(computed: &Computed<'_>, listing: &Listing, given: &Given<'_>) -> ModelCredit {
    let (conversions, value) = (listing.of(&given.credit.conversions), listing.of(&given.credit.value));
    let costs = if has_costs(computed) { listing.of(computed.costs) } else { Vec::new() };
    let per = |top: &[f64], bottom: &[f64]| -> Vec<Option<f64>> {
        let rate = |(top, bottom): (&f64, &f64)| (*bottom > 0.0).then(|| top / bottom);
        top.iter().zip(bottom).map(rate).collect()
    };
    let chain = match given.answer {
        Answer::Markov(markov) => Some(markov),
        _ => None,
    };
    let reconciled = given.model.is_efficient().then(|| reconcile(computed.paths.sample(), &given.credit));
    let doubts = computed.doubts;
    let stability = doubts.and_then(|doubts| doubts.stability.get(given.place)?.as_ref().ok());
    let halves = doubts.and_then(|doubts| doubts.halves.get(given.place)?.as_ref().ok());
    ModelCredit {
        model: given.model.name(),
        cost_per_conversion: per(&costs, &conversions),
        return_on_spend: per(&value, &costs),
        share: shares(&conversions),
        value_share: shares(&value),
        conversions,
        value,
        removal: chain.map(|chain| listing.of(&chain.removal)).unwrap_or_default(),
        removal_value: chain.map(|chain| listing.of(&chain.removal_value)).unwrap_or_default(),
        order: chain.map(|chain| chain.order),
        reconciled: reconciled.map(|found| Reconciliation {
            conversions_gap: found.conversions_gap,
            value_gap: found.value_gap,
            holds: found.holds,
        }),
        stability: stability
            .filter(|stability| stability.replicates > 0)
            .map(|stability| of_stability(stability, listing)),
        halves: halves.filter(|halves| halves.splits > 0).map(|halves| of_halves(halves, listing)),
    }
}

fn shares(credits: &[f64]) -> Vec<f64> {
    let all: f64 = credits.iter().sum();
    credits.iter().map(|credit| if all == 0.0 { 0.0 } else { credit / all }).collect()
}

fn of_stability(stability: &Stability, listing: &Listing) -> ModelStability {
    let rank = |channel: &Channel| {
        let ranks = stability.ranks[*channel as usize];
        (ranks.rank, ranks.low, ranks.high)
    };
    let places = |channel: &Channel| {
        let places = &stability.places[*channel as usize];
        places.iter().map(|count| f64::from(*count) / f64::from(stability.replicates)).collect()
    };
    ModelStability {
        conversions: listing.intervals(&stability.conversions),
        value: listing.intervals(&stability.value),
        share: listing.intervals(&stability.share),
        ranks: listing.channels.iter().map(rank).collect(),
        places: listing.channels.iter().map(places).collect(),
        agreement: known(stability.agreement),
        replicates: stability.replicates,
    }
}

fn of_halves(halves: &Halves, listing: &Listing) -> ModelHalves {
    let (one, other) =
        halves.first.as_ref().map(|(one, other)| (listing.of(one), listing.of(other))).unwrap_or_default();
    ModelHalves {
        pearson: known(halves.pearson),
        spearman: known(halves.spearman),
        moved: halves.moved,
        splits: halves.splits,
        one,
        other,
    }
}

fn known(number: f64) -> Option<f64> {
    number.is_finite().then_some(number)
}

fn basis(options: &Options) -> DoubtBasis {
    DoubtBasis {
        replicates: options.replicates,
        splits: options.splits,
        seed: options.seed.to_string(),
        level: options.level,
    }
}

fn correlations(models: &[ModelCredit], measure: fn(&[f64], &[f64]) -> f64) -> Vec<Vec<Option<f64>>> {
    let line =
        |one: &ModelCredit| models.iter().map(|other| known(measure(&one.conversions, &other.conversions))).collect();
    models.iter().map(line).collect()
}

fn markov_order(choice: &Choice) -> MarkovOrder {
    let score = |score: &attribution::markov::order::OrderScore| (score.order, score.log_likelihood, score.error);
    MarkovOrder { chosen: choice.chosen, orders: choice.orders.iter().map(score).collect() }
}

/// Of the first chain that has them.
fn transitions(given: &[Given<'_>], listing: &Listing) -> Vec<TransitionShare> {
    let chain = given.iter().find_map(|given| match given.answer {
        Answer::Markov(markov) if !markov.transitions.is_empty() => Some(&markov.transitions),
        _ => None,
    });
    let share = |step: &Transition| TransitionShare {
        from: listing.state(step.from),
        to: listing.state(step.to),
        probability: step.probability,
    };
    chain.map(|steps| steps.iter().map(share).collect()).unwrap_or_default()
}

fn path_count(path: &shape::Sequence, listing: &Listing) -> PathCount {
    PathCount {
        touches: path.touches.iter().map(|touch| listing.places[*touch as usize]).collect(),
        conversions: path.outcome.conversions,
        nulls: path.outcome.nulls,
        value: path.outcome.value,
    }
}

fn path_step(step: &shape::Step, listing: &Listing) -> PathStep {
    PathStep {
        place: step.place as u32,
        from: listing.places[step.from as usize],
        to: listing.state(step.to),
        journeys: step.journeys,
    }
}

fn spread_of(spread: &Spread, finest: f64) -> Option<SpreadOf> {
    let mut bins = spread.bins(BARS, finest);
    // Nothing converts after no touch.
    if finest == 1.0 && bins.first().is_some_and(|bin| bin.to == Some(1.0) && bin.conversions == 0.0) {
        bins.remove(0);
    }
    let percentiles = PERCENTILES.iter().map(|part| Some((*part, spread.percentile(*part)?)));
    Some(SpreadOf {
        conversions: spread.conversions,
        mean: spread.mean,
        percentiles: percentiles.collect::<Option<_>>()?,
        bins: bins.iter().map(|bin| (bin.from, bin.to, bin.conversions)).collect(),
    })
}
