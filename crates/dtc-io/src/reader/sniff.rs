//! What kind of file this is, from its first bytes: records one a line, an array, or nothing to read.

use super::fault::{Fault, Reason};
use super::interner::Interner;
use super::ipfix;
use super::parse::{Rules, parse};
use crate::projection::Projection;

/// How records follow one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    Lines,
    Array,
    /// One object after the other, each over any number of lines.
    Concatenated,
}

/// What the first bytes show.
pub(super) struct Sniffed {
    pub(super) layout: Layout,
    pub(super) python: bool,
    /// The first record has the shape of an IPFIX collector's object.
    pub(super) export: bool,
}

pub(super) const BOM: &[u8] = b"\xef\xbb\xbf";

/// Files that people take for event files, by their first bytes: what it is, and the cure.
const KINDS: [(&[u8], &str, &str); 11] = [
    (b"PK\x03\x04", "is a zip archive", "unpack it and take the files in it"),
    (b"PAR1", "is a Parquet file", "write its rows as JSON Lines first; this program was built without Parquet"),
    (b"Obj\x01", "is an Avro file", "write its records as JSON Lines first"),
    (b"ARROW1", "is an Arrow file", "write its rows as Parquet or JSON Lines first"),
    (b"ORC", "is an ORC file", "write its rows as JSON Lines first"),
    (b"BZh", "is packed with bzip2", "unpack it (bunzip2) or pack it with gzip"),
    (b"\x28\xb5\x2f\xfd", "is packed with zstd", "unpack it (unzstd); this program was built without zstd"),
    (b"\xfd7zXZ", "is packed with xz", "unpack it (unxz) or pack it with gzip"),
    (b"SQLite format 3", "is an SQLite database", "export its rows as JSON Lines first"),
    (b"\xff\xfe", "is UTF-16 text", "save it as UTF-8"),
    (b"\xfe\xff", "is UTF-16 text", "save it as UTF-8"),
];

/// Says what a file is when it cannot hold records, and the cure.
pub(super) fn not_text(head: &[u8]) -> Option<(String, &'static str)> {
    for (magic, what, cure) in KINDS {
        // A header of CSV may start with the same letters.
        let letters = magic.is_ascii() && head.iter().take(64).all(|byte| byte.is_ascii() && !is_odd(*byte));
        if head.starts_with(magic) && !letters {
            return Some((what.to_owned(), cure));
        }
    }
    if head.get(257..262) == Some(b"ustar") {
        return Some(("is a tar archive".to_owned(), "unpack it and take the files in it"));
    }
    let odd = head.iter().filter(|byte| is_odd(**byte)).count();
    // A stray control character is a bad record; many of them are another kind of file.
    if odd > 0 && odd * 50 > head.len() || head.first() == Some(&0) {
        return Some((
            "is a binary file of an unknown kind".to_owned(),
            "give JSON, CSV or Parquet, or text packed with gzip or zstd",
        ));
    }
    None
}

fn is_odd(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\n' | b'\r' | b'\t' | 0x0c | 0x1b) || byte == 0x7f
}

/// Looks at the first record. `last`: `head` is the whole input.
pub(super) fn layout(head: &[u8], last: bool) -> Sniffed {
    let head = first_record(head);
    let array = opens_array(head);
    let record = if array { first_record(&head[1..]) } else { head };
    let mut interner = Interner::new(Projection::All);
    let parsed = parse(record, last, Rules { tolerant: true, by_line: false }, &mut interner);
    let python = parsed.as_ref().is_ok_and(|parsed| parsed.liberties.python);
    let export = parsed.as_ref().is_ok_and(|parsed| ipfix::is_export(&parsed.value));
    let layout = match parsed {
        _ if array => Layout::Array,
        Ok(parsed) if parsed.newlines == 0 && ends_line(&record[parsed.used..]) => Layout::Lines,
        Ok(_) => Layout::Concatenated,
        // A long first record: its line goes on beyond what was read.
        Err(Fault { reason: Reason::End, .. }) if !last && record.contains(&b'\n') => Layout::Concatenated,
        Err(_) => broken_layout(record),
    };
    Sniffed { layout, python, export }
}

/// Whether this `[` opens an array of records, not a record written as a list of pairs.
pub(super) fn opens_array(bytes: &[u8]) -> bool {
    bytes.first() == Some(&b'[')
        && bytes[1..].iter().find(|byte| !byte.is_ascii_whitespace()).is_none_or(|byte| *byte != b'[')
}

/// A first record that cannot be read: one a line unless its line is only an opening bracket.
fn broken_layout(record: &[u8]) -> Layout {
    let line = record.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if line.trim_ascii() == b"{" { Layout::Concatenated } else { Layout::Lines }
}

fn ends_line(rest: &[u8]) -> bool {
    rest.iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\r')).is_none_or(|byte| matches!(byte, b'\n'))
}

/// From the first line that may start a record; prose before it does not decide.
fn first_record(head: &[u8]) -> &[u8] {
    let mut at = 0;
    for line in head.split_inclusive(|byte| *byte == b'\n') {
        let space = line.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        if matches!(line.get(space), Some(b'{' | b'[')) {
            return &head[at + space..];
        }
        at += line.len();
    }
    head.trim_ascii_start()
}
