//! A plotters SVG drawing area in pixels with one decimal, and the few marks that the charts are made of.
//!
//! plotters places by whole units, which makes slow curves climb in stairs; so the area is drawn ten
//! times as large and the SVG's viewBox brings it back. Text is placed by anchors and never measured.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontFamily, RGBAColor, ShapeStyle, TextStyle};

use crate::text::printable;
use crate::{Chart, Hit, Style};

/// Units per pixel.
const UNITS: f64 = 10.0;
/// plotters' SVG backend divides font sizes by this.
const FONT_FACTOR: f64 = 1.24;

pub type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Writing into a string cannot fail; should plotters ever refuse, there is no drawing.
pub type Drawn = Option<()>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Middle,
    Right,
}

/// A size that can be drawn.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub width: u32,
    pub height: u32,
}

impl Size {
    pub fn new(width: u32, height: u32) -> Size {
        Size { width: width.clamp(240, 8192), height: height.clamp(120, 8192) }
    }
}

pub struct Canvas<'a> {
    pub area: Area<'a>,
    style: &'a Style,
    pub font_size: f64,
}

/// Draws on a new canvas and makes the result a chart.
pub fn draw(style: &Style, size: Size, paint: impl FnOnce(&Canvas<'_>) -> Option<Vec<Hit>>) -> Option<Chart> {
    let mut svg = String::new();
    let units = (units(f64::from(size.width)) as u32, units(f64::from(size.height)) as u32);
    let hits = {
        let area = SVGBackend::with_string(&mut svg, units).into_drawing_area();
        let font_size = f64::from(style.font_size.clamp(6, 64));
        let canvas = Canvas { area, style, font_size };
        canvas.area.fill(&color(&style.background)).ok()?;
        let hits = paint(&canvas)?;
        canvas.area.present().ok()?;
        hits
    };
    let (width, height) = (size.width, size.height);
    let large = format!("width=\"{}\" height=\"{}\"", units.0, units.1);
    let svg = svg.replacen(&large, &format!("width=\"{width}\" height=\"{height}\" role=\"img\""), 1);
    Some(Chart { svg, width, height, hits })
}

/// Pixels as the area's units.
pub fn units(pixels: f64) -> i32 {
    (pixels * UNITS).round() as i32
}

/// The area's units as pixels.
pub fn pixels(units: i32) -> f64 {
    f64::from(units) / UNITS
}

/// Width of a line in units.
pub fn stroke(pixels: f64) -> u32 {
    units(pixels).max(1) as u32
}

/// The colour as far as `part` of it, over whatever is below.
pub fn faint(color: RGBColor, part: f64) -> RGBAColor {
    color.mix(part.clamp(0.0, 1.0))
}

/// `#rgb` or `#rrggbb`; a middle grey for anything else, which is visible on every background.
pub fn color(text: &str) -> RGBColor {
    let digits = text.trim().strip_prefix('#').unwrap_or("");
    let nibble = |place: usize| digits.get(place..place + 1).and_then(|digit| u8::from_str_radix(digit, 16).ok());
    let parts: Option<Vec<u8>> = match digits.len() {
        3 => (0..3).map(|place| nibble(place).map(|value| value * 17)).collect(),
        6 => (0..3).map(|place| Some(nibble(2 * place)? * 16 + nibble(2 * place + 1)?)).collect(),
        _ => None,
    };
    match parts.as_deref() {
        Some([red, green, blue]) => RGBColor(*red, *green, *blue),
        _ => RGBColor(128, 128, 128),
    }
}

impl Canvas<'_> {
    /// Colour of the series at a place; the colours repeat.
    pub fn series(&self, place: usize) -> RGBColor {
        let colors = &self.style.series;
        color(colors.get(place % colors.len().max(1)).unwrap_or(&self.style.text))
    }

    pub fn text_color(&self) -> RGBColor {
        color(&self.style.text)
    }

    pub fn dim(&self) -> RGBColor {
        color(&self.style.dim_text)
    }

    pub fn background(&self) -> RGBColor {
        color(&self.style.background)
    }

    /// A line that marks something, one pixel wide.
    pub fn thin(&self, color: RGBColor) -> ShapeStyle {
        color.stroke_width(stroke(1.0))
    }

    /// A grid line, one pixel sharp.
    pub fn grid_line(&self, from: (f64, f64), to: (f64, f64)) -> Drawn {
        let sharp = |(x, y): (f64, f64)| (units(x.floor() + 0.5), units(y.floor() + 0.5));
        self.line(vec![sharp(from), sharp(to)], color(&self.style.grid).stroke_width(stroke(1.0)))
    }

    /// A line through points in units.
    pub fn line(&self, points: Vec<(i32, i32)>, style: ShapeStyle) -> Drawn {
        self.area.draw(&PathElement::new(points, style)).ok()
    }

    /// A filled rectangle: left, top, width, height in pixels.
    pub fn bar(&self, (left, top, width, height): (f64, f64, f64, f64), color: RGBColor) -> Drawn {
        let corners = [(units(left), units(top)), (units(left + width), units(top + height))];
        self.area.draw(&Rectangle::new(corners, color.filled())).ok()
    }

    /// A filled shape, points in units.
    pub fn shape(&self, points: Vec<(i32, i32)>, color: RGBAColor) -> Drawn {
        self.area.draw(&Polygon::new(points, color.filled())).ok()
    }

    pub fn dot(&self, center: (i32, i32), radius: f64, color: RGBColor) -> Drawn {
        self.area.draw(&Circle::new(center, units(radius), color.filled())).ok()
    }

    /// One line of text, centred on `y`.
    pub fn text(&self, text: &str, (x, y): (f64, f64), align: Align, color: RGBColor) -> Drawn {
        let horizontal = match align {
            Align::Left => HPos::Left,
            Align::Middle => HPos::Center,
            Align::Right => HPos::Right,
        };
        let font = (FontFamily::Name(&self.style.font_family), self.font_size * UNITS * FONT_FACTOR);
        let style = TextStyle::from(font).pos(Pos::new(horizontal, VPos::Center)).color(&color);
        self.area.draw(&Text::new(printable(text), (units(x), units(y)), style)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_are_read_or_grey() {
        assert_eq!(color("#ff8000"), RGBColor(255, 128, 0));
        assert_eq!(color(" #f80 "), RGBColor(255, 136, 0));
        for wrong in ["", "#", "red", "#12345", "#gggggg", "#äöü", "#aé"] {
            assert_eq!(color(wrong), RGBColor(128, 128, 128), "{wrong}");
        }
    }
}
