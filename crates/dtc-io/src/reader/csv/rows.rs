//! Text into rows of cells, as RFC 4180 has it: quotes, doubled quotes inside them, line ends inside them.
//!
//! Refuses what would be a guess: text after a closing quote, a quote that is never closed.

use std::borrow::Cow;

use super::super::fault::MAX_RECORD;

/// One row, by places in the bytes it was split from. Kept from row to row for its memory.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub(super) cells: Vec<Cell>,
    /// Bytes of the row with its line end.
    pub(super) used: usize,
    /// Line ends among them.
    pub(super) lines: u64,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    start: usize,
    end: usize,
    pub(super) quoted: bool,
    /// Doubled quotes are to be halved.
    doubled: bool,
}

/// Why no row came out.
#[derive(Debug)]
pub(super) enum Stop {
    /// The input has ended.
    Nothing,
    /// The row goes on beyond what has been read.
    More,
    Bad(Problem),
}

#[derive(Debug)]
pub(super) enum Problem {
    Unclosed,
    /// Text at this place, after a quote that closes a cell.
    AfterQuote(usize),
    TooLong,
}

impl Problem {
    pub(super) fn describe(&self, row: &[u8]) -> String {
        match self {
            Problem::Unclosed => "a double quote opens a cell and none closes it; close it, or double it and put \
                                  the cell in quotes"
                .to_owned(),
            Problem::AfterQuote(at) => {
                let before = &row[..*at];
                let line = memchr::memrchr(b'\n', before).map_or(0, |end| end + 1);
                let column = String::from_utf8_lossy(&before[line..]).chars().count() + 1;
                let lines = memchr::memchr_iter(b'\n', before).count();
                let place = match lines {
                    0 => format!("column {column}"),
                    1 => format!("column {column} of the line after"),
                    lines => format!("column {column}, {lines} lines below"),
                };
                format!("text after the closing quote of a cell ({place}); double the quotes inside a cell (\"\")")
            }
            Problem::TooLong => format!("the row is longer than {} MiB", MAX_RECORD / 1024 / 1024),
        }
    }
}

impl Row {
    /// The row's bytes as text.
    pub(super) fn utf8<'a>(&self, bytes: &'a [u8]) -> Result<&'a str, String> {
        std::str::from_utf8(&bytes[..self.used]).map_err(|error| {
            let before = String::from_utf8_lossy(&bytes[..error.valid_up_to()]).chars().count();
            format!("not UTF-8 text (character {}); save the file as UTF-8", before + 1)
        })
    }

    /// What stands in a cell, without the quotes around it. `text` is the row's.
    pub(super) fn text<'a>(&self, text: &'a str, place: usize) -> Cow<'a, str> {
        let cell = self.cells[place];
        let inside = &text[cell.start..cell.end];
        if cell.doubled { Cow::Owned(inside.replace("\"\"", "\"")) } else { Cow::Borrowed(inside) }
    }

    /// Whether a cell without quotes around it has one inside.
    pub(super) fn has_stray_quote(&self, bytes: &[u8]) -> bool {
        self.cells.iter().any(|cell| !cell.quoted && bytes[cell.start..cell.end].contains(&b'"'))
    }

    /// An empty line, or one of blanks: no row.
    pub(super) fn is_blank(&self, bytes: &[u8]) -> bool {
        matches!(self.cells.as_slice(), [only] if !only.quoted && bytes[only.start..only.end].trim_ascii().is_empty())
    }
}

/// Splits the row at the start of `bytes`. `last`: they reach the end of the input.
pub(super) fn split(bytes: &[u8], last: bool, delimiter: u8, row: &mut Row) -> Result<(), Stop> {
    row.cells.clear();
    row.lines = 0;
    if bytes.is_empty() {
        return Err(if last { Stop::Nothing } else { Stop::More });
    }
    let mut at = 0;
    loop {
        // Blanks before an opening quote are no part of the cell.
        let opening = at + bytes[at..].iter().take_while(|byte| **byte == b' ').count();
        let end = match bytes.get(opening) {
            Some(b'"') => quoted(bytes, last, opening, row)?,
            None if !last => return Err(Stop::More),
            _ => plain(bytes, at, delimiter, row),
        };
        match bytes.get(end) {
            Some(byte) if *byte == delimiter => at = end + 1,
            Some(b'\n') => return ended(row, end + 1, 1),
            Some(b'\r') if bytes.get(end + 1) == Some(&b'\n') => return ended(row, end + 2, 1),
            Some(b'\r') if end + 1 < bytes.len() || last => return ended(row, end + 1, 1),
            None if last => return ended(row, end, 0),
            None | Some(b'\r') => return Err(Stop::More),
            Some(_) => return Err(Stop::Bad(Problem::AfterQuote(end))),
        }
    }
}

fn ended(row: &mut Row, used: usize, lines: u64) -> Result<(), Stop> {
    row.used = used;
    row.lines += lines;
    Ok(())
}

/// A cell without quotes ends at the delimiter or its line's end; quotes inside it are text.
fn plain(bytes: &[u8], start: usize, delimiter: u8, row: &mut Row) -> usize {
    let length = memchr::memchr3(delimiter, b'\n', b'\r', &bytes[start..]);
    let end = length.map_or(bytes.len(), |length| start + length);
    row.cells.push(Cell { start, end, quoted: false, doubled: false });
    end
}

/// A cell whose opening quote is at `opening`; gives where its closing quote and blanks after it end.
fn quoted(bytes: &[u8], last: bool, opening: usize, row: &mut Row) -> Result<usize, Stop> {
    let start = opening + 1;
    let mut at = start;
    let mut doubled = false;
    let end = loop {
        let Some(quote) = memchr::memchr(b'"', &bytes[at..]).map(|length| at + length) else {
            return Err(if last { Stop::Bad(Problem::Unclosed) } else { Stop::More });
        };
        match bytes.get(quote + 1) {
            Some(b'"') => {
                doubled = true;
                at = quote + 2;
            }
            None if !last => return Err(Stop::More),
            _ => break quote,
        }
    };
    row.lines += memchr::memchr_iter(b'\n', &bytes[start..end]).count() as u64;
    row.cells.push(Cell { start, end, quoted: true, doubled });
    Ok(end + 1 + bytes[end + 1..].iter().take_while(|byte| **byte == b' ').count())
}
