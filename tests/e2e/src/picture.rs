//! Screenshots: kept where people look, and judged in the crudest way: not of one colour.

use std::collections::HashMap;
use std::io::Cursor;

use anyhow::{Context, Result, ensure};

use crate::places;

/// Writes the picture to `target/e2e/NAME.png`.
pub fn keep(name: &str, png: &[u8]) -> Result<()> {
    let file = places::pictures()?.join(format!("{name}.png"));
    std::fs::write(&file, png).with_context(|| format!("cannot write {}", file.display()))
}

/// Refuses an empty window: the most frequent colour may not cover nearly everything, and a drawn
/// page has many shades of text.
pub fn shows_something(png: &[u8]) -> Result<()> {
    let mut decoder = png::Decoder::new(Cursor::new(png));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info()?;
    let mut pixels = vec![0; reader.output_buffer_size().context("the picture is too big")?];
    let info = reader.next_frame(&mut pixels)?;
    let mut colours: HashMap<&[u8], usize> = HashMap::new();
    for pixel in pixels[..info.buffer_size()].chunks(info.color_type.samples()) {
        *colours.entry(pixel).or_default() += 1;
    }
    let all = (info.width * info.height) as usize;
    let most = colours.values().max().copied().unwrap_or(0);
    ensure!(colours.len() > 50, "the picture has only {} colours", colours.len());
    ensure!(most * 100 < all * 97, "one colour covers {} of {all} pixels", most);
    Ok(())
}
