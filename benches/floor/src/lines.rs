//! A file of lines read by several threads: each takes an equal part, cut at the ends of lines, and reads it
//! in blocks, so that no more than the blocks is in memory.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// Read at once; a longer line makes its block longer.
const BLOCK: usize = 1 << 20;

/// Gives the whole lines of part `part` of `parts` to `each`, a block of them at a time. A line belongs to the
/// part that its first byte lies in.
pub fn blocks(path: &Path, part: u64, parts: u64, mut each: impl FnMut(&mut [u8])) -> io::Result<()> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let start = first_line_from(&mut file, size * part / parts)?;
    let end = first_line_from(&mut file, size * (part + 1) / parts)?.min(size);
    file.seek(SeekFrom::Start(start))?;
    let mut rest = file.take(end.saturating_sub(start));
    let mut buffer = vec![0; BLOCK];
    let mut filled = 0;
    loop {
        let read = rest.read(&mut buffer[filled..])?;
        filled += read;
        if read == 0 {
            if filled > 0 {
                each(&mut buffer[..filled]);
            }
            return Ok(());
        }
        let Some(last) = buffer[..filled].iter().rposition(|byte| *byte == b'\n') else {
            buffer.resize(buffer.len() * 2, 0);
            continue;
        };
        each(&mut buffer[..=last]);
        buffer.copy_within(last + 1..filled, 0);
        filled -= last + 1;
    }
}

/// The first byte at or after `offset` that starts a line.
fn first_line_from(file: &mut File, offset: u64) -> io::Result<u64> {
    if offset == 0 {
        return Ok(0);
    }
    let mut at = offset - 1;
    let mut buffer = [0; 4096];
    file.seek(SeekFrom::Start(at))?;
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(at);
        }
        if let Some(found) = buffer[..read].iter().position(|byte| *byte == b'\n') {
            return Ok(at + found as u64 + 1);
        }
        at += read as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::blocks;

    #[test]
    fn parts_together_are_the_file_and_hold_whole_lines() {
        let path = std::env::temp_dir().join(format!("dtc-bench-lines-{}", std::process::id()));
        let text: String = (0..1000).map(|number| format!("{}\n", "x".repeat(number % 37))).collect();
        for text in [text.as_str(), "no end", "", "\n"] {
            std::fs::write(&path, text).unwrap();
            for parts in [1, 2, 3, 8] {
                let mut all = Vec::new();
                for part in 0..parts {
                    blocks(&path, part, parts, |block| {
                        assert!(block.ends_with(b"\n") || text == "no end");
                        all.extend_from_slice(block);
                    })
                    .unwrap();
                }
                assert_eq!(String::from_utf8(all).unwrap(), text, "{parts} parts");
            }
        }
        std::fs::remove_file(&path).unwrap();
    }
}
