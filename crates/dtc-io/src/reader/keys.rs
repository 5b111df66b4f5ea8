//! The keys of plain records: guessed from what followed last time, with all that stands between two values.
//! Refuses keys that are not plain.

use std::collections::HashMap;
use std::sync::Arc;

use dtc_expr::Columns;
use wide::u8x16;

use super::fast::{Text, space, text};

/// Keys that are remembered; data with more of them takes longer.
const KEYS: usize = 4_096;
/// Bytes between two values that are compared at once.
const LEAD: usize = 32;
/// Keys that are tried after a key.
const FOLLOWERS: usize = 4;
const NO_KEY: u32 = u32::MAX;

/// What is known of the keys of records.
pub(super) struct Keys {
    keys: Vec<Key>,
    by_text: HashMap<Box<[u8]>, u32>,
    pub(super) columns: Arc<Columns>,
    /// Keys that begin records.
    first: [u32; FOLLOWERS],
}

struct Key {
    lead: Lead,
    /// Keys that followed it, the latest found first.
    next: [u32; FOLLOWERS],
    field: Field,
}

/// What a key leads to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub slot: Option<usize>,
    /// Whether parts of the value have cells of their own.
    pub branched: bool,
}

/// What stood between a value, or the record's start, and this key's value when it came last: comma, key, colon.
struct Lead {
    bytes: [u8; LEAD],
    /// A bit for each byte; 0 where it was too long.
    mask: u32,
    length: usize,
}

/// What comes behind a value, or a record's brace.
pub(super) enum Behind {
    /// A key, and the place of its value.
    Key(u32, usize),
    /// The record's end, and the place behind it.
    End(usize),
}

impl Lead {
    const UNKNOWN: Lead = Lead { bytes: [0; LEAD], mask: 0, length: 0 };

    fn of(written: &[u8]) -> Lead {
        let mut bytes = [0; LEAD];
        let Some(room) = bytes.get_mut(..written.len()) else { return Lead::UNKNOWN };
        room.copy_from_slice(written);
        Lead { bytes, mask: u32::try_from((1_u64 << written.len()) - 1).unwrap_or_default(), length: written.len() }
    }

    #[inline]
    fn begins(&self, bytes: &[u8; LEAD]) -> bool {
        let equal = |half: usize| -> u32 {
            let of = |all: &[u8; LEAD]| u8x16::new(std::array::from_fn(|place| all[half * 16 + place]));
            of(bytes).simd_eq(of(&self.bytes)).to_bitmask()
        };
        self.mask != 0 && (equal(0) | equal(1) << 16) & self.mask == self.mask
    }
}

impl Keys {
    pub(super) fn new(columns: Arc<Columns>) -> Keys {
        Keys { keys: Vec::new(), by_text: HashMap::new(), columns, first: [NO_KEY; FOLLOWERS] }
    }

    #[inline]
    pub(super) fn field(&self, key: u32) -> Field {
        self.keys[key as usize].field
    }

    /// What stands at `at`, behind the value of `before` or a record's brace. `None`: nothing plain, or no end.
    #[inline]
    pub(super) fn behind(&mut self, bytes: &[u8], at: usize, before: Option<u32>) -> Option<Behind> {
        if *bytes.get(at)? == b'}' {
            return Some(Behind::End(at + 1));
        }
        if let Some(chunk) = bytes[at..].first_chunk() {
            let followers = before.map_or(&self.first, |before| &self.keys[before as usize].next);
            for follower in followers {
                let Some(key) = self.keys.get(*follower as usize) else { break };
                if key.lead.begins(chunk) {
                    return Some(Behind::Key(*follower, at + key.lead.length));
                }
            }
        }
        self.look(bytes, at, before)
    }

    fn look(&mut self, bytes: &[u8], start: usize, before: Option<u32>) -> Option<Behind> {
        let mut at = space(bytes, start);
        match (bytes.get(at)?, before) {
            (b'}', _) => return Some(Behind::End(at + 1)),
            (b',', Some(_)) => at = space(bytes, at + 1),
            (_, Some(_)) => return None,
            (_, None) => {}
        }
        if bytes.get(at) != Some(&b'"') {
            return None;
        }
        let Text { end, plain: true, .. } = text(bytes, at + 1)? else { return None };
        let written = &bytes[at..end + 1];
        let key = match self.by_text.get(written) {
            Some(key) => *key,
            None => self.add(written)?,
        };
        at = space(bytes, end + 1);
        if bytes.get(at) != Some(&b':') {
            return None;
        }
        at = space(bytes, at + 1);
        self.learn(key, &bytes[start..at], before);
        Some(Behind::Key(key, at))
    }

    fn add(&mut self, written: &[u8]) -> Option<u32> {
        let name = std::str::from_utf8(&written[1..written.len() - 1]).ok()?;
        if self.keys.len() == KEYS {
            return None;
        }
        let slot = self.columns.slot(name);
        let branched = slot.is_some_and(|slot| self.columns.branch(slot).is_some());
        let number = u32::try_from(self.keys.len()).ok()?;
        self.keys.push(Key { lead: Lead::UNKNOWN, next: [NO_KEY; FOLLOWERS], field: Field { slot, branched } });
        self.by_text.insert(written.into(), number);
        Some(number)
    }

    fn learn(&mut self, key: u32, lead: &[u8], before: Option<u32>) {
        self.keys[key as usize].lead = Lead::of(lead);
        let followers = match before {
            Some(before) => &mut self.keys[before as usize].next,
            None => &mut self.first,
        };
        let place = followers.iter().position(|follower| *follower == key).unwrap_or(FOLLOWERS - 1);
        followers[..=place].rotate_right(1);
        followers[0] = key;
    }
}
