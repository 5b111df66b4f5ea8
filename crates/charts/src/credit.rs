//! Credit per touch point: grouped horizontal bars, values beside them, the models named at the first
//! group instead of in a legend.

use crate::across::Across;
use crate::axis::rounded;
use crate::canvas::{Align, Canvas, Drawn, Size, draw as draw_canvas, units};
use crate::number::{drawable, number, percent};
use crate::text::{clip, width as text_width};
use crate::{Chart, CreditChart, Hit, Style};

/// More touch points than these are added up as "others".
const MOST: usize = 12;
/// Share of a group's height that its bars take.
const BAR_SHARE: f64 = 0.76;

/// A touch point, or the sum of those beyond `MOST`.
struct Group {
    name: String,
    credit: Vec<f64>,
    /// By model; `None`: nobody knows, as of the rest.
    bounds: Vec<Option<(f64, f64)>>,
    is_rest: bool,
}

/// Where things are, in pixels.
struct Layout {
    across: Across,
    top: f64,
    bottom: f64,
    group: f64,
    bar: f64,
}

pub fn draw(data: &CreditChart, style: &Style, width: u32, height: u32) -> Option<Chart> {
    let groups = groups(data);
    if groups.is_empty() || data.models.is_empty() {
        return None;
    }
    let size = Size::new(width, height);
    draw_canvas(style, size, |canvas| {
        let layout = Layout::new(canvas, size, data, &groups);
        heading(canvas, &layout, data)?;
        layout.across.grid(canvas, (layout.top, layout.bottom), data.percent)?;
        for (place, group) in groups.iter().enumerate() {
            paint_group(canvas, &layout, data, place, group)?;
        }
        Some(hits(&layout, data, &groups))
    })
}

/// The height at which every bar has room for its value.
pub fn comfortable_height(data: &CreditChart, style: &Style) -> u32 {
    let rows = groups(data).len().max(1) as f64;
    let font = f64::from(style.font_size.clamp(6, 64));
    let group = (data.models.len().max(1) as f64 * (font + 3.0) / BAR_SHARE).max(font * 2.0);
    (rows * group + font * 4.4).ceil().min(8192.0) as u32
}

/// At most `MOST` touch points and their rest, one credit per model each.
fn groups(data: &CreditChart) -> Vec<Group> {
    let at = |credit: &[f64], model: usize| credit.get(model).copied().unwrap_or(f64::NAN);
    let row = |credit: &[f64]| (0..data.models.len()).map(|model| at(credit, model)).collect();
    let shown = if data.touch_points.len() > MOST + 1 { MOST } else { data.touch_points.len() };
    let bounds = |place: usize| {
        let bound = |model: usize| data.bounds.get(place)?.get(model).copied().flatten();
        let known = |(low, high): &(f64, f64)| drawable(*low).is_some() && drawable(*high).is_some();
        (0..data.models.len()).map(|model| bound(model).filter(known)).collect()
    };
    let group = |(place, (name, credit)): (usize, &(String, Vec<f64>))| Group {
        name: name.clone(),
        credit: row(credit),
        bounds: bounds(place),
        is_rest: false,
    };
    let mut groups: Vec<Group> = data.touch_points[..shown].iter().enumerate().map(group).collect();
    let rest = &data.touch_points[shown..];
    if !rest.is_empty() {
        let sum = |model| rest.iter().filter_map(|(_, credit)| drawable(at(credit, model))).sum();
        let name = format!("{} others", rest.len());
        let models = 0..data.models.len();
        let bounds = vec![None; data.models.len()];
        groups.push(Group { name, credit: models.map(sum).collect(), bounds, is_rest: true });
    }
    groups
}

impl Layout {
    fn new(canvas: &Canvas, size: Size, data: &CreditChart, groups: &[Group]) -> Layout {
        let (width, height, font) = (f64::from(size.width), f64::from(size.height), canvas.font_size);
        let names = groups.iter().map(|group| text_width(&group.name, font)).fold(0.0, f64::max);
        let left = 12.0 + names.min(width * 0.28).max(24.0) + 8.0;
        let (top, bottom) = (font * 2.4, height - font * 2.0);
        let credits = groups.iter().flat_map(|group| &group.credit).filter_map(|value| drawable(*value));
        let bounds = groups.iter().flat_map(|group| &group.bounds).flatten().flat_map(|(low, high)| [*low, *high]);
        let values = credits.chain(bounds);
        let (low, high) = values.fold((0.0, 0.0), |(low, high): (f64, f64), value| (low.min(value), high.max(value)));
        let range = rounded(low..if low == high { low + 1.0 } else { high }, 5);
        // Room for the value and, at the first group, the model's name.
        let label = data.models.iter().map(|model| text_width(model, font)).fold(0.0, f64::max);
        let label = if data.models.len() == 1 { 0.0 } else { label };
        let beyond = (label.min(width * 0.15) + text_width("00,000.00", font) + 16.0).min(width * 0.35);
        let group = (bottom - top) / groups.len() as f64;
        let bar = (group * BAR_SHARE / data.models.len() as f64).min(22.0);
        let across = Across { left, right: width - beyond, range };
        Layout { across, top, bottom, group, bar }
    }

    /// Whether a bar is high enough for a line of text beside it.
    fn names_models(&self, canvas: &Canvas) -> bool {
        self.bar >= canvas.font_size
    }

    /// Top of a bar: the bars of a group stand together in its middle.
    fn y(&self, group: usize, model: usize, models: usize) -> f64 {
        let middle = self.top + (group as f64 + 0.5) * self.group;
        middle + (model as f64 - models as f64 / 2.0) * self.bar
    }
}

/// What is drawn; and the models in their colours where the bars are too thin to be named, or there is only one.
fn heading(canvas: &Canvas, layout: &Layout, data: &CreditChart) -> Drawn {
    let (mut x, y) = (layout.across.left, canvas.font_size * 1.1);
    let heading = if data.heading.is_empty() { "conversions credited" } else { &data.heading };
    let named = layout.names_models(canvas) && data.models.len() > 1;
    let title = if named { heading.to_string() } else { format!("{heading} by") };
    canvas.text(&title, (x, y), Align::Left, canvas.dim())?;
    if named {
        return Some(());
    }
    for (place, model) in data.models.iter().enumerate() {
        let before = if place == 0 { &title } else { &data.models[place - 1] };
        x += text_width(before, canvas.font_size) + canvas.font_size * 0.7;
        canvas.text(model, (x, y), Align::Left, canvas.series(place))?;
    }
    Some(())
}

fn paint_group(canvas: &Canvas, layout: &Layout, data: &CreditChart, place: usize, group: &Group) -> Drawn {
    let font = canvas.font_size;
    let middle = layout.top + (place as f64 + 0.5) * layout.group;
    let color = if group.is_rest { canvas.dim() } else { canvas.text_color() };
    // Names of groups that are lower than a line of text would run into each other.
    if layout.group >= font * 0.9 {
        let name = clip(&group.name, layout.across.left - 20.0, font);
        canvas.text(&name, (layout.across.left - 8.0, middle), Align::Right, color)?;
    }
    let models = data.models.len();
    for (model, value) in group.credit.iter().enumerate() {
        let top = layout.y(place, model, models);
        let value_x = drawable(*value).map(|value| layout.across.x(value));
        let zero = layout.across.x(0.0);
        if let Some(x) = value_x {
            let area = (zero.min(x), top, (x - zero).abs(), (layout.bar - 1.0).max(1.0));
            canvas.bar(area, canvas.series(model))?;
        }
        let bound = group.bounds.get(model).copied().flatten();
        if let Some(bound) = bound {
            whisker(canvas, layout, bound, top + (layout.bar - 1.0) / 2.0)?;
        }
        if !layout.names_models(canvas) {
            continue;
        }
        let furthest = bound.map_or(zero, |(_, high)| layout.across.x(high));
        let end = value_x.unwrap_or(zero).max(zero).max(furthest) + 5.0;
        let text = words(data, *value);
        let line = top + layout.bar / 2.0 - 0.5;
        canvas.text(&text, (end, line), Align::Left, canvas.text_color())?;
        if place == 0 && models > 1 {
            let name = clip(&data.models[model], font * 9.0, font);
            let x = end + text_width(&text, font) + 6.0;
            canvas.text(&name, (x, line), Align::Left, canvas.series(model))?;
        }
    }
    Some(())
}

fn words(data: &CreditChart, value: f64) -> String {
    if data.percent { percent(value) } else { number(value) }
}

/// From low to high, with a short line across each end.
fn whisker(canvas: &Canvas, layout: &Layout, (low, high): (f64, f64), y: f64) -> Drawn {
    let (from, to) = (layout.across.x(low), layout.across.x(high));
    let half = (layout.bar * 0.22).clamp(1.5, 4.0);
    let at = |x: f64, up: f64| (units(x), units(y + up));
    canvas.line(vec![at(from, 0.0), at(to, 0.0)], canvas.thin(canvas.text_color()))?;
    for end in [from, to] {
        canvas.line(vec![at(end, -half), at(end, half)], canvas.thin(canvas.text_color()))?;
    }
    Some(())
}

/// One hit a touch point, over the whole width, so that a short bar is as easy to find as a long one.
fn hits(layout: &Layout, data: &CreditChart, groups: &[Group]) -> Vec<Hit> {
    let total =
        |model: usize| data.touch_points.iter().filter_map(|(_, credit)| drawable(*credit.get(model)?)).sum::<f64>();
    let totals: Vec<f64> = (0..data.models.len()).map(total).collect();
    let line = |group: &Group, model: usize| {
        let value = group.credit[model];
        let share = if totals[model] == 0.0 { f64::NAN } else { value / totals[model] };
        let credit = if data.percent { percent(value) } else { format!("{} ({})", number(value), percent(share)) };
        let bound = group.bounds.get(model).copied().flatten();
        let bound = bound.map(|(low, high)| format!(", {} to {}", words(data, low), words(data, high)));
        (data.models[model].clone(), format!("{credit}{}", bound.unwrap_or_default()))
    };
    let hit = |(place, group): (usize, &Group)| {
        let top = layout.top + place as f64 * layout.group;
        let longest = group.credit.iter().filter_map(|value| drawable(*value)).fold(0.0, f64::max);
        Hit {
            area: (0.0, top, layout.across.right, layout.group),
            anchor: (layout.across.x(longest), top + layout.group / 2.0),
            title: group.name.clone(),
            lines: (0..group.credit.len()).map(|model| line(group, model)).collect(),
        }
    };
    groups.iter().enumerate().map(hit).collect()
}
