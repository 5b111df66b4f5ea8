//! Which record each event entered: what a run tells once, so that a field can be evaluated again without finding
//! records again.

use std::sync::atomic::{AtomicU32, Ordering};

use dtc_expr::{Frame, RowAt, Value};

use crate::plan::Plan;
use crate::record::{Note, Recorder};

/// No record, no life.
const NONE: u32 = u32::MAX;
/// Cells whose kind is remembered.
const KNOWN: usize = 256;
/// Kinds that are told apart.
pub(super) const MOST: usize = 64;
/// Numbers trackers from 1: each counts kinds by itself.
static FAMILIES: AtomicU32 = AtomicU32::new(1);

/// The way of one identity's events through its records.
///
/// A life is what lies between a record's first opening and its last closing. Aggregates count their lives from 0,
/// the one before any opening.
#[derive(Debug, Default)]
pub(super) struct Trail {
    /// Event by event, for each aggregate: its life after the event, and in the lowest bit whether the event
    /// entered it.
    steps: Vec<u32>,
    /// By aggregate and record (in the order of the store): the record's life.
    records: Vec<Vec<u32>>,
    kinds: Kinds,
}

/// Events by what they have in the slot that most conditions ask about.
#[derive(Debug, Default)]
pub(super) struct Kinds {
    slot: Option<usize>,
    /// Of identities of one family a kind is the same.
    pub(super) family: u32,
    /// Event by event; empty where there are too many kinds.
    pub(super) kinds: Vec<u8>,
    /// Kinds that there are, with the place of an event of each.
    pub(super) samples: Vec<(u8, u32)>,
}

impl Trail {
    /// Life of an aggregate after an event, and whether the event entered it.
    #[inline]
    pub(super) fn step(&self, event: usize, aggregate: usize) -> (u32, bool) {
        let step = self.steps[event * self.records.len() + aggregate];
        (step >> 1, step & 1 == 1)
    }

    /// The kinds of the events, where they are known by this slot.
    pub(super) fn kinds(&self, slot: Option<usize>) -> Option<&Kinds> {
        let known = self.kinds.slot.is_some() && self.kinds.slot == slot && !self.kinds.kinds.is_empty();
        known.then_some(&self.kinds)
    }

    /// By record in the order of the store, its life.
    pub(super) fn records(&self, aggregate: usize) -> &[u32] {
        &self.records[aggregate]
    }
}

/// Hears a run and keeps its trail, an identity at a time.
#[derive(Debug, Default)]
pub(super) struct Tracker {
    aggregates: Vec<Tracked>,
    /// By place in the store: aggregate and life.
    places: Vec<(u32, u32)>,
    steps: Vec<u32>,
    /// Two lives had one key, so that the store has lost one.
    lost: bool,
    slot: Option<usize>,
    /// 0: none yet.
    family: u32,
    kinds: Vec<u8>,
    samples: Vec<(u8, u32)>,
    /// Kinds by part and key of the cell, direct-mapped.
    known: Vec<(usize, u32, u8)>,
    /// What the events of each kind have there, and the number of the last identity that had one.
    values: Vec<(Value, u32)>,
    identity: u32,
}

#[derive(Debug, Clone)]
struct Tracked {
    life: u32,
    lives: u32,
    entered: bool,
}

impl Tracker {
    /// Before an identity's first event.
    pub(super) fn start(&mut self, plan: &Plan) {
        self.slot = plan.guards.first_slot();
        if self.family == 0 {
            self.family = FAMILIES.fetch_add(1, Ordering::Relaxed);
        }
        self.kinds.clear();
        self.samples.clear();
        self.known.resize(KNOWN, (usize::MAX, 0, 0));
        self.identity += 1;
        self.aggregates.clear();
        self.aggregates.resize(plan.aggregates.len(), Tracked { life: 0, lives: 1, entered: false });
        self.places.clear();
        self.steps.clear();
        self.lost = false;
    }

    /// After its last record was stored. `None`: it cannot be followed.
    pub(super) fn take(&mut self) -> Option<Trail> {
        if self.lost {
            return None;
        }
        let mut records = vec![Vec::new(); self.aggregates.len()];
        for (aggregate, life) in self.places.drain(..).filter(|(aggregate, _)| *aggregate != NONE) {
            records[aggregate as usize].push(life);
        }
        let all = self.kinds.len() * self.aggregates.len() == self.steps.len();
        let kinds = if all { self.kinds.as_slice().to_vec() } else { Vec::new() };
        let kinds = Kinds { slot: self.slot, family: self.family, kinds, samples: self.samples.as_slice().to_vec() };
        Some(Trail { steps: self.steps.as_slice().to_vec(), records, kinds })
    }

    /// Notes the kind of the event at hand.
    #[inline]
    fn kind(&mut self, row: &RowAt) {
        let Some(slot) = self.slot else { return };
        let (part, key) = (row.part, row.key(slot));
        let place = (key as usize ^ part.wrapping_mul(31)) % KNOWN;
        if (self.known[place].0, self.known[place].1) != (part, key) {
            match self.kind_of(&row.get(slot)) {
                Some(kind) => self.known[place] = (part, key, kind),
                // The events of this identity are looked at themselves.
                None => return,
            }
        }
        let kind = self.known[place].2;
        let last = &mut self.values[usize::from(kind)].1;
        if *last != self.identity {
            *last = self.identity;
            self.samples.push((kind, self.kinds.len() as u32));
        }
        self.kinds.push(kind);
    }

    fn kind_of(&mut self, value: &Value) -> Option<u8> {
        let is = |known: &Value| match (known, value) {
            (Value::Str(known), Value::Str(value)) => known == value,
            (Value::Int(known), Value::Int(value)) => known == value,
            (Value::Bool(known), Value::Bool(value)) => known == value,
            (Value::None, Value::None) => true,
            _ => false,
        };
        let found = self.values.iter().position(|(known, _)| is(known));
        let plain = matches!(value, Value::Str(_) | Value::Int(_) | Value::Bool(_) | Value::None);
        let kind = found.or_else(|| {
            let new = (plain && self.values.len() < MOST).then_some(self.values.len())?;
            self.values.push((value.clone(), 0));
            Some(new)
        });
        kind.and_then(|kind| u8::try_from(kind).ok())
    }

    fn stored(&mut self, aggregate: usize, place: usize) {
        let life = self.aggregates[aggregate].life;
        if self.places.len() <= place {
            self.places.resize(place + 1, (NONE, NONE));
        }
        let known = &mut self.places[place];
        self.lost |= known.0 != NONE && known.1 != life;
        *known = (aggregate as u32, life);
    }
}

impl Recorder for Tracker {
    const LISTENS: bool = false;

    #[inline]
    fn note(&mut self, frame: &Frame, note: Note<'_>) {
        match note {
            Note::Enter { aggregate } => {
                // Windows enter nothing; their aggregates come behind.
                if let Some(tracked) = self.aggregates.get_mut(aggregate) {
                    tracked.entered = true;
                }
            }
            Note::Opened { aggregate, stored: false, .. } => {
                let tracked = &mut self.aggregates[aggregate];
                tracked.life = tracked.lives;
                tracked.lives += 1;
            }
            Note::Restored { aggregate, place } => {
                self.aggregates[aggregate].life = self.places.get(place).map_or(NONE, |(_, life)| *life);
            }
            Note::Stored { aggregate, place } => self.stored(aggregate, place),
            Note::Done => {
                self.kind(&frame.row);
                for tracked in &mut self.aggregates {
                    self.steps.push(tracked.life << 1 | u32::from(std::mem::take(&mut tracked.entered)));
                }
            }
            _ => {}
        }
    }
}
