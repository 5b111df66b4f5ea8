//! A `.gz` beside every big file of the page, byte for byte the same on each run.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::{Compression, GzBuilder};

use crate::files;

const SMALLEST: u64 = 1024;
const KINDS: [&str; 8] = ["js", "css", "wasm", "html", "svg", "json", "ttf", "txt"];

/// Packs what gains from it in this folder.
pub fn folder(folder: &Path, fast: bool) -> Result<()> {
    let level = if fast { Compression::fast() } else { Compression::best() };
    for file in files::below(folder)? {
        let kind = file.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
        if KINDS.contains(&kind) && file.metadata()?.len() >= SMALLEST {
            let packed = bytes(&fs::read(&file)?, level)?;
            fs::write(beside(&file), packed).with_context(|| format!("cannot write {}.gz", file.display()))?;
        }
    }
    Ok(())
}

fn bytes(content: &[u8], level: Compression) -> Result<Vec<u8>> {
    // No name and no time in the header: the same input gives the same file.
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), level);
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

pub fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".gz");
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    #[test]
    fn packing_twice_gives_the_same_bytes() {
        let text = b"events ".repeat(500);
        let pack = || super::bytes(&text, flate2::Compression::best()).unwrap();
        assert_eq!(pack(), pack());
        assert!(pack().len() < text.len() / 10);
    }
}
