//! One copy of each repeated text: events repeat their keys and most of their values.

use std::sync::Arc;

use dtc_expr::Value;

use crate::projection::Projection;

const LONGEST: usize = 40;
const TEXTS: usize = 4096;
const KEYS: usize = 512;

/// Direct-mapped: a newcomer takes the place of the one before, so that it never grows.
pub(super) struct Interner {
    texts: Vec<Option<Arc<str>>>,
    keys: Vec<Option<Key>>,
    projection: Projection,
    /// Fields kept of the record before: the best guess for the next.
    pub(super) width: usize,
}

#[derive(Clone)]
pub(super) struct Key {
    pub(super) name: Arc<str>,
    /// Whether the projection keeps a top-level field of this name.
    pub(super) wanted: bool,
}

impl Interner {
    pub(super) fn new(projection: Projection) -> Interner {
        Interner { texts: vec![None; TEXTS], keys: vec![None; KEYS], projection, width: 0 }
    }

    pub(super) fn text(&mut self, text: &str) -> Value {
        if text.len() > LONGEST {
            return Value::Str(Arc::from(text));
        }
        let place = &mut self.texts[slot(text.as_bytes(), TEXTS)];
        match place {
            Some(known) if known.as_ref() == text => Value::Str(known.clone()),
            _ => {
                let new: Arc<str> = Arc::from(text);
                *place = Some(new.clone());
                Value::Str(new)
            }
        }
    }

    pub(super) fn key(&mut self, name: &str) -> &Key {
        let place = &mut self.keys[slot(name.as_bytes(), KEYS)];
        if place.as_ref().is_none_or(|known| known.name.as_ref() != name) {
            *place = Some(Key { name: Arc::from(name), wanted: self.projection.keeps(name) });
        }
        place.as_ref().expect("just filled")
    }
}

/// Mixes the first and last eight bytes and the length: enough to spread short texts.
fn slot(text: &[u8], slots: usize) -> usize {
    let hash = (word(text) ^ word(&text[text.len().saturating_sub(8)..]).rotate_left(29) ^ text.len() as u64)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (hash >> 40) as usize % slots
}

fn word(text: &[u8]) -> u64 {
    let mut bytes = [0u8; 8];
    let count = text.len().min(8);
    bytes[..count].copy_from_slice(&text[..count]);
    u64::from_le_bytes(bytes)
}
