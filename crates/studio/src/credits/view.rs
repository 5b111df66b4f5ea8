//! What is looked at: which models, conversions or value, counts or shares.

use studio_api::{AttributionReport, Change, ModelChange, ModelCredit, ReportView, RunComparison};

/// Models that a chart shows when nobody chose: as many as stay readable.
const READABLE: usize = 4;
/// The first of these that there are.
const TELLING: [&str; 8] =
    ["last", "first", "linear", "shapley", "markov", "position", "half_life", "shapley_rate_per_journey"];

/// Those that were picked, in the order of the report; a report without any of them shows all.
pub fn models<'r>(report: &'r AttributionReport, view: &ReportView) -> Vec<&'r ModelCredit> {
    let picked = |model: &&ModelCredit| view.models.is_empty() || view.models.contains(&model.model);
    let picked: Vec<&ModelCredit> = report.models.iter().filter(picked).collect();
    if picked.is_empty() { report.models.iter().collect() } else { picked }
}

/// The chains among them; where none is picked, all chains.
pub fn chains<'r>(report: &'r AttributionReport, view: &ReportView) -> Vec<&'r ModelCredit> {
    let is_chain = |model: &&ModelCredit| !model.removal.is_empty();
    let picked: Vec<&ModelCredit> = models(report, view).into_iter().filter(is_chain).collect();
    if picked.is_empty() { report.models.iter().filter(is_chain).collect() } else { picked }
}

/// Changes of the picked models, or of all where the other run has none of those.
pub fn changes<'r>(comparison: &'r RunComparison, view: &ReportView) -> Vec<&'r ModelChange> {
    let has = |model: &&ModelChange| !change(model, view).is_empty();
    let picked = |model: &&ModelChange| view.models.is_empty() || view.models.contains(&model.model);
    let found: Vec<&ModelChange> = comparison.models.iter().filter(has).filter(picked).collect();
    if found.is_empty() { comparison.models.iter().filter(has).collect() } else { found }
}

/// By channel of the comparison, as the view asks for them.
pub fn change<'m>(model: &'m ModelChange, view: &ReportView) -> &'m [Change] {
    match (view.value, view.normalised) {
        (false, false) => &model.conversions,
        (false, true) => &model.share,
        (true, false) => &model.value,
        (true, true) => &model.value_share,
    }
}

/// The models to look at until somebody picks others: all, or those that tell most.
pub fn usual(report: &AttributionReport) -> Vec<String> {
    let names: Vec<&str> = report.models.iter().map(|model| model.model.as_str()).collect();
    if names.len() <= READABLE {
        return names.into_iter().map(str::to_owned).collect();
    }
    let mut chosen: Vec<&str> = TELLING.into_iter().filter(|name| names.contains(name)).take(READABLE).collect();
    let rest: Vec<&str> = names.into_iter().filter(|name| !chosen.contains(name)).collect();
    chosen.extend(rest.into_iter().take(READABLE.saturating_sub(chosen.len())));
    chosen.into_iter().map(str::to_owned).collect()
}

/// A model's credits as the view asks for them; empty where it credits no value.
pub fn credits<'m>(model: &'m ModelCredit, view: &ReportView) -> &'m [f64] {
    match (view.value, view.normalised) {
        (false, false) => &model.conversions,
        (false, true) => &model.share,
        (true, false) => &model.value,
        (true, true) => &model.value_share,
    }
}

/// Their intervals; empty where nobody knows them.
pub fn intervals<'m>(model: &'m ModelCredit, view: &ReportView) -> &'m [(f64, f64)] {
    match (&model.stability, view.value, view.normalised) {
        (Some(stability), false, false) => &stability.conversions,
        (Some(stability), false, true) => &stability.share,
        (Some(stability), true, false) => &stability.value,
        _ => &[],
    }
}

pub fn measure(view: &ReportView) -> &'static str {
    match (view.value, view.normalised) {
        (false, false) => "conversions credited",
        (false, true) => "share of conversions",
        (true, false) => "value credited",
        (true, true) => "share of value",
    }
}
