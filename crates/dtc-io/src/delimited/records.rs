//! The records of a piece: lines as cells, with quotes taken off.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr2_iter};

use super::Record;

const SEPARATORS: [u8; 3] = [b';', b',', b'\t'];

/// What looking at one record leaves for the next.
#[derive(Default)]
pub(super) struct Reading {
    /// What separates cells, once the header was seen.
    pub(super) separator: Option<u8>,
    cells: Vec<Range<usize>>,
    /// Cells without their quotes, of a record that has some.
    unquoted: String,
}

/// What is wrong with a record, and in which line of the piece it begins, from 0.
pub(super) struct Wrong {
    pub(super) line: u64,
    pub(super) reason: String,
}

impl Reading {
    pub(super) fn of(separator: u8) -> Reading {
        Reading { separator: Some(separator), ..Reading::default() }
    }

    /// Gives each record of whole records to `take`; `before` lines come before them. How many lines they are.
    pub(super) fn each(
        &mut self,
        bytes: &[u8],
        before: u64,
        mut take: impl FnMut(&Record<'_>) -> Result<(), String>,
    ) -> Result<u64, Wrong> {
        let whole = std::str::from_utf8(bytes).ok();
        let quoted = memchr(b'"', bytes).is_some();
        let (mut start, mut lines) = (0, 0);
        while start < bytes.len() {
            let wrong = |reason: String| Wrong { line: lines, reason };
            let rest = &bytes[start..];
            let end = match record_end(rest, quoted) {
                Some(end) => start + end,
                // The last line may lack its line feed, and nothing else.
                None if quoted && memchr_iter(b'"', rest).count() % 2 == 1 => {
                    return Err(wrong("a quote opens and does not close; close it, or write quotes twice".to_owned()));
                }
                None => bytes.len(),
            };
            let trimmed = bytes[start..end].strip_suffix(b"\r").map_or(end, |shorter| start + shorter.len());
            let text = match whole {
                // Line feeds begin and end letters.
                Some(whole) => &whole[start..trimmed],
                None => std::str::from_utf8(&bytes[start..trimmed])
                    .map_err(|_| wrong("the line is no UTF-8 text; save the file as UTF-8".to_owned()))?,
            };
            if !text.trim().is_empty() {
                self.record(text, before + lines + 1, quoted, &mut take).map_err(wrong)?;
            }
            lines += 1;
            if quoted {
                lines += memchr_iter(b'\n', &bytes[start..trimmed]).count() as u64;
            }
            start = end + 1;
        }
        Ok(lines)
    }

    #[inline]
    fn record(
        &mut self,
        text: &str,
        line: u64,
        quoted: bool,
        take: &mut impl FnMut(&Record<'_>) -> Result<(), String>,
    ) -> Result<(), String> {
        let separator = match self.separator {
            Some(separator) => separator,
            None if memchr(b'\r', text.as_bytes()).is_some() => {
                return Err("lines end in carriage returns alone; save the file with line feeds".to_owned());
            }
            None => *self.separator.insert(separator_of(text.as_bytes())),
        };
        self.cells.clear();
        let text = if quoted && memchr(b'"', text.as_bytes()).is_some() {
            unquote(text, separator, &mut self.unquoted, &mut self.cells);
            &self.unquoted
        } else {
            split(text.as_bytes(), separator, &mut self.cells);
            text
        };
        take(&Record { line, text, cells: &self.cells })
    }
}

/// Where the line feed is that ends the first record: the first one outside quotes.
fn record_end(bytes: &[u8], quoted: bool) -> Option<usize> {
    let first = memchr(b'\n', bytes)?;
    if !quoted || memchr(b'"', &bytes[..first]).is_none() {
        return Some(first);
    }
    let mut open = false;
    for at in memchr2_iter(b'"', b'\n', bytes) {
        match bytes[at] {
            b'"' => open = !open,
            _ if !open => return Some(at),
            _ => {}
        }
    }
    None
}

fn separator_of(header: &[u8]) -> u8 {
    let count = |separator: &&u8| memchr_iter(**separator, header).count();
    // Of equals the last counts: the order of preference is turned.
    SEPARATORS.iter().rev().max_by_key(count).copied().unwrap_or(b',')
}

fn split(bytes: &[u8], separator: u8, cells: &mut Vec<Range<usize>>) {
    let mut start = 0;
    for at in memchr_iter(separator, bytes) {
        cells.push(start..at);
        start = at + 1;
    }
    cells.push(start..bytes.len());
}

/// Cells with quotes taken off: `"a;b"` is one cell, `""` in it one quote.
fn unquote(text: &str, separator: u8, unquoted: &mut String, cells: &mut Vec<Range<usize>>) {
    unquoted.clear();
    let (mut start, mut open) = (0, false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if open && letters.peek() == Some(&'"') => {
                letters.next();
                unquoted.push('"');
            }
            '"' if open || unquoted.len() == start => open = !open,
            letter if letter == separator as char && !open => {
                cells.push(start..unquoted.len());
                start = unquoted.len();
            }
            letter => unquoted.push(letter),
        }
    }
    cells.push(start..unquoted.len());
}
