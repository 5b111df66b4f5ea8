//! Who follows whom: a column of nodes for each place, ribbons between them as wide as what goes there. What goes no
//! further ends in a node of the next column.

use crate::canvas::{Align, Canvas, Drawn, Size, draw as draw_canvas, faint, units};
use crate::number::{drawable, number, percent};
use crate::text::{clip, width as text_width};
use crate::{Chart, FlowChart, FlowKind, Hit, Style};

const NODE: f64 = 10.0;
/// Between nodes of a column.
const GAP: f64 = 10.0;
/// Points along each edge of a ribbon.
const BEND: usize = 18;

struct Layout {
    left: f64,
    width: f64,
    /// From column to column.
    stride: f64,
    /// Pixels of one unit.
    scale: f64,
    /// By column and node: top and height.
    nodes: Vec<Vec<(f64, f64)>>,
}

pub fn draw(data: &FlowChart, style: &Style, width: u32, height: u32) -> Option<Chart> {
    let all = |column: &Vec<crate::FlowNode>| column.iter().filter_map(|node| drawable(node.size)).sum::<f64>();
    let most = data.columns.iter().map(all).fold(0.0, f64::max);
    if most.is_nan() || most <= 0.0 {
        return None;
    }
    let size = Size::new(width, height);
    draw_canvas(style, size, |canvas| {
        let layout = Layout::new(canvas, size, data, most);
        heads(canvas, &layout, data)?;
        ribbons(canvas, &layout, data)?;
        for column in 0..data.columns.len() {
            for node in 0..data.columns[column].len() {
                paint_node(canvas, &layout, data, (column, node))?;
            }
        }
        Some(hits(&layout, data))
    })
}

impl Layout {
    fn new(canvas: &Canvas, size: Size, data: &FlowChart, most: f64) -> Layout {
        let (width, height, font) = (f64::from(size.width), f64::from(size.height), canvas.font_size);
        let (top, bottom) = (font * 2.8, height - font);
        let nodes = data.columns.iter().map(Vec::len).max().unwrap_or(1).max(1) as f64;
        let gap = GAP.min((bottom - top) * 0.4 / nodes);
        let scale = (bottom - top - gap * (nodes - 1.0)) / most;
        let last = data
            .columns
            .last()
            .map_or(0.0, |column| column.iter().map(|node| text_width(&label(node), font)).fold(0.0, f64::max));
        let room = (last + 16.0).min(width * 0.25);
        let stride = (width - 24.0 - NODE - room) / (data.columns.len() as f64 - 1.0).max(1.0);
        let place = |column: &Vec<crate::FlowNode>| {
            let mut y = top;
            let mut line = Vec::new();
            for node in column {
                let high = drawable(node.size).unwrap_or_default().max(0.0) * scale;
                line.push((y, high));
                y += high + gap;
            }
            line
        };
        Layout { left: 12.0, width, stride, scale, nodes: data.columns.iter().map(place).collect() }
    }

    fn x(&self, column: usize) -> f64 {
        self.left + column as f64 * self.stride
    }
}

fn label(node: &crate::FlowNode) -> String {
    format!("{} {}", node.name, number(node.size))
}

fn color(canvas: &Canvas, kind: FlowKind) -> plotters::style::RGBColor {
    match kind {
        FlowKind::Series(place) => canvas.series(place),
        FlowKind::Good => canvas.text_color(),
        FlowKind::Quiet => canvas.dim(),
    }
}

fn heads(canvas: &Canvas, layout: &Layout, data: &FlowChart) -> Drawn {
    for (column, title) in data.titles.iter().enumerate().take(data.columns.len()) {
        let title = clip(title, layout.stride - 8.0, canvas.font_size);
        canvas.text(&title, (layout.x(column), canvas.font_size * 1.1), Align::Left, canvas.dim())?;
    }
    Some(())
}

/// Ribbons leave and enter a node in the order of the links.
fn ribbons(canvas: &Canvas, layout: &Layout, data: &FlowChart) -> Drawn {
    let mut left: Vec<Vec<f64>> =
        layout.nodes.iter().map(|column| column.iter().map(|node| node.0).collect()).collect();
    let mut entered = left.clone();
    for link in &data.links {
        let size = drawable(link.size).unwrap_or_default().max(0.0) * layout.scale;
        let (Some(from), Some(to)) = (
            left.get_mut(link.column).and_then(|column| column.get_mut(link.from)),
            entered.get_mut(link.column + 1).and_then(|column| column.get_mut(link.to)),
        ) else {
            continue;
        };
        let (start, end) = (*from, *to);
        *from += size;
        *to += size;
        let ends = (layout.x(link.column) + NODE, layout.x(link.column + 1));
        let mut outline: Vec<(i32, i32)> = Vec::with_capacity(2 * BEND + 2);
        outline.extend(edge(ends, start, end));
        outline.extend(edge(ends, start + size, end + size).into_iter().rev());
        let kind = data.columns[link.column][link.from].kind;
        canvas.shape(outline, faint(color(canvas, kind), 0.3))?;
    }
    Some(())
}

/// A curve that leaves and arrives level.
fn edge((left, right): (f64, f64), start: f64, end: f64) -> Vec<(i32, i32)> {
    let point = |place: usize| {
        let t = place as f64 / BEND as f64;
        let smooth = t * t * (3.0 - 2.0 * t);
        (units(left + t * (right - left)), units(start + smooth * (end - start)))
    };
    (0..=BEND).map(point).collect()
}

fn paint_node(canvas: &Canvas, layout: &Layout, data: &FlowChart, (column, place): (usize, usize)) -> Drawn {
    let node = &data.columns[column][place];
    let (top, high) = layout.nodes[column][place];
    canvas.bar((layout.x(column), top, NODE, high.max(0.6)), color(canvas, node.kind))?;
    let font = canvas.font_size;
    if high + GAP * 0.5 < font {
        return Some(());
    }
    let size = number(node.size);
    let room = if column + 1 == data.columns.len() { f64::INFINITY } else { layout.stride - NODE - 16.0 };
    let name = clip(&node.name, room - text_width(&size, font) - font * 0.5, font);
    let text = format!("{name} {size}");
    canvas.text(&text, (layout.x(column) + NODE + 5.0, top + high / 2.0), Align::Left, canvas.text_color())
}

fn hits(layout: &Layout, data: &FlowChart) -> Vec<Hit> {
    let all: f64 = data.columns.first().map_or(0.0, |column| column.iter().map(|node| node.size).sum());
    let mut hits = Vec::new();
    for (column, nodes) in data.columns.iter().enumerate() {
        for (place, node) in nodes.iter().enumerate() {
            let (top, high) = layout.nodes[column][place];
            let next = |link: &&crate::FlowLink| link.column == column && link.from == place;
            let mut onward: Vec<&crate::FlowLink> = data.links.iter().filter(next).collect();
            onward.sort_by(|a, b| b.size.total_cmp(&a.size));
            let mut lines =
                vec![(data.measure.clone(), format!("{} ({})", number(node.size), percent(node.size / all)))];
            lines.extend(onward.iter().take(6).map(|link| {
                let name =
                    data.columns.get(column + 1).and_then(|nodes| nodes.get(link.to)).map_or("", |node| &node.name);
                (format!("then {name}"), percent(link.size / node.size))
            }));
            hits.push(Hit {
                area: (layout.x(column) - 4.0, (top - 1.0).max(0.0), NODE + layout.stride * 0.45, high.max(6.0) + 2.0),
                anchor: (layout.x(column) + NODE, top + high / 2.0),
                title: format!("{} · {}", node.name, data.titles.get(column).map_or("", String::as_str)),
                lines,
            });
        }
    }
    for hit in &mut hits {
        let (left, _, wide, _) = hit.area;
        hit.area.2 = wide.min(layout.width - left);
    }
    hits
}
