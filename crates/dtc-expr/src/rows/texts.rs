//! Texts that came lately, so that equal ones are kept once. Forgets rather than grows.

use super::cell::{Cell, TEXT};
use super::sheet::{Sheet, UNKNOWN};

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
    if a.len() != b.len() {
        return false;
    }
    if a.len() < 8 {
        return a.iter().zip(b).all(|(a, b)| a == b);
    }
    a.chunks_exact(8).zip(b.chunks_exact(8)).all(|(a, b)| a == b) && a.last_chunk::<8>() == b.last_chunk::<8>()
}

/// Mixes the first and last eight bytes and the length: enough to spread short texts.
#[inline]
fn spread(text: &[u8]) -> usize {
    let length = text.len();
    let (first, last) = match (text.first_chunk::<8>(), text.last_chunk::<8>()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => (text.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)), 0),
    };
    let hash = (first ^ last.rotate_left(29) ^ length as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (hash >> 40) as usize
}
