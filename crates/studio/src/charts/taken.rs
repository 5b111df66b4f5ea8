//! What the bandit page shows, as files: a figure as picture or table, the tables, the whole as one page.

use charts::page::{Part, Section, WIDTH, html};
use charts::table::{Cell, Table};
use charts::theme::{file_style, token_style};
use charts::{Figure, number};
use studio_api::*;

use crate::dispatch::Answer;
use crate::error::invalid;
use crate::handing::{file_name, hand_over};
use crate::studio::Studio;

/// Pixels of pictures; PNG has twice as many each way.
const PICTURE: u32 = 1100;
const SHARP: u32 = 2;

impl Answer<TakeRewards> for Studio {
    fn answer(&self, command: TakeRewards) -> Result<Option<TakenFile>, ApiError> {
        let (name, content) = match &command.what {
            RewardPart::Figure(figure, format) => (named(figure, *format), drawn(figure, *format, command.dark)?),
            RewardPart::Actions(actions) => {
                ("bandit-actions.csv".to_owned(), actions_table(actions).csv().into_bytes())
            }
            RewardPart::Policies(policies) => {
                ("bandit-policies.csv".to_owned(), policies_table(policies).csv().into_bytes())
            }
            RewardPart::Whole(report, course) => ("bandit-report.html".to_owned(), whole(report, course).into_bytes()),
        };
        hand_over(self, name, content, command.ask)
    }
}

fn named(figure: &Figure, format: PartFormat) -> String {
    let ending = match format {
        PartFormat::Csv => "csv",
        PartFormat::Svg => "svg",
        PartFormat::Png => "png",
    };
    format!("bandit-{}.{ending}", file_name(&figure.id))
}

fn drawn(figure: &Figure, format: PartFormat, dark: bool) -> Result<Vec<u8>, ApiError> {
    let picture =
        || figure.draw(&file_style(dark), PICTURE).ok_or_else(|| invalid("There is nothing to draw here yet."));
    Ok(match format {
        PartFormat::Csv => figure.table().csv().into_bytes(),
        PartFormat::Svg => picture()?.svg.into_bytes(),
        PartFormat::Png => charts::png(&picture()?, SHARP)
            .ok_or_else(|| invalid("This chart is too large for a PNG; take it as SVG."))?,
    })
}

fn actions_table(actions: &[ActionReward]) -> Table {
    let mut table = Table::new("Action");
    table.number("Decisions");
    table.number("Average reward");
    let row = |one: &ActionReward| {
        vec![Cell::Text(one.action.clone()), Cell::Number(one.decisions as f64), Cell::Number(one.mean)]
    };
    table.rows = actions.iter().map(row).collect();
    table
}

fn policies_table(policies: &[PolicyWorth]) -> Table {
    let mut table = Table::new("Policy");
    table.text("Answer");
    for name in ["IPS", "SNIPS", "Low", "High", "DR", "Effective decisions", "Largest weight"] {
        table.number(name);
    }
    let row = |one: &PolicyWorth| {
        let answer = match (one.guards.iter().any(|guard| guard.refuses), one.guards.is_empty()) {
            (true, _) => "refused",
            (false, false) => "in doubt",
            (false, true) => "given",
        };
        vec![
            Cell::Text(one.name.clone()),
            Cell::Text(answer.to_owned()),
            Cell::number(one.ips),
            Cell::number(one.snips),
            Cell::number(one.interval.map(|(low, _)| low)),
            Cell::number(one.interval.map(|(_, high)| high)),
            Cell::number(one.dr),
            Cell::Number(one.effective),
            Cell::Number(one.largest_weight),
        ]
    };
    table.rows = policies.iter().map(row).collect();
    table
}

fn whole(report: &RewardReport, course: &Figure) -> String {
    let counters = &report.counters;
    let facts = [
        ("Decisions", counters.decisions),
        ("With a reward", counters.joined),
        ("By default", counters.defaulted),
        ("Overridden", counters.overridden),
        ("Late rewards", counters.late_rewards),
        ("Early rewards", counters.early_rewards),
        ("Rewards of nobody", counters.orphan_rewards),
        ("Duplicates", counters.duplicates),
        ("Unusable", counters.unusable),
    ];
    let facts = facts.map(|(name, count)| (name.to_owned(), number(count as f64)));
    let mut parts = vec![Part::Facts(facts.into()), Part::Text(format!("Rule: {}", report.rule))];
    let worth = report.worth.as_ref();
    parts.extend(report.unread.iter().map(|text| Part::Notice { text: text.clone(), refused: false }));
    parts.extend(
        worth
            .into_iter()
            .flat_map(|worth| &worth.notices)
            .map(|text| Part::Notice { text: text.clone(), refused: false }),
    );
    for policy in worth.into_iter().flat_map(|worth| &worth.policies) {
        parts.extend(
            policy.guards.iter().map(|guard| Part::Notice {
                text: format!("{}: {}", policy.name, guard.reason),
                refused: guard.refuses,
            }),
        );
    }
    parts.extend(worth.map(|worth| Part::Table(policies_table(&worth.policies))));
    let course = Figure { title: "Average reward so far".to_owned(), ..course.clone() };
    parts.push(Part::Section(section(&course)));
    parts.push(Part::Section(Section {
        id: "actions".to_owned(),
        title: "Actions".to_owned(),
        note: String::new(),
        drawing: None,
        table: actions_table(&report.actions),
    }));
    parts.extend(worth.into_iter().flat_map(|worth| &worth.figures).map(|figure| Part::Section(section(figure))));
    html("Decisions and their rewards", &parts)
}

fn section(figure: &Figure) -> Section {
    Section {
        id: figure.id.clone(),
        title: figure.title.clone(),
        note: figure.note.clone(),
        drawing: figure.draw(&token_style(), WIDTH),
        table: figure.table(),
    }
}
