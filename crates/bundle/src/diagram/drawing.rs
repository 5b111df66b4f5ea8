//! A diagram as SVG. Colours are the page's, by class; each box is a button to a screen reader and carries its place.

use super::{BOX, Diagram, Shape};

/// Letters that fit into a box.
const NAME_LETTERS: usize = 22;
const KIND_LETTERS: usize = 28;

pub fn svg(diagram: &Diagram) -> String {
    let (width, height) = (diagram.width, diagram.height);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"diagram\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"group\" aria-label=\"Resources and what flows between them\">\
         <defs><marker id=\"flow-end\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">\
         <path d=\"M0 1l7 3-7 3z\"/></marker></defs>"
    );
    for (from, to) in &diagram.flows {
        let way = way(&diagram.shapes[*from], &diagram.shapes[*to]);
        out.push_str(&format!(
            "<path class=\"flow\" d=\"{way}\" marker-end=\"url(#flow-end)\" data-from=\"{from}\" data-to=\"{to}\" aria-hidden=\"true\"/>"
        ));
    }
    for (place, shape) in diagram.shapes.iter().enumerate() {
        out.push_str(&node(diagram, place, shape));
    }
    out.push_str("</svg>");
    out
}

fn node(diagram: &Diagram, place: usize, shape: &Shape) -> String {
    let (x, y) = (shape.x, shape.y);
    let names = |places: Vec<usize>| {
        places.iter().map(|place| diagram.shapes[*place].id.as_str()).collect::<Vec<_>>().join(", ")
    };
    let from: Vec<usize> = diagram.flows.iter().filter(|(_, to)| *to == place).map(|(from, _)| *from).collect();
    let to: Vec<usize> = diagram.flows.iter().filter(|(from, _)| *from == place).map(|(_, to)| *to).collect();
    let mut label = format!("{}, {}", shape.id, shape.kind);
    if shape.holds_data {
        label.push_str(", holds data");
    }
    if !from.is_empty() {
        label.push_str(&format!("; from {}", names(from)));
    }
    if !to.is_empty() {
        label.push_str(&format!("; to {}", names(to)));
    }
    let more = if shape.parts.is_empty() { String::new() } else { format!(" +{}", shape.parts.len()) };
    format!(
        "<g class=\"node{}\" data-node=\"{place}\" tabindex=\"{}\" role=\"button\" aria-label=\"{}\">\
         <rect x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{}\" rx=\"4\"/>\
         <text class=\"node-name\" x=\"{}\" y=\"{}\">{}</text><text class=\"node-kind\" x=\"{}\" y=\"{}\">{}{more}</text></g>",
        if shape.holds_data { " data" } else { "" },
        if place == 0 { 0 } else { -1 },
        escaped(&label),
        BOX.0,
        BOX.1,
        x + 12,
        y + 18,
        escaped(&shortened(&shape.id, NAME_LETTERS)),
        x + 12,
        y + 34,
        escaped(&shortened(&shape.kind, KIND_LETTERS)),
    )
}

/// From the right of one box to the left of another; around where that lies behind.
fn way(from: &Shape, to: &Shape) -> String {
    let (x1, y1) = (from.x + BOX.0, from.y + BOX.1 / 2);
    let (x2, y2) = (to.x, to.y + BOX.1 / 2);
    if x2 > x1 {
        let bend = (x2 - x1) / 2;
        return format!("M{x1} {y1}C{} {y1} {} {y2} {x2} {y2}", x1 + bend, x2 - bend);
    }
    if from.x == to.x {
        let out = x1 + 24;
        return format!("M{x1} {y1}C{out} {y1} {out} {y2} {x1} {y2}");
    }
    let (x1, x2) = (from.x, to.x + BOX.0);
    let bend = x1.saturating_sub(x2) / 2;
    format!("M{x1} {y1}C{} {y1} {} {y2} {x2} {y2}", x1 - bend, x2 + bend)
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    // The end tells names apart as much as the start.
    let (head, tail) = (most / 2, most - most / 2 - 1);
    let letters: Vec<char> = text.chars().collect();
    let mut out: String = letters[..head].iter().collect();
    out.push('…');
    out.extend(&letters[letters.len() - tail..]);
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
