//! Plain JSON objects straight into cells, texts passed thirty-two bytes at a time. Whatever is not plain it
//! leaves to the parser, which gives the same values.

use dtc_expr::rows::equal_bytes;
use dtc_expr::{Branch, RowsBuilder};

use super::fault::MAX_DEPTH;
use super::interner::Interner;
use super::keys::{Behind, Field, Keys};
use super::parse::{Keep, Liberties, Rules, parse_part};
use super::scan;

/// One object at the start of `bytes` into the row at hand; its length. `None`: it is not plain, or not
/// whole, and the row holds nothing that counts.
pub(super) fn object(
    bytes: &[u8],
    last: bool,
    keys: &mut Keys,
    interner: &mut Interner,
    row: &mut RowsBuilder,
) -> Option<usize> {
    row.clear();
    let (mut at, mut before) = (1, None);
    loop {
        let (key, start) = match keys.behind(bytes, at, before)? {
            Behind::Key(key, start) => (key, start),
            Behind::End(end) => return Some(end),
        };
        before = Some(key);
        let Field { slot, branched } = keys.field(key);
        let columns = &*keys.columns;
        let keep = || slot.map_or(Keep::Nothing, |slot| Keep::of(columns.want(slot)));
        at = match slot.filter(|_| branched).and_then(|slot| Some((slot, columns.branch(slot)?))) {
            None => value(bytes, start, last, (slot, keep), interner, row)?,
            Some((field, branch)) => {
                row.unset(field);
                let found = Parts { bytes, last, interner, row }.read(start, branch, 1);
                found.or_else(|| {
                    row.leave(branch);
                    value(bytes, start, last, (slot, keep), interner, row)
                })?
            }
        };
    }
}

/// Sets the cell of `slot`; gives the place after the value.
#[inline]
fn value<'w>(
    bytes: &[u8],
    at: usize,
    last: bool,
    (slot, keep): (Option<usize>, impl FnOnce() -> Keep<'w>),
    interner: &mut Interner,
    row: &mut RowsBuilder,
) -> Option<usize> {
    match bytes.get(at)? {
        b'"' => {
            let found = text(bytes, at + 1)?;
            if found.plain {
                let inside = &bytes[at + 1..found.end];
                // Texts that are not kept are checked too: a record is read or refused whatever is read of it.
                let readable = match slot {
                    Some(slot) => row.set_bytes(slot, inside),
                    None => found.ascii || std::str::from_utf8(inside).is_ok(),
                };
                if !readable {
                    return None;
                }
                return Some(found.end + 1);
            }
        }
        b'0'..=b'9' | b'-' => {
            if let Some((number, end)) = integer(bytes, at) {
                if let Some(slot) = slot {
                    row.set_integer(slot, number);
                }
                return Some(end);
            }
        }
        _ => {}
    }
    parsed(bytes, at, last, (slot, keep()), interner, row)
}

/// As `value`, for whatever it does not read itself.
#[inline(never)]
fn parsed(
    bytes: &[u8],
    at: usize,
    last: bool,
    (slot, keep): (Option<usize>, Keep<'_>),
    interner: &mut Interner,
    row: &mut RowsBuilder,
) -> Option<usize> {
    let rules = Rules { tolerant: false, by_line: true };
    let part = parse_part(&bytes[at..], last, rules, keep, interner).ok()?;
    if part.newlines > 0 || part.liberties != Liberties::default() {
        return None;
    }
    if let Some(slot) = slot {
        row.set_part(slot, part.value);
    }
    Some(at + part.used)
}

/// Parts of nested objects and lists into their cells.
struct Parts<'a> {
    bytes: &'a [u8],
    last: bool,
    interner: &'a mut Interner,
    row: &'a mut RowsBuilder,
}

impl Parts<'_> {
    /// What a branch leads to of the value at `at`; the place after it. `None`: it is not plain, or the parts
    /// are not all there.
    fn read(&mut self, at: usize, branch: &Branch, depth: usize) -> Option<usize> {
        if branch.cell.is_some() {
            return value(self.bytes, at, self.last, (branch.cell, || Keep::All), self.interner, self.row);
        }
        match self.bytes.get(at)? {
            b'{' if branch.items.is_empty() && branch.length.is_none() && depth < MAX_DEPTH => {
                self.fields(at, branch, depth)
            }
            b'[' if branch.names.is_empty() && depth < MAX_DEPTH => self.items(at, branch, depth),
            _ => None,
        }
    }

    fn fields(&mut self, at: usize, branch: &Branch, depth: usize) -> Option<usize> {
        let mut missing = 0_u64;
        for (place, (_, inner)) in branch.names.iter().enumerate() {
            match inner.cell {
                Some(cell) => self.row.unset(cell),
                None => missing |= 1 << place,
            }
        }
        let mut at = space(self.bytes, at + 1);
        if self.bytes.get(at) == Some(&b'}') {
            return (missing == 0).then_some(at + 1);
        }
        loop {
            let (key, end) = self.key(at)?;
            let found = branch.names.iter().position(|(name, _)| equal_bytes(name.as_bytes(), key));
            at = space(self.bytes, end);
            if self.bytes.get(at) != Some(&b':') {
                return None;
            }
            at = space(self.bytes, at + 1);
            at = match found {
                Some(place) => {
                    missing &= !(1 << place);
                    self.read(at, &branch.names[place].1, depth + 1)?
                }
                None => self.pass(at, depth + 1)?,
            };
            at = space(self.bytes, at);
            match self.bytes.get(at)? {
                b',' => at = space(self.bytes, at + 1),
                b'}' => return (missing == 0).then_some(at + 1),
                _ => return None,
            }
        }
    }

    fn items(&mut self, at: usize, branch: &Branch, depth: usize) -> Option<usize> {
        let mut count = 0;
        let mut found = 0;
        let mut at = space(self.bytes, at + 1);
        if self.bytes.get(at) == Some(&b']') {
            at += 1;
        } else {
            loop {
                let inner = branch.items.iter().find(|(place, _)| *place == count);
                found += usize::from(inner.is_some());
                at = match inner {
                    Some((_, inner)) => self.read(at, inner, depth + 1)?,
                    None => self.pass(at, depth + 1)?,
                };
                count += 1;
                at = space(self.bytes, at);
                match self.bytes.get(at)? {
                    b',' => at = space(self.bytes, at + 1),
                    b']' => break,
                    _ => return None,
                }
            }
            at += 1;
        }
        if let Some(cell) = branch.length {
            self.row.set_integer(cell, i64::from(count));
        }
        (found == branch.items.len()).then_some(at)
    }

    /// A plain key, and the place after its quote.
    #[inline]
    fn key(&self, at: usize) -> Option<(&[u8], usize)> {
        if self.bytes.get(at) != Some(&b'"') {
            return None;
        }
        let Text { end, plain: true, ascii } = text(self.bytes, at + 1)? else { return None };
        let key = &self.bytes[at + 1..end];
        (ascii || std::str::from_utf8(key).is_ok()).then_some((key, end + 1))
    }

    /// Past a value that nobody looks at, which is checked as the parser would.
    fn pass(&mut self, at: usize, depth: usize) -> Option<usize> {
        let close = match self.bytes.get(at)? {
            b'{' if depth < MAX_DEPTH => b'}',
            b'[' if depth < MAX_DEPTH => b']',
            b'{' | b'[' => return None,
            _ => return value(self.bytes, at, self.last, (None, || Keep::Nothing), self.interner, self.row),
        };
        let mut at = space(self.bytes, at + 1);
        if self.bytes.get(at) == Some(&close) {
            return Some(at + 1);
        }
        loop {
            if close == b'}' {
                at = space(self.bytes, self.key(at)?.1);
                if self.bytes.get(at) != Some(&b':') {
                    return None;
                }
                at = space(self.bytes, at + 1);
            }
            at = space(self.bytes, self.pass(at, depth + 1)?);
            match *self.bytes.get(at)? {
                b',' => at = space(self.bytes, at + 1),
                byte if byte == close => return Some(at + 1),
                _ => return None,
            }
        }
    }
}

/// An integer of at most 18 digits as JSON writes it.
#[inline]
fn integer(bytes: &[u8], at: usize) -> Option<(i64, usize)> {
    let negative = bytes[at] == b'-';
    let first = at + usize::from(negative);
    let mut end = first;
    let mut number = 0_i64;
    while let Some(digit @ b'0'..=b'9') = bytes.get(end) {
        number = number.wrapping_mul(10).wrapping_add(i64::from(digit - b'0'));
        end += 1;
    }
    let count = end - first;
    let whole = (1..=18).contains(&count) && (count == 1 || bytes[first] != b'0');
    // What follows may make it another number; at the end of the bytes nobody knows.
    let ends = !matches!(bytes.get(end)?, b'.' | b'e' | b'E');
    (whole && ends).then_some((if negative { -number } else { number }, end))
}

/// Past spaces; lines end records here.
#[inline]
pub(super) fn space(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\t')) {
        at += 1;
    }
    at
}

/// Where a text ends: at its quote (`plain`), or at a backslash or control character.
pub(super) struct Text {
    pub end: usize,
    pub plain: bool,
    ascii: bool,
}

/// Looks for the first quote, backslash or control character.
#[inline]
pub(super) fn text(bytes: &[u8], start: usize) -> Option<Text> {
    let mut at = start;
    let mut high = 0;
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let found = scan::chunk(chunk);
        if found.ends != 0 {
            let place = found.ends.trailing_zeros();
            high |= found.high & ((1 << place) - 1);
            at += place as usize;
            return Some(Text { end: at, plain: bytes[at] == b'"', ascii: high == 0 });
        }
        high |= found.high;
        at += chunk.len();
    }
    loop {
        match *bytes.get(at)? {
            b'"' => return Some(Text { end: at, plain: true, ascii: high == 0 }),
            b'\\' | 0..0x20 => return Some(Text { end: at, plain: false, ascii: high == 0 }),
            byte => high |= u32::from(byte & 0x80),
        }
        at += 1;
    }
}
