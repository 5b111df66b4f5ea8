//! A drawing as PNG: reads the five elements that this crate's drawings are made of and fills pixels by how much of each
//! a shape covers. Letters are Inter's, which comes along (Latin, Greek, Cyrillic); others show its empty box.

use std::io::Write;

use ab_glyph::{Font, FontRef, GlyphId, PxScale, ScaleFont, point};
use ab_glyph_rasterizer::Rasterizer;
use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::Chart;
use crate::canvas::color;

static INTER: &[u8] = include_bytes!("../assets/inter.ttf");
/// Half of the height of an x, in ems: what `dy="0.5ex"` lowers a line by.
const HALF_EX: f32 = 0.273;
/// Corners of a circle.
const ROUND: usize = 32;

type Point = (f32, f32);

/// `scale` pixels for each pixel of the drawing, 1 to 4. `None` where it cannot be: no drawing of this crate.
pub fn png(chart: &Chart, scale: u32) -> Option<Vec<u8>> {
    let scale = scale.clamp(1, 4);
    let mut paper = Paper::new((chart.width * scale) as usize, (chart.height * scale) as usize)?;
    // The viewBox has ten units a pixel.
    let unit = scale as f32 / 10.0;
    let font = FontRef::try_from_slice(INTER).ok()?;
    for element in (Elements { rest: &chart.svg }) {
        paint(&mut paper, &font, &element, unit);
    }
    encode(&paper)
}

/// One element: its name, attributes as they are written, and text.
struct Element<'s> {
    name: &'s str,
    attributes: &'s str,
    text: &'s str,
}

struct Elements<'s> {
    rest: &'s str,
}

impl<'s> Iterator for Elements<'s> {
    type Item = Element<'s>;

    fn next(&mut self) -> Option<Element<'s>> {
        loop {
            let start = self.rest.find('<')? + 1;
            let end = start + self.rest[start..].find('>')?;
            let inside = &self.rest[start..end];
            self.rest = &self.rest[end + 1..];
            if inside.starts_with(['/', '!', '?']) {
                continue;
            }
            let (name, attributes) = inside.split_once(' ').unwrap_or((inside, ""));
            let text = &self.rest[..self.rest.find('<').unwrap_or(0)];
            return Some(Element { name, attributes: attributes.trim_end_matches('/'), text });
        }
    }
}

impl<'s> Element<'s> {
    fn get(&self, name: &str) -> Option<&'s str> {
        let wanted = format!("{name}=\"");
        let mut from = 0;
        loop {
            let at = from + self.attributes[from..].find(&wanted)?;
            let start = at + wanted.len();
            // `x=` is the end of `max=` too.
            if at == 0 || self.attributes.as_bytes()[at - 1] == b' ' {
                return Some(&self.attributes[start..start + self.attributes[start..].find('"')?]);
            }
            from = start;
        }
    }

    fn number(&self, name: &str, unit: f32) -> Option<f32> {
        self.get(name)?.parse::<f32>().ok().map(|number| number * unit)
    }

    /// The fill or, with its width, the stroke.
    fn ink(&self, name: &str) -> Option<Ink> {
        let given = self.get(name).filter(|given| *given != "none")?;
        let color = color(given);
        let part = self.number("opacity", 1.0).unwrap_or(1.0);
        Some(Ink { color: [color.0, color.1, color.2], part })
    }

    fn points(&self, unit: f32) -> Vec<Point> {
        let point = |pair: &str| {
            let (x, y) = pair.split_once(',')?;
            Some((x.parse::<f32>().ok()? * unit, y.parse::<f32>().ok()? * unit))
        };
        self.get("points").unwrap_or("").split_whitespace().filter_map(point).collect()
    }
}

#[derive(Clone, Copy)]
struct Ink {
    color: [u8; 3],
    part: f32,
}

struct Paper {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

fn paint(paper: &mut Paper, font: &FontRef<'_>, element: &Element<'_>, unit: f32) -> Option<()> {
    match element.name {
        "rect" => {
            let (x, y) = (element.number("x", unit)?, element.number("y", unit)?);
            let (right, bottom) = (x + element.number("width", unit)?, y + element.number("height", unit)?);
            paper.fill(&[(x, y), (right, y), (right, bottom), (x, bottom)], element.ink("fill")?)
        }
        "polygon" => paper.fill(&element.points(unit), element.ink("fill")?),
        "circle" => {
            let (x, y, radius) = (element.number("cx", unit)?, element.number("cy", unit)?, element.number("r", unit)?);
            let corner = |place: usize| {
                let angle = place as f32 / ROUND as f32 * std::f32::consts::TAU;
                (x + radius * angle.cos(), y + radius * angle.sin())
            };
            let corners: Vec<Point> = (0..ROUND).map(corner).collect();
            paper.fill(&corners, element.ink("fill")?)
        }
        "polyline" | "line" => {
            let width = element.number("stroke-width", unit)?;
            paper.stroke(&element.points(unit), width, element.ink("stroke")?)
        }
        "text" => paper.write(font, element, unit),
        _ => None,
    }
}

impl Paper {
    fn new(width: usize, height: usize) -> Option<Paper> {
        let size = width.checked_mul(height)?.checked_mul(3)?;
        Some(Paper { width, height, pixels: vec![255; size] })
    }

    fn fill(&mut self, corners: &[Point], ink: Ink) -> Option<()> {
        self.cover(&[corners.to_vec()], ink)
    }

    /// Each stretch is a shape of its own; where they overlap, they cover once.
    fn stroke(&mut self, points: &[Point], width: f32, ink: Ink) -> Option<()> {
        let stretch = |pair: &[Point]| {
            let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
            let (across, down) = (x1 - x0, y1 - y0);
            let length = across.hypot(down).max(1e-6);
            let (nx, ny) = (-down / length * width / 2.0, across / length * width / 2.0);
            vec![(x0 + nx, y0 + ny), (x1 + nx, y1 + ny), (x1 - nx, y1 - ny), (x0 - nx, y0 - ny)]
        };
        let shapes: Vec<Vec<Point>> = points.windows(2).map(stretch).collect();
        self.cover(&shapes, ink)
    }

    fn cover(&mut self, shapes: &[Vec<Point>], ink: Ink) -> Option<()> {
        let corners = || shapes.iter().flatten();
        let low = |value: fn(&Point) -> f32, most: usize| {
            corners().map(value).fold(f32::INFINITY, f32::min).floor().clamp(0.0, most as f32) as usize
        };
        let high = |value: fn(&Point) -> f32, most: usize| {
            corners().map(value).fold(f32::NEG_INFINITY, f32::max).ceil().clamp(0.0, most as f32) as usize
        };
        let (left, right) = (low(|p| p.0, self.width), high(|p| p.0, self.width));
        let (top, bottom) = (low(|p| p.1, self.height), high(|p| p.1, self.height));
        if left >= right || top >= bottom {
            return None;
        }
        let mut raster = Rasterizer::new(right - left, bottom - top);
        let at = |(x, y): Point| point(x - left as f32, y - top as f32);
        for shape in shapes {
            for (place, corner) in shape.iter().enumerate() {
                raster.draw_line(at(*corner), at(shape[(place + 1) % shape.len()]));
            }
        }
        raster.for_each_pixel_2d(|x, y, part| self.blend(left + x as usize, top + y as usize, ink, part));
        Some(())
    }

    fn blend(&mut self, x: usize, y: usize, ink: Ink, part: f32) {
        let part = part.min(1.0) * ink.part;
        if part <= 0.0 || x >= self.width || y >= self.height {
            return;
        }
        let start = (y * self.width + x) * 3;
        for (pixel, color) in self.pixels[start..start + 3].iter_mut().zip(ink.color) {
            *pixel = (f32::from(*pixel) + (f32::from(color) - f32::from(*pixel)) * part).round() as u8;
        }
    }

    fn write(&mut self, font: &FontRef<'_>, element: &Element<'_>, unit: f32) -> Option<()> {
        let em = element.number("font-size", unit)?;
        let scale = PxScale::from(em * font.height_unscaled() / font.units_per_em()?);
        let scaled = font.as_scaled(scale);
        let mut glyphs: Vec<(GlyphId, f32)> = Vec::new();
        let mut width = 0.0;
        for letter in unescaped(element.text.trim()).chars() {
            let glyph = font.glyph_id(letter);
            width += glyphs.last().map_or(0.0, |(before, _)| scaled.kern(*before, glyph));
            glyphs.push((glyph, width));
            width += scaled.h_advance(glyph);
        }
        let shift = match element.get("text-anchor") {
            Some("middle") => width / 2.0,
            Some("end") => width,
            _ => 0.0,
        };
        let (x, y) = (element.number("x", unit)? - shift, element.number("y", unit)? + em * HALF_EX);
        let ink = element.ink("fill")?;
        for (glyph, at) in glyphs {
            let placed = glyph.with_scale_and_position(scale, point(x + at, y));
            let Some(outline) = font.outline_glyph(placed) else { continue };
            let bounds = outline.px_bounds();
            outline.draw(|across, down, part| {
                let (x, y) = (bounds.min.x + across as f32, bounds.min.y + down as f32);
                if x >= 0.0 && y >= 0.0 {
                    self.blend(x as usize, y as usize, ink, part);
                }
            });
        }
        Some(())
    }
}

fn unescaped(text: &str) -> String {
    let plain = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'");
    plain.replace("&#39;", "'").replace("&amp;", "&")
}

fn encode(paper: &Paper) -> Option<Vec<u8>> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
    for line in paper.pixels.chunks_exact(paper.width * 3) {
        packed.write_all(&[0]).ok()?;
        packed.write_all(line).ok()?;
    }
    let mut head = Vec::with_capacity(13);
    head.extend_from_slice(&u32::try_from(paper.width).ok()?.to_be_bytes());
    head.extend_from_slice(&u32::try_from(paper.height).ok()?.to_be_bytes());
    // Eight bits, red green blue, no interlacing.
    head.extend_from_slice(&[8, 2, 0, 0, 0]);
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in [(b"IHDR", head), (b"IDAT", packed.finish().ok()?), (b"IEND", Vec::new())] {
        file.extend_from_slice(&u32::try_from(data.len()).ok()?.to_be_bytes());
        let mut sum = crc32fast::Hasher::new();
        sum.update(kind);
        sum.update(&data);
        file.extend_from_slice(kind);
        file.extend_from_slice(&data);
        file.extend_from_slice(&sum.finalize().to_be_bytes());
    }
    Some(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_covers_what_it_should() {
        let svg = "<svg viewBox=\"0 0 400 300\">\n<rect x=\"0\" y=\"0\" width=\"400\" height=\"300\" opacity=\"1\" fill=\"#FFFFFF\" stroke=\"none\"/>\n\
                   <polygon opacity=\"0.5\" fill=\"#000000\" points=\"100,100 200,100 200,200 100,200 \"/>\n</svg>";
        let chart = Chart { svg: svg.to_owned(), width: 40, height: 30, hits: Vec::new() };
        let mut paper = Paper::new(40, 30).expect("it fits");
        let font = FontRef::try_from_slice(INTER).expect("the font that comes along");
        for element in (Elements { rest: &chart.svg }) {
            paint(&mut paper, &font, &element, 0.1);
        }
        let at = |x: usize, y: usize| paper.pixels[(y * 40 + x) * 3];
        assert_eq!([at(9, 15), at(10, 15), at(19, 19), at(20, 19)], [255, 128, 128, 255]);
        let file = png(&chart, 2).expect("a drawing");
        assert!(file.starts_with(b"\x89PNG") && file.ends_with(&[0xae, 0x42, 0x60, 0x82]));
    }
}
