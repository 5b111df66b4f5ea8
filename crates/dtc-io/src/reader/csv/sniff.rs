//! Whether a text is CSV, and what stands between its cells. Told from the rows themselves: the delimiter
//! that splits most of them into as many cells as the header.

use super::rows::{Row, split};

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Rows looked at.
const ROWS: usize = 100;
const ENDINGS: [&str; 4] = [".csv", ".tsv", ".tab", ".psv"];
const PACKED: [&str; 4] = [".gz", ".gzip", ".zst", ".zstd"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::reader) struct Dialect {
    pub(super) delimiter: u8,
    /// The first line says it: `sep=;`, as a table program writes.
    pub(super) named_inside: bool,
}

/// Whether the name says CSV, packed or not.
pub(in crate::reader) fn is_named_csv(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let bare = PACKED.iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(&name);
    ENDINGS.iter().any(|ending| bare.ends_with(ending))
}

/// Looks at the first rows. `whole`: `head` is all there is. A file that is named CSV may have one column, or a header that is none elsewhere.
pub(in crate::reader) fn detect(head: &[u8], whole: bool, named: bool) -> Option<Dialect> {
    let json = if named { matches!(head.trim_ascii_start().first(), Some(b'{' | b'[')) } else { holds_json(head) };
    if json {
        return None;
    }
    if let Some(delimiter) = written_inside(head) {
        return Some(Dialect { delimiter, named_inside: true });
    }
    let scores = DELIMITERS.iter().filter_map(|delimiter| {
        let rows = widths(head, whole, *delimiter);
        score(&rows, named).map(|score| (score, *delimiter))
    });
    // Of equals the first in the list, which `max_by_key` would give last.
    let best = scores.rev().max_by_key(|(score, _)| *score).map(|(_, delimiter)| delimiter);
    let found = best.filter(|delimiter| named || is_header(head, whole, *delimiter));
    found.or(named.then_some(b',')).map(|delimiter| Dialect { delimiter, named_inside: false })
}

/// Thousandths of the rows that are as wide as the header, then its width.
type Score = (usize, usize);

fn score(widths: &[usize], named: bool) -> Option<Score> {
    let (header, rows) = widths.split_first()?;
    let alike = rows.iter().filter(|width| *width == header).count();
    let share = (alike * 1000).checked_div(rows.len()).unwrap_or(1000);
    (*header > 1 && (named || share >= 800)).then_some((share, *header))
}

/// Cells of the first rows, blank lines left out.
fn widths(head: &[u8], whole: bool, delimiter: u8) -> Vec<usize> {
    let mut widths = Vec::new();
    let mut rest = head;
    let mut row = Row::default();
    while widths.len() < ROWS && split(rest, whole, delimiter, &mut row).is_ok() {
        if !row.is_blank(rest) {
            widths.push(row.cells.len());
        }
        rest = &rest[row.used..];
    }
    widths
}

/// Whether the first row looks like names: each starts with a letter, no two are the same, no prose.
fn is_header(head: &[u8], whole: bool, delimiter: u8) -> bool {
    let mut row = Row::default();
    let mut rest = head;
    while split(rest, whole, delimiter, &mut row).is_ok() && row.is_blank(rest) {
        rest = &rest[row.used..];
    }
    let Ok(text) = row.utf8(rest) else { return false };
    let names: Vec<_> = (0..row.cells.len()).map(|place| row.text(text, place)).collect();
    let named = |name: &str| {
        let starts = name.chars().next().is_some_and(|first| first.is_alphabetic() || matches!(first, '_' | '@' | '#'));
        starts && name.trim() == name && name.chars().count() <= 64 && name.split(' ').count() <= 4
    };
    let nameless = names.iter().filter(|name| name.is_empty()).count();
    let mut sorted = names.clone();
    sorted.sort();
    sorted.dedup();
    sorted.len() == names.len() && nameless <= 1 && names.iter().all(|name| name.is_empty() || named(name))
}

/// A line that opens as JSON or as a Markdown fence does.
fn holds_json(head: &[u8]) -> bool {
    head.split(|byte| *byte == b'\n').any(|line| {
        let line = line.trim_ascii_start();
        line.starts_with(b"{") || line.starts_with(b"[") || line.starts_with(b"```")
    })
}

fn written_inside(head: &[u8]) -> Option<u8> {
    let line = head.split(|byte| matches!(byte, b'\n' | b'\r')).next()?;
    let line = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
    match line.strip_prefix(b"sep=")? {
        [delimiter] if DELIMITERS.contains(delimiter) => Some(*delimiter),
        _ => None,
    }
}
