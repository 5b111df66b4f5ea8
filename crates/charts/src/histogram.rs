//! How often each size occurs: upright bars, percentiles as lines through them with their names above.

use crate::axis::{rounded, ticks};
use crate::canvas::{Align, Canvas, Drawn, Size, draw as draw_canvas, units};
use crate::number::{alike, drawable, number, percent};
use crate::text::width as text_width;
use crate::{Chart, HistogramChart, Hit, Style};

struct Layout {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    bar: f64,
    high: f64,
}

pub fn draw(data: &HistogramChart, style: &Style, width: u32, height: u32) -> Option<Chart> {
    let counted = data.bins.iter().any(|bin| drawable(bin.2).is_some_and(|count| count > 0.0));
    if !counted {
        return None;
    }
    let size = Size::new(width, height);
    draw_canvas(style, size, |canvas| {
        let layout = Layout::new(canvas, size, data);
        grid(canvas, &layout, data)?;
        for (place, bin) in data.bins.iter().enumerate() {
            let top = layout.y(drawable(bin.2).unwrap_or_default());
            let area = (layout.x(place) + 1.0, top, (layout.bar - 2.0).max(0.5), layout.bottom - top);
            canvas.bar(area, canvas.series(0))?;
        }
        percentiles(canvas, &layout, data)?;
        Some(hits(&layout, data))
    })
}

impl Layout {
    fn new(canvas: &Canvas, size: Size, data: &HistogramChart) -> Layout {
        let (width, height, font) = (f64::from(size.width), f64::from(size.height), canvas.font_size);
        let most = data.bins.iter().filter_map(|bin| drawable(bin.2)).fold(0.0, f64::max);
        let high = rounded(0.0..most.max(f64::MIN_POSITIVE), 4).end;
        let labels = alike(&ticks(&(0.0..high), 4)).iter().map(|label| text_width(label, font)).fold(0.0, f64::max);
        let left = (16.0 + labels).min(width * 0.3);
        // Names of percentiles stand right of their lines.
        let names =
            data.percentiles.iter().map(|(name, value)| text_width(&named(name, *value), font)).fold(0.0, f64::max);
        let right = width - (names + 8.0).max(24.0).min(width * 0.3);
        let top = font * (3.0 + 1.3 * data.percentiles.len() as f64);
        let bar = (right - left) / data.bins.len() as f64;
        Layout { left, right, top: top.min(height * 0.5), bottom: height - font * 3.4, bar, high }
    }

    fn x(&self, place: usize) -> f64 {
        self.left + place as f64 * self.bar
    }

    fn y(&self, count: f64) -> f64 {
        self.bottom - (count / self.high).clamp(0.0, 1.0) * (self.bottom - self.top)
    }

    /// Where a value lies: within its bar; of whole numbers in its middle.
    fn value(&self, data: &HistogramChart, value: f64) -> Option<f64> {
        let place = data.bins.iter().position(|(from, to, _)| value >= *from && to.is_none_or(|to| value < to))?;
        let (from, to, _) = data.bins[place];
        let inside = match to {
            Some(to) if !data.whole && to > from => (value - from) / (to - from),
            _ => 0.5,
        };
        Some(self.x(place) + inside * self.bar)
    }
}

fn label(data: &HistogramChart, (from, to, _): (f64, Option<f64>, f64)) -> String {
    match to {
        None => format!("{}+", number(from)),
        Some(to) if data.whole && to - from <= 1.0 => number(from),
        Some(to) if data.whole => format!("{}–{}", number(from), number(to - 1.0)),
        Some(to) => format!("{}–{}", number(from), number(to)),
    }
}

fn grid(canvas: &Canvas, layout: &Layout, data: &HistogramChart) -> Drawn {
    let font = canvas.font_size;
    canvas.text(&data.heading, (layout.left - 8.0, font * 1.1), Align::Left, canvas.dim())?;
    let levels = ticks(&(0.0..layout.high), 4);
    for (level, label) in levels.iter().zip(alike(&levels)) {
        let y = layout.y(*level);
        canvas.grid_line((layout.left, y), (layout.right, y))?;
        canvas.text(&label, (layout.left - 8.0, y), Align::Right, canvas.dim())?;
    }
    // Where one bar is one number it is named under its middle, else borders are named under them.
    let widest = data.bins.iter().map(|bin| text_width(&label(data, *bin), font)).fold(0.0, f64::max);
    let every = ((widest + 8.0) / layout.bar).ceil().max(1.0) as usize;
    for (place, bin) in data.bins.iter().enumerate().filter(|(place, bin)| place % every == 0 || bin.1.is_none()) {
        let is_last = bin.1.is_none();
        if !is_last && data.bins.len() - place <= every / 2 && data.bins.last().is_some_and(|bin| bin.1.is_none()) {
            continue;
        }
        let spot = (layout.x(place) + layout.bar / 2.0, layout.bottom + font * 0.95);
        canvas.text(&label(data, *bin), spot, Align::Middle, canvas.dim())?;
    }
    let below = ((layout.left + layout.right) / 2.0, layout.bottom + font * 2.3);
    canvas.text(&data.unit, below, Align::Middle, canvas.dim())
}

fn named(name: &str, value: f64) -> String {
    format!("{name} {}", number(value))
}

/// The names stand above each other, so that near ones do not touch.
fn percentiles(canvas: &Canvas, layout: &Layout, data: &HistogramChart) -> Drawn {
    let font = canvas.font_size;
    for (place, (name, value)) in data.percentiles.iter().enumerate() {
        let Some(x) = drawable(*value).and_then(|value| layout.value(data, value)) else { continue };
        let y = font * (2.6 + 1.3 * place as f64);
        let ends = vec![(units(x), units(y + font * 0.1)), (units(x), units(layout.bottom))];
        canvas.line(ends, canvas.thin(canvas.text_color()))?;
        canvas.text(&named(name, *value), (x + 6.0, y), Align::Left, canvas.text_color())?;
    }
    Some(())
}

fn hits(layout: &Layout, data: &HistogramChart) -> Vec<Hit> {
    let all: f64 = data.bins.iter().filter_map(|bin| drawable(bin.2)).sum();
    let mut below = 0.0;
    let hit = |(place, bin): (usize, &(f64, Option<f64>, f64))| {
        let count = drawable(bin.2).unwrap_or_default();
        below += count;
        Hit {
            area: (layout.x(place), layout.top, layout.bar, layout.bottom - layout.top),
            anchor: (layout.x(place) + layout.bar / 2.0, layout.y(count)),
            title: format!("{} {}", label(data, *bin), data.unit),
            lines: vec![
                (data.measure.clone(), number(count)),
                ("share".to_string(), percent(count / all)),
                ("up to here".to_string(), percent(below / all)),
            ],
        }
    };
    data.bins.iter().enumerate().map(hit).collect()
}
