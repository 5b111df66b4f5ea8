//! The parts of a report as tables.

use charts::table::{Cell, Table};
use studio_api::{
    AttributionReport, Change, ModelCredit, PartColumn, PartTable, PathState, ReportPart, ReportView, SpreadOf,
};

use super::pictures::chain_name;
use super::{flow, view};

/// As the page shows it.
pub fn read(report: &AttributionReport, part: ReportPart, look: &ReportView) -> PartTable {
    let table = table(report, part, look);
    let column = |(name, is_number): &(String, bool)| PartColumn { name: name.clone(), is_number: *is_number };
    PartTable {
        columns: table.columns.iter().map(column).collect(),
        rows: table.rows.iter().map(|row| row.iter().map(Cell::read).collect()).collect(),
        leads_to_journeys: report.has_journeys && is_by_channel(part),
    }
}

/// Whether a row is a channel.
fn is_by_channel(part: ReportPart) -> bool {
    use ReportPart::{Credit, DropOff, Ranks, Removal, Spend, Stability};
    matches!(part, Credit | Spend | Removal | DropOff | Stability | Ranks)
}

pub fn table(report: &AttributionReport, part: ReportPart, look: &ReportView) -> Table {
    match part {
        ReportPart::Credit => credit(report, look),
        ReportPart::Spend => spend(report, look),
        ReportPart::Changes => changes(report, look),
        ReportPart::Removal => removal(report, look),
        ReportPart::Order => order(report),
        ReportPart::Paths => paths(report),
        ReportPart::Transitions => transitions(report),
        ReportPart::Touches => spread(report.touches_to_convert.as_ref(), "Touches"),
        ReportPart::Days => spread(report.days_to_convert.as_ref(), "Days"),
        ReportPart::DropOff => drop_off(report),
        ReportPart::Stability => stability(report, look),
        ReportPart::Ranks => ranks(report, look),
        ReportPart::Agreement => agreement(report),
        ReportPart::Checks => checks(report),
    }
}

fn by_channel(report: &AttributionReport, table: &mut Table, row: impl Fn(usize) -> Vec<Cell>) {
    let line = |(place, channel): (usize, &studio_api::ChannelFacts)| {
        let mut cells = vec![Cell::Text(channel.name.clone())];
        cells.extend(row(place));
        cells
    };
    table.rows = report.channels.iter().enumerate().map(line).collect();
}

fn credit(report: &AttributionReport, look: &ReportView) -> Table {
    let models: Vec<&ModelCredit> =
        view::models(report, look).into_iter().filter(|model| !view::credits(model, look).is_empty()).collect();
    let mut table = Table::new("Touch point");
    table.number("Journeys");
    for model in &models {
        table.number(&model.model);
        if !view::intervals(model, look).is_empty() {
            table.number("low");
            table.number("high");
        }
    }
    let cell = |number: f64| if look.normalised { Cell::Share(number) } else { Cell::Number(number) };
    by_channel(report, &mut table, |place| {
        let mut cells = vec![Cell::Number(report.channels[place].journeys)];
        for model in &models {
            cells.push(cell(view::credits(model, look)[place]));
            let bounds = view::intervals(model, look).get(place);
            cells.extend(bounds.into_iter().flat_map(|(low, high)| [cell(*low), cell(*high)]));
        }
        cells
    });
    table
}

fn spend(report: &AttributionReport, look: &ReportView) -> Table {
    let models: Vec<&ModelCredit> =
        view::models(report, look).into_iter().filter(|model| !model.cost_per_conversion.is_empty()).collect();
    let mut table = Table::new("Touch point");
    table.number("Cost");
    for model in &models {
        table.number(format!("{}: cost of a conversion", model.model));
        if !model.return_on_spend.is_empty() {
            table.number("return on spend");
        }
    }
    by_channel(report, &mut table, |place| {
        let mut cells = vec![Cell::number(report.channels[place].cost)];
        for model in &models {
            cells.push(Cell::number(model.cost_per_conversion[place]));
            cells.extend(model.return_on_spend.get(place).map(|rate| Cell::number(*rate)));
        }
        cells
    });
    table
}

/// The largest change first.
fn changes(report: &AttributionReport, look: &ReportView) -> Table {
    let mut table = Table::new("Touch point");
    table.text("Model");
    for name in ["Before", "Now", "Change"] {
        table.number(name);
    }
    let Some(comparison) = &report.comparison else { return table };
    let models = view::changes(comparison, look);
    let lines = models.iter().flat_map(|model| {
        let changes = comparison.channels.iter().zip(view::change(model, look));
        changes.map(|(channel, change)| (channel, &model.model, *change))
    });
    let mut lines: Vec<(&String, &String, Change)> = lines.collect();
    let by = |change: &Change| (change.now - change.before).abs();
    lines.sort_by(|(_, _, a), (_, _, b)| by(b).total_cmp(&by(a)));
    let knows_chance = lines.iter().any(|(_, _, change)| change.clear.is_some());
    if knows_chance {
        table.text("Chance");
    }
    let cell = |number: f64| if look.normalised { Cell::Share(number) } else { Cell::Number(number) };
    let row = |(channel, model, change): (&String, &String, Change)| {
        let mut cells = vec![Cell::Text(channel.clone()), Cell::Text(model.clone())];
        cells.extend([cell(change.before), cell(change.now), Cell::Step(change.now - change.before, look.normalised)]);
        cells.extend(knows_chance.then(|| match change.clear {
            Some(true) => Cell::Text("beyond chance".to_owned()),
            Some(false) => Cell::Text("within chance".to_owned()),
            None => Cell::Missing,
        }));
        cells
    };
    table.rows = lines.into_iter().map(row).collect();
    table
}

fn removal(report: &AttributionReport, look: &ReportView) -> Table {
    let chains = view::chains(report, look);
    let mut table = Table::new("Touch point");
    for model in &chains {
        table.number(chain_name(model));
        table.number("of value");
    }
    by_channel(report, &mut table, |place| {
        chains
            .iter()
            .flat_map(|model| [&model.removal, &model.removal_value])
            .map(|of| Cell::Share(of[place]))
            .collect()
    });
    table
}

fn order(report: &AttributionReport) -> Table {
    let mut table = Table::new("Order");
    for name in ["Log likelihood", "Behind the best", "Standard error"] {
        table.number(name);
    }
    table.text("");
    let Some(order) = &report.markov_order else { return table };
    let best = order.orders.iter().map(|(_, likelihood, _)| *likelihood).fold(f64::NEG_INFINITY, f64::max);
    let row = |(number, likelihood, error): &(u32, f64, f64)| {
        let word =
            if *number == order.chosen { "chosen: the lowest within one standard error of the best" } else { "" };
        let numbers = [*likelihood, best - likelihood, *error].map(Cell::Number);
        let mut cells = vec![Cell::Text(number.to_string())];
        cells.extend(numbers);
        cells.push(Cell::Text(word.to_owned()));
        cells
    };
    table.rows = order.orders.iter().map(row).collect();
    table
}

fn paths(report: &AttributionReport) -> Table {
    let mut table = Table::new("Path");
    for name in ["Touches", "Journeys", "Converted", "Rate", "Value"] {
        table.number(name);
    }
    let row = |path: &studio_api::PathCount| {
        let names: Vec<String> =
            path.touches.iter().map(|place| flow::state_name(report, PathState::Channel(*place))).collect();
        let journeys = path.conversions + path.nulls;
        vec![
            Cell::Text(names.join(" > ")),
            Cell::Number(path.touches.len() as f64),
            Cell::Number(journeys),
            Cell::Number(path.conversions),
            Cell::share((journeys > 0.0).then(|| path.conversions / journeys)),
            Cell::Number(path.value),
        ]
    };
    table.rows = report.paths.iter().map(row).collect();
    table
}

fn transitions(report: &AttributionReport) -> Table {
    let mut table = Table::new("From");
    table.text("To");
    table.number("Likelihood");
    let row = |step: &studio_api::TransitionShare| {
        let name = |state: PathState| Cell::Text(flow::state_name(report, state));
        vec![name(step.from), name(step.to), Cell::Share(step.probability)]
    };
    let mut steps: Vec<&studio_api::TransitionShare> = report.transitions.iter().collect();
    steps.sort_by(|a, b| a.from.cmp(&b.from).then(b.probability.total_cmp(&a.probability)).then(a.to.cmp(&b.to)));
    table.rows = steps.into_iter().map(row).collect();
    table
}

fn spread(spread: Option<&SpreadOf>, unit: &str) -> Table {
    let mut table = Table::new("Part");
    table.number(unit);
    table.number("Conversions");
    let Some(spread) = spread else { return table };
    table.rows.push(vec![Cell::Text("mean".to_owned()), Cell::Number(spread.mean), Cell::Number(spread.conversions)]);
    for (part, value) in &spread.percentiles {
        let name = if *part == 0.5 { "median".to_owned() } else { format!("{:.0} % within", part * 100.0) };
        table.rows.push(vec![Cell::Text(name), Cell::Number(*value), Cell::Number(part * spread.conversions)]);
    }
    for (from, to, count) in &spread.bins {
        let name = match to {
            Some(to) => format!("from {} to below {}", charts::number(*from), charts::number(*to)),
            None => format!("from {} up", charts::number(*from)),
        };
        table.rows.push(vec![Cell::Text(name), Cell::Number(*from), Cell::Number(*count)]);
    }
    table
}

fn drop_off(report: &AttributionReport) -> Table {
    let mut table = Table::new("Last touch");
    for name in ["Dropped off", "Converted", "Rate", "Touches"] {
        table.number(name);
    }
    by_channel(report, &mut table, |place| {
        let channel = &report.channels[place];
        let all = channel.last_converted + channel.last_dropped;
        vec![
            Cell::Number(channel.last_dropped),
            Cell::Number(channel.last_converted),
            Cell::share((all > 0.0).then(|| channel.last_converted / all)),
            Cell::Number(channel.touches),
        ]
    });
    table
}

fn stability(report: &AttributionReport, look: &ReportView) -> Table {
    let models = view::models(report, look);
    let mut table = Table::new("Touch point");
    for model in &models {
        table.number(format!("{}: share", model.model));
        for name in ["low", "high", "one half", "other half", "rank", "best rank", "worst rank"] {
            table.number(name);
        }
    }
    by_channel(report, &mut table, |place| {
        let cells = models.iter().flat_map(|model| {
            let stability = model.stability.as_ref();
            let bounds = stability.and_then(|stability| stability.share.get(place).copied());
            let ranks = stability.and_then(|stability| stability.ranks.get(place).copied());
            let half = |values: fn(&studio_api::ModelHalves) -> &[f64]| {
                Cell::share(model.halves.as_ref().and_then(|halves| values(halves).get(place).copied()))
            };
            let rank = |rank: Option<u32>| Cell::number(rank.map(f64::from));
            [
                Cell::Share(model.share[place]),
                Cell::share(bounds.map(|bounds| bounds.0)),
                Cell::share(bounds.map(|bounds| bounds.1)),
                half(|halves| &halves.one),
                half(|halves| &halves.other),
                rank(ranks.map(|ranks| ranks.0)),
                rank(ranks.map(|ranks| ranks.1)),
                rank(ranks.map(|ranks| ranks.2)),
            ]
        });
        cells.collect()
    });
    table
}

fn ranks(report: &AttributionReport, look: &ReportView) -> Table {
    let mut table = Table::new("Touch point");
    let chosen = view::models(report, look).into_iter().find_map(|model| model.stability.as_ref());
    let Some(stability) = chosen else { return table };
    for rank in 1..=report.channels.len() {
        table.number(format!("rank {rank}"));
    }
    by_channel(report, &mut table, |place| stability.places[place].iter().map(|share| Cell::Share(*share)).collect());
    table
}

fn agreement(report: &AttributionReport) -> Table {
    let mut table = Table::new("Model");
    table.text("Model");
    table.number("Pearson");
    table.number("Spearman");
    for (row, one) in report.models.iter().enumerate() {
        for (column, other) in report.models.iter().enumerate().skip(row + 1) {
            table.rows.push(vec![
                Cell::Text(one.model.clone()),
                Cell::Text(other.model.clone()),
                Cell::number(report.pearson[row][column]),
                Cell::number(report.spearman[row][column]),
            ]);
        }
    }
    table
}

fn checks(report: &AttributionReport) -> Table {
    let mut table = Table::new("Model");
    table.text("Reconciles");
    for name in ["Gap", "Gap of value", "Rank agreement", "Halves: correlation", "Halves: credit moved"] {
        table.number(name);
    }
    let row = |model: &ModelCredit| {
        let reconciled = model.reconciled.as_ref();
        let word = match reconciled {
            Some(found) if found.holds => "yes",
            Some(_) => "no",
            None => "gives more by design",
        };
        vec![
            Cell::Text(model.model.clone()),
            Cell::Text(word.to_owned()),
            Cell::number(reconciled.map(|found| found.conversions_gap)),
            Cell::number(reconciled.map(|found| found.value_gap)),
            Cell::number(model.stability.as_ref().and_then(|stability| stability.agreement)),
            Cell::number(model.halves.as_ref().and_then(|halves| halves.pearson)),
            Cell::share(model.halves.as_ref().map(|halves| halves.moved)),
        ]
    };
    table.rows = report.models.iter().map(row).collect();
    table
}
