//! The parts of a report: which apply to it, what they are called, what they tell.

use studio_api::{AttributionReport, PartInfo, ReportPart};

/// Those that have something to show, in the order of reading.
pub fn of(report: &AttributionReport) -> Vec<PartInfo> {
    ALL.iter().filter(|part| applies(report, **part)).map(|part| info(*part)).collect()
}

const ALL: [ReportPart; 14] = [
    ReportPart::Credit,
    ReportPart::Changes,
    ReportPart::Spend,
    ReportPart::Paths,
    ReportPart::Transitions,
    ReportPart::Removal,
    ReportPart::Order,
    ReportPart::Touches,
    ReportPart::Days,
    ReportPart::DropOff,
    ReportPart::Agreement,
    ReportPart::Stability,
    ReportPart::Ranks,
    ReportPart::Checks,
];

fn applies(report: &AttributionReport, part: ReportPart) -> bool {
    let has_credit = !report.channels.is_empty() && !report.models.is_empty();
    match part {
        ReportPart::Credit | ReportPart::Checks => has_credit,
        ReportPart::Changes => report.comparison.is_some(),
        ReportPart::Removal => report.models.iter().any(|model| !model.removal.is_empty()),
        ReportPart::Order => report.markov_order.is_some(),
        ReportPart::Spend => has_credit && report.totals.cost.is_some(),
        ReportPart::Paths => !report.paths.is_empty(),
        ReportPart::Transitions => !report.transitions.is_empty(),
        ReportPart::Touches => report.touches_to_convert.is_some(),
        ReportPart::Days => report.days_to_convert.is_some(),
        ReportPart::DropOff => !report.channels.is_empty(),
        ReportPart::Stability => report.models.iter().any(|model| model.stability.is_some() || model.halves.is_some()),
        ReportPart::Ranks => report.models.iter().any(|model| model.stability.is_some()),
        ReportPart::Agreement => report.models.len() > 1 && report.channels.len() > 1,
    }
}

fn info(part: ReportPart) -> PartInfo {
    let (slug, title, words) = match part {
        ReportPart::Credit => {
            ("credit", "Credit", "What each touch point is credited with, by model. Lines are 95 % intervals.")
        }
        ReportPart::Changes => (
            "changes",
            "Changes",
            "Dots are this run, small lines the other one. The table lists the largest changes first.",
        ),
        ReportPart::Removal => (
            "removal",
            "Removal effects",
            "What the Markov chain loses when every step to a touch point leads to nothing instead.",
        ),
        ReportPart::Order => (
            "order",
            "Order of the Markov chain",
            "How much worse each order foretells journeys that were held out than the best one does. Lines are one standard error.",
        ),
        ReportPart::Spend => ("spend", "Return on spend", "Credited value for each unit of cost, by model."),
        ReportPart::Paths => {
            ("paths", "Paths", "What follows the first touch, and where journeys end. The table lists whole paths.")
        }
        ReportPart::Transitions => {
            ("transitions", "Steps between touch points", "How likely each next step is: the Markov chain of order 1.")
        }
        ReportPart::Touches => ("touches", "Touches to convert", "Touches of the journeys that converted."),
        ReportPart::Days => {
            ("days", "Days to convert", "From the first touch to the conversion, of the journeys that converted.")
        }
        ReportPart::DropOff => {
            ("drop-off", "Last touch before drop-off", "Where journeys end, with and without a conversion.")
        }
        ReportPart::Stability => (
            "stability",
            "Stability of shares",
            "Bands are 95 % intervals of the share, small lines the same model on two halves of the journeys.",
        ),
        ReportPart::Ranks => {
            ("ranks", "Stability of ranks", "How often each touch point takes each rank when journeys are drawn anew.")
        }
        ReportPart::Agreement => {
            ("agreement", "Agreement of models", "Rank correlation of the models' credits: 1 is the same order.")
        }
        ReportPart::Checks => (
            "checks",
            "Checks",
            "Whether what a model gave is what there was to give, and how far its answer holds on other journeys.",
        ),
    };
    PartInfo {
        part,
        slug: slug.to_owned(),
        title: title.to_owned(),
        words: words.to_owned(),
        has_chart: part != ReportPart::Checks,
        by_model: matches!(
            part,
            ReportPart::Credit
                | ReportPart::Changes
                | ReportPart::Removal
                | ReportPart::Spend
                | ReportPart::Stability
                | ReportPart::Ranks
        ),
    }
}
