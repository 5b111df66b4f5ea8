//! Which events have an id that another had before them, found out by partitions of ids.

use std::io;

use rustc_hash::FxHashSet;

use super::bytes::{Decoder, Encoder, Objects};
use super::held::Held;
use super::{Aside, Spot};
use crate::arrivals::{PARTITIONS, partition};

/// Bytes of a partition's ids that go aside together.
const BLOCK: usize = 32 << 10;

/// A bit for each event of each batch.
#[derive(Debug, Default)]
pub(super) struct Repeated {
    bits: Vec<Vec<u64>>,
    pub(super) count: u64,
}

impl Repeated {
    pub(super) fn is(&self, batch: usize, arrival: u32) -> bool {
        let word = self.bits.get(batch).and_then(|bits| bits.get(arrival as usize / 64));
        word.is_some_and(|word| word >> (arrival % 64) & 1 == 1)
    }

    /// Marks events that were not marked before.
    pub(super) fn mark(&mut self, found: &[(usize, u32)]) {
        for (batch, arrival) in found {
            if self.bits.len() <= *batch {
                self.bits.resize(batch + 1, Vec::new());
            }
            let (bits, word) = (&mut self.bits[*batch], *arrival as usize / 64);
            if bits.len() <= word {
                bits.resize(word + 1, 0);
            }
            bits[word] |= 1 << (arrival % 64);
            self.count += 1;
        }
    }
}

/// Puts the ids of a batch aside by partitions of ids, each in order of arrival; nothing where no event has one.
pub(super) fn write(held: &Held, objects: &Objects, aside: &dyn Aside) -> io::Result<Vec<Vec<Spot>>> {
    if held.parts.iter().all(|part| part.id.is_empty()) {
        return Ok(Vec::new());
    }
    let mut encoders: Vec<Encoder<'_>> = (0..PARTITIONS).map(|_| Encoder::new(objects)).collect();
    let mut spots = vec![Vec::new(); PARTITIONS];
    for (part, origin) in held.parts.iter().zip(&held.origins) {
        for row in part.in_order() {
            // Events without an id cannot be told apart: each counts.
            let Some(id) = part.id.get(row as usize).and_then(Option::as_deref) else { continue };
            let partition = usize::from(partition(id));
            let encoder = &mut encoders[partition];
            encoder.number(u64::from(origin.arrival + part.arrival[row as usize]));
            encoder.plain(id);
            if encoder.len() >= BLOCK {
                spots[partition].push(aside.put(encoder.bytes())?);
                encoder.clear();
            }
        }
    }
    for (encoder, spots) in encoders.iter().zip(&mut spots).filter(|(encoder, _)| encoder.len() > 0) {
        spots.push(aside.put(encoder.bytes())?);
    }
    Ok(spots)
}

/// Batch and arrival of the events whose ids came before, of one partition of ids: `blocks` by batch.
pub(super) fn find(
    blocks: impl Iterator<Item = (usize, Spot)>,
    objects: &Objects,
    aside: &dyn Aside,
) -> io::Result<Vec<(usize, u32)>> {
    let mut seen: FxHashSet<Box<str>> = FxHashSet::default();
    let mut found = Vec::new();
    for (batch, spot) in blocks {
        let mut decoder = Decoder::new(aside.get(spot)?, objects);
        while !decoder.is_done() {
            let arrival = decoder.small()?;
            let id = decoder.plain()?;
            if seen.contains(id) {
                found.push((batch, arrival));
            } else {
                seen.insert(Box::from(id));
            }
        }
    }
    Ok(found)
}
