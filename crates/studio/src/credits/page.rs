//! The whole report as one page of HTML: what stands in it; `charts::page` has the frame.

use charts::page::{Part, Section, WIDTH};
use charts::theme::token_style;
use studio_api::{AttributionReport, PartInfo, ReportView};

use super::{pictures, tables};

pub fn html(report: &AttributionReport, look: &ReportView) -> String {
    let mut parts = vec![Part::Facts(facts(report))];
    parts.extend(words(report).into_iter().map(Part::Text));
    parts.extend(warnings(report).into_iter().map(|text| Part::Notice { text, refused: false }));
    parts.extend(report.parts.iter().map(|part| Part::Section(section(report, part, look))));
    charts::page::html(&format!("Attribution: {}", report.name), &parts)
}

/// Name and number, ready to read.
fn facts(report: &AttributionReport) -> Vec<(String, String)> {
    let totals = &report.totals;
    let mut facts = vec![
        ("Journeys", totals.journeys),
        ("Touches", totals.touches as f64),
        ("Conversions", totals.conversions),
        ("Value", totals.value),
        ("Credited to nobody", totals.unattributed),
    ];
    facts.extend(totals.cost.map(|cost| ("Cost", cost)));
    facts.extend((totals.unusable > 0).then_some(("Unusable events", totals.unusable as f64)));
    facts.into_iter().map(|(name, value)| (name.to_owned(), charts::number(value))).collect()
}

fn words(report: &AttributionReport) -> Vec<String> {
    let models: Vec<&str> = report.models.iter().map(|model| model.model.as_str()).collect();
    let mut words = vec![format!("Models: {}.", models.join(", "))];
    if let Some(doubt) = &report.doubt {
        let (replicates, splits, seed) = (doubt.replicates, doubt.splits, &doubt.seed);
        words.push(format!(
            "Doubts: {replicates} replicates of the journeys drawn anew, {splits} splits into halves, seed {seed}."
        ));
    }
    if let Some(order) = &report.markov_order {
        words.push(format!("A Markov chain of order {} foretells held-out journeys best.", order.chosen));
    }
    words
}

fn warnings(report: &AttributionReport) -> Vec<String> {
    let unable = report.unable.iter().map(|unable| format!("{} gives nothing: {}.", unable.model, unable.reason));
    let unsound = report.models.iter().filter(|model| model.reconciled.as_ref().is_some_and(|found| !found.holds));
    let unsound = unsound.map(|model| format!("{} does not reconcile; see the checks.", model.model));
    unable.chain(unsound).collect()
}

fn section(report: &AttributionReport, part: &PartInfo, look: &ReportView) -> Section {
    // All models stand in the tables, whatever the drawings show.
    let all = ReportView { models: Vec::new(), ..look.clone() };
    Section {
        id: part.slug.clone(),
        title: part.title.clone(),
        note: part.words.clone(),
        drawing: pictures::draw(report, part.part, look, &token_style(), WIDTH),
        table: tables::table(report, part.part, &all),
    }
}
