//! Steps of journeys as a flow: a column for each of the first touches, the most frequent channels with a node of their
//! own, the rest together, and what became of journeys that ended.

use charts::{FlowChart, FlowKind, FlowLink, FlowNode};
use studio_api::{AttributionReport, PathState};

/// Channels with a node and a colour of their own.
const NAMED: usize = 6;
/// The colour of the rest.
const REST: usize = 6;

pub fn state_name(report: &AttributionReport, state: PathState) -> String {
    match state {
        PathState::Start => "start".to_owned(),
        PathState::Channel(place) => report.channels.get(place as usize).map_or_else(String::new, |it| it.name.clone()),
        PathState::Conversion => "converted".to_owned(),
        PathState::Null => "dropped off".to_owned(),
    }
}

/// A node of a column: a named channel by its colour, the rest, or an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Node {
    Named(usize),
    Rest,
    Converted,
    Dropped,
    /// Later touches than are shown.
    Later,
}

pub fn flow(report: &AttributionReport) -> FlowChart {
    let named = named(report);
    let node = |state: PathState| match state {
        PathState::Channel(place) => named.iter().position(|channel| *channel == place).map_or(Node::Rest, Node::Named),
        PathState::Conversion => Node::Converted,
        PathState::Null | PathState::Start => Node::Dropped,
    };
    let places = report.steps.iter().map(|step| step.place as usize + 1).max().unwrap_or_default();
    // The last column only has ends, and journeys that go on.
    let next = |step: &studio_api::PathStep| match node(step.to) {
        Node::Named(_) | Node::Rest if step.place as usize + 1 == places => Node::Later,
        node => node,
    };
    let mut sizes: Vec<Vec<(Node, f64)>> = vec![Vec::new(); places + 1];
    let mut links: Vec<(usize, Node, Node, f64)> = Vec::new();
    for step in &report.steps {
        let (place, from, to) = (step.place as usize, node(PathState::Channel(step.from)), next(step));
        add(&mut sizes[place], from, if place == 0 { step.journeys } else { 0.0 });
        add(&mut sizes[place + 1], to, step.journeys);
        match links.iter_mut().find(|link| (link.0, link.1, link.2) == (place, from, to)) {
            Some(link) => link.3 += step.journeys,
            None => links.push((place, from, to, step.journeys)),
        }
    }
    sizes.iter_mut().for_each(|column| column.sort_by_key(|(node, _)| *node));
    links.sort_by_key(|(place, from, to, _)| (*place, *from, *to));
    let place_of = |column: usize, wanted: Node| sizes[column].iter().position(|(node, _)| *node == wanted);
    let link = |(column, from, to, size): &(usize, Node, Node, f64)| {
        Some(FlowLink { column: *column, from: place_of(*column, *from)?, to: place_of(column + 1, *to)?, size: *size })
    };
    FlowChart {
        titles: (0..=places).map(|place| if place == places { "then".to_owned() } else { title(place) }).collect(),
        links: links.iter().filter_map(link).collect(),
        columns: sizes.iter().map(|column| column.iter().map(|node| drawn(report, &named, *node)).collect()).collect(),
        measure: "journeys".to_owned(),
    }
}

fn add(column: &mut Vec<(Node, f64)>, node: Node, size: f64) {
    match column.iter_mut().find(|(known, _)| *known == node) {
        Some((_, sum)) => *sum += size,
        None => column.push((node, size)),
    }
}

/// The channels with most steps, as places of the report.
fn named(report: &AttributionReport) -> Vec<u32> {
    let mut sums = vec![0.0; report.channels.len()];
    for step in &report.steps {
        if let Some(sum) = sums.get_mut(step.from as usize) {
            *sum += step.journeys;
        }
    }
    let mut order: Vec<u32> = (0..sums.len() as u32).collect();
    order.sort_by(|a, b| sums[*b as usize].total_cmp(&sums[*a as usize]).then(a.cmp(b)));
    order.truncate(if order.len() == NAMED + 1 { NAMED + 1 } else { NAMED });
    order
}

fn title(place: usize) -> String {
    match place {
        0 => "first touch".to_owned(),
        1 => "second".to_owned(),
        2 => "third".to_owned(),
        place => format!("touch {}", place + 1),
    }
}

fn drawn(report: &AttributionReport, named: &[u32], (node, size): (Node, f64)) -> FlowNode {
    let (name, kind) = match node {
        Node::Named(place) => (state_name(report, PathState::Channel(named[place])), FlowKind::Series(place)),
        Node::Rest => (format!("{} others", report.channels.len() - named.len()), FlowKind::Series(REST)),
        Node::Converted => ("converted".to_owned(), FlowKind::Good),
        Node::Dropped => ("dropped off".to_owned(), FlowKind::Quiet),
        Node::Later => ("more touches".to_owned(), FlowKind::Series(REST)),
    };
    FlowNode { name, size, kind }
}
