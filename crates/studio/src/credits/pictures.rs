//! The parts of a report as drawings.

use charts::{Chart, CreditChart, Dot, DotChart, HeatChart, HistogramChart, Style};
use studio_api::{AttributionReport, ModelChange, ModelCredit, PathState, ReportPart, ReportView, SpreadOf};

use super::view;

const LOW: u32 = 300;
/// Channels with a row of their own in drawings that have one for each.
const MOST_ROWS: usize = 20;

/// `None`: the part does not apply, or there is nothing to draw.
pub fn draw(
    report: &AttributionReport,
    part: ReportPart,
    look: &ReportView,
    style: &Style,
    width: u32,
) -> Option<Chart> {
    match part {
        ReportPart::Credit => {
            let data = credit(report, look);
            charts::credit(&data, style, width, charts::credit_height(&data, style).max(LOW))
        }
        ReportPart::Spend => {
            let data = spend(report, look);
            charts::credit(&data, style, width, charts::credit_height(&data, style).max(LOW))
        }
        ReportPart::Changes => {
            let data = changes(report, look)?;
            charts::dots(&data, style, width, charts::dots_height(&data, style).max(220))
        }
        ReportPart::Removal => {
            let data = removal(report, look);
            charts::credit(&data, style, width, charts::credit_height(&data, style).max(LOW))
        }
        ReportPart::Order => {
            let data = order(report)?;
            charts::dots(&data, style, width, charts::dots_height(&data, style))
        }
        ReportPart::Paths => charts::flow(&super::flow::flow(report), style, width, 420),
        ReportPart::Transitions => heat(&transitions(report), style, width),
        ReportPart::Touches => histogram(report.touches_to_convert.as_ref()?, "touches", true, style, width),
        ReportPart::Days => histogram(report.days_to_convert.as_ref()?, "days", false, style, width),
        ReportPart::DropOff => {
            let data = drop_off(report);
            charts::credit(&data, style, width, charts::credit_height(&data, style).max(LOW))
        }
        ReportPart::Stability => {
            let data = stability(report, look);
            charts::dots(&data, style, width, charts::dots_height(&data, style).max(220))
        }
        ReportPart::Ranks => heat(&ranks(report, look)?, style, width),
        ReportPart::Agreement => heat(&agreement(report), style, width),
        ReportPart::Checks => None,
    }
}

fn heat(data: &HeatChart, style: &Style, width: u32) -> Option<Chart> {
    charts::heat(data, style, width, charts::heat_height(data, style))
}

/// Models without such a credit (games of rates have no value) are left out.
fn credit(report: &AttributionReport, look: &ReportView) -> CreditChart {
    let models: Vec<&ModelCredit> =
        view::models(report, look).into_iter().filter(|model| !view::credits(model, look).is_empty()).collect();
    let line = |place: usize| models.iter().map(|model| view::credits(model, look)[place]).collect();
    let bounds = |place: usize| models.iter().map(|model| view::intervals(model, look).get(place).copied()).collect();
    let name = |place: usize| report.channels[place].name.clone();
    let places = 0..report.channels.len();
    CreditChart {
        heading: view::measure(look).to_owned(),
        models: models.iter().map(|model| model.model.clone()).collect(),
        touch_points: places.clone().map(|place| (name(place), line(place))).collect(),
        bounds: places.map(bounds).collect(),
        percent: look.normalised,
    }
}

/// Where touches cost something; without values, what a conversion costs.
fn spend(report: &AttributionReport, look: &ReportView) -> CreditChart {
    let has_value = report.totals.value != 0.0;
    let rates = |model: &ModelCredit| {
        if has_value { model.return_on_spend.clone() } else { model.cost_per_conversion.clone() }
    };
    let models: Vec<(&ModelCredit, Vec<Option<f64>>)> = view::models(report, look)
        .into_iter()
        .map(|model| (model, rates(model)))
        .filter(|(_, rates)| !rates.is_empty())
        .collect();
    let paid = report.channels.iter().enumerate().filter(|(_, channel)| channel.cost.is_some_and(|cost| cost > 0.0));
    let line = |place: usize| models.iter().map(|(_, rates)| rates[place].unwrap_or(f64::NAN)).collect();
    CreditChart {
        heading: if has_value { "value for each unit of cost" } else { "cost of one conversion" }.to_owned(),
        models: models.iter().map(|(model, _)| model.model.clone()).collect(),
        touch_points: paid.map(|(place, channel)| (channel.name.clone(), line(place))).collect(),
        ..CreditChart::default()
    }
}

/// A dumbbell for each model and touch point: from the other run's number to this one's.
fn changes(report: &AttributionReport, look: &ReportView) -> Option<DotChart> {
    let comparison = report.comparison.as_ref()?;
    let models = view::changes(comparison, look);
    let dot = |model: &ModelChange, place: usize| {
        let change = view::change(model, look)[place];
        Dot {
            value: change.now,
            low: Some(change.before.min(change.now)),
            high: Some(change.before.max(change.now)),
            marks: vec![change.before],
        }
    };
    let row =
        |(place, channel): (usize, &String)| (channel.clone(), models.iter().map(|model| dot(model, place)).collect());
    Some(DotChart {
        heading: format!("{} by", view::measure(look)),
        series: models.iter().map(|model| model.model.clone()).collect(),
        rows: comparison.channels.iter().take(MOST_ROWS).enumerate().map(row).collect(),
        band: String::new(),
        marks: vec![format!("in {}", comparison.name)],
        percent: look.normalised,
    })
}

/// What chains lose without a touch point, of conversions or of value.
fn removal(report: &AttributionReport, look: &ReportView) -> CreditChart {
    let chains = view::chains(report, look);
    let effects = |model: &ModelCredit| if look.value { model.removal_value.clone() } else { model.removal.clone() };
    let effects: Vec<Vec<f64>> = chains.iter().map(|model| effects(model)).collect();
    let line = |place: usize| effects.iter().map(|effects| effects[place]).collect();
    let mut order: Vec<usize> = (0..report.channels.len()).collect();
    if let Some(first) = effects.first() {
        order.sort_by(|a, b| first[*b].total_cmp(&first[*a]));
    }
    CreditChart {
        heading: if look.value { "value lost without it" } else { "conversions lost without it" }.to_owned(),
        models: chains.iter().map(|model| chain_name(model)).collect(),
        touch_points: order.into_iter().map(|place| (report.channels[place].name.clone(), line(place))).collect(),
        percent: true,
        ..CreditChart::default()
    }
}

/// With the order that the journeys chose, where the name does not say it.
pub(super) fn chain_name(model: &ModelCredit) -> String {
    match model.order {
        Some(order) if model.model.ends_with(":auto") => format!("{} (order {order})", model.model),
        _ => model.model.clone(),
    }
}

/// Nats behind the best order, which has none.
fn order(report: &AttributionReport) -> Option<DotChart> {
    let order = report.markov_order.as_ref()?;
    let best = order.orders.iter().map(|(_, likelihood, _)| *likelihood).fold(f64::NEG_INFINITY, f64::max);
    let row = |(number, likelihood, error): &(u32, f64, f64)| {
        let behind = best - likelihood;
        let name = match *number {
            number if number == order.chosen => format!("order {number}, chosen"),
            0 => "no memory".to_owned(),
            number => format!("order {number}"),
        };
        let dot =
            Dot { value: behind, low: Some((behind - error).max(0.0)), high: Some(behind + error), marks: vec![] };
        (name, vec![dot])
    };
    Some(DotChart {
        heading: "log likelihood of a held-out journey".to_owned(),
        series: vec!["behind the best, in nats".to_owned()],
        rows: order.orders.iter().map(row).collect(),
        band: "within one standard error".to_owned(),
        marks: Vec::new(),
        percent: false,
    })
}

fn drop_off(report: &AttributionReport) -> CreditChart {
    let mut channels: Vec<&studio_api::ChannelFacts> = report.channels.iter().collect();
    channels.sort_by(|a, b| b.last_dropped.total_cmp(&a.last_dropped));
    let line = |channel: &&studio_api::ChannelFacts| {
        (channel.name.clone(), vec![channel.last_dropped, channel.last_converted])
    };
    CreditChart {
        heading: "journeys by their last touch".to_owned(),
        models: vec!["dropped off".to_owned(), "converted".to_owned()],
        touch_points: channels.iter().map(line).collect(),
        ..CreditChart::default()
    }
}

/// Rows from the start and the channels, columns to the channels and the ends.
fn transitions(report: &AttributionReport) -> HeatChart {
    let shown = report.channels.len().min(MOST_ROWS) as u32;
    let channels = || (0..shown).map(PathState::Channel);
    let from: Vec<PathState> = [PathState::Start].into_iter().chain(channels()).collect();
    let to: Vec<PathState> = channels().chain([PathState::Conversion, PathState::Null]).collect();
    let probability = |from: &PathState, to: &PathState| {
        let step = report.transitions.iter().find(|step| step.from == *from && step.to == *to);
        step.map(|step| step.probability)
    };
    let values: Vec<Vec<Option<f64>>> =
        from.iter().map(|from| to.iter().map(|to| probability(from, to)).collect()).collect();
    let largest = values.iter().flatten().flatten().copied().fold(0.0, f64::max);
    HeatChart {
        heading: "likelihood of the next step: rows from, columns to".to_owned(),
        rows: from.iter().map(|state| super::flow::state_name(report, *state)).collect(),
        columns: to.iter().map(|state| super::flow::state_name(report, *state)).collect(),
        values,
        largest,
        percent: true,
        between: "to".to_owned(),
        measure: "likelihood".to_owned(),
    }
}

fn histogram(spread: &SpreadOf, unit: &str, whole: bool, style: &Style, width: u32) -> Option<Chart> {
    let name = |part: f64| if part == 0.5 { "median".to_owned() } else { format!("{:.0} % within", part * 100.0) };
    let data = HistogramChart {
        heading: "conversions".to_owned(),
        bins: spread.bins.clone(),
        percentiles: spread.percentiles.iter().map(|(part, value)| (name(*part), *value)).collect(),
        unit: unit.to_owned(),
        measure: "conversions".to_owned(),
        whole,
    };
    charts::histogram(&data, style, width, LOW)
}

fn stability(report: &AttributionReport, look: &ReportView) -> DotChart {
    let models: Vec<&ModelCredit> = view::models(report, look);
    let dot = |model: &ModelCredit, place: usize| {
        let bounds = model.stability.as_ref().and_then(|stability| stability.share.get(place).copied());
        let halves = model.halves.as_ref();
        let marks = halves.and_then(|halves| Some(vec![*halves.one.get(place)?, *halves.other.get(place)?]));
        Dot {
            value: model.share[place],
            low: bounds.map(|bounds| bounds.0),
            high: bounds.map(|bounds| bounds.1),
            marks: marks.unwrap_or_default(),
        }
    };
    let row = |(place, channel): (usize, &studio_api::ChannelFacts)| {
        (channel.name.clone(), models.iter().map(|model| dot(model, place)).collect())
    };
    DotChart {
        heading: "share of conversions by".to_owned(),
        series: models.iter().map(|model| model.model.clone()).collect(),
        rows: report.channels.iter().take(MOST_ROWS).enumerate().map(row).collect(),
        band: "95 % interval".to_owned(),
        marks: vec!["one half".to_owned(), "other half".to_owned()],
        percent: true,
    }
}

/// Of the first model that is looked at and has them.
fn ranks(report: &AttributionReport, look: &ReportView) -> Option<HeatChart> {
    let chosen = view::models(report, look).into_iter().find_map(|model| Some((model, model.stability.as_ref()?)));
    let (model, stability) = chosen?;
    let mut order: Vec<usize> = (0..report.channels.len()).collect();
    order.sort_by_key(|place| stability.ranks[*place].0);
    let shown = order.len().min(MOST_ROWS);
    let line = |place: &usize| {
        let places = stability.places[*place].iter().take(shown);
        places.map(|share| (*share > 0.0).then_some(*share)).collect()
    };
    Some(HeatChart {
        heading: format!("share of {} replicates in which it takes the rank, by {}", stability.replicates, model.model),
        rows: order.iter().take(shown).map(|place| report.channels[*place].name.clone()).collect(),
        columns: (1..=shown).map(|rank| rank.to_string()).collect(),
        values: order.iter().take(shown).map(line).collect(),
        largest: 1.0,
        percent: true,
        between: "on rank".to_owned(),
        measure: "replicates".to_owned(),
    })
}

/// Of all models, whatever is picked: each beside the others.
fn agreement(report: &AttributionReport) -> HeatChart {
    let names: Vec<String> = report.models.iter().map(|model| model.model.clone()).collect();
    HeatChart {
        heading: "rank correlation of credits".to_owned(),
        rows: names.clone(),
        columns: names,
        values: report.spearman.clone(),
        largest: 1.0,
        percent: false,
        between: "and".to_owned(),
        measure: "rank correlation".to_owned(),
    }
}
