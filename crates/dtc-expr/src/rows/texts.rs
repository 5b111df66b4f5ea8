//! Texts that came lately, so that equal ones are kept once. Forgets rather than grows.

use super::cell::{Cell, TEXT};
use super::sheet::Sheet;

/// No text.
const UNKNOWN: u32 = u32::MAX;

/// Where texts lie that came lately. Direct-mapped, so that it never grows.
#[derive(Debug)]
pub(super) struct Texts {
    places: Vec<u32>,
    /// Texts at places before this one stay.
    kept: usize,
}

impl Default for Texts {
    fn default() -> Texts {
        Texts { places: vec![UNKNOWN; Texts::PLACES], kept: 0 }
    }
}

impl Texts {
    pub(super) const LONGEST: usize = 64;
    const PLACES: usize = 1 << 14;

    pub(super) fn clear(&mut self) {
        self.places.fill(UNKNOWN);
        self.kept = 0;
    }

    /// The cell of a text that lies in the sheet.
    #[inline]
    pub(super) fn find(&self, sheet: &Sheet, text: &[u8]) -> Option<Cell> {
        let known = self.places[spread(text) % Texts::PLACES] as usize;
        let found = known < sheet.ends.len() && equal_bytes(sheet.text(known).as_bytes(), text);
        found.then(|| Cell::at(TEXT, known))
    }

    pub(super) fn cell(&mut self, sheet: &mut Sheet, text: &str) -> Cell {
        if text.len() > Texts::LONGEST {
            return sheet.add_text(text);
        }
        self.find(sheet, text.as_bytes()).unwrap_or_else(|| {
            let known = &mut self.places[spread(text.as_bytes()) % Texts::PLACES];
            if *known == UNKNOWN || *known as usize >= self.kept {
                *known = u32::try_from(sheet.ends.len()).unwrap_or(UNKNOWN);
            }
            sheet.add_text(text)
        })
    }

    /// Holds on to the last of the first `count` texts.
    pub(super) fn keep(&mut self, text: &str, count: usize) {
        self.places[spread(text.as_bytes()) % Texts::PLACES] = (count - 1) as u32;
        self.kept = count;
    }
}

/// `a == b` for short texts, without a call.
#[inline]
pub fn equal_bytes(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len()
        && ends(a) == ends(b)
        && (a.len() <= 16 || a.chunks_exact(8).zip(b.chunks_exact(8)).skip(1).all(|(a, b)| a == b))
}

/// The first and last eight bytes as numbers; all that there is of at most 16 bytes.
#[inline]
fn ends(text: &[u8]) -> (u64, u64) {
    if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        return (u64::from_le_bytes(*first), u64::from_le_bytes(*last));
    }
    if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        return (u64::from(u32::from_le_bytes(*first)), u64::from(u32::from_le_bytes(*last)));
    }
    match text {
        [] => (0, 0),
        [first, .., last] => (u64::from(*first) << 8 | u64::from(text[text.len() / 2]), u64::from(*last)),
        [only] => (u64::from(*only), 0),
    }
}

/// Mixes the first and last eight bytes and the length: enough to spread short texts.
#[inline]
fn spread(text: &[u8]) -> usize {
    let (first, last) = ends(text);
    let hash = (first ^ last.rotate_left(29) ^ text.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (hash >> 40) as usize
}

#[cfg(test)]
mod tests {
    use super::equal_bytes;

    #[test]
    fn every_byte_is_compared() {
        let text: Vec<u8> = (0..40).collect();
        for length in 0..text.len() {
            let a = &text[..length];
            let other = a.to_vec();
            assert!(equal_bytes(a, &other) && !equal_bytes(a, &text[..length + 1]));
            for place in 0..length {
                let mut b = other.clone();
                b[place] ^= 0x80;
                assert!(!equal_bytes(a, &b), "{place} of {length}");
            }
        }
    }
}
