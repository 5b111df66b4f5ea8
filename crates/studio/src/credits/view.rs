//! What is looked at: which models, conversions or value, counts or shares.

use studio_api::{AttributionReport, ModelCredit, ReportView};

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
