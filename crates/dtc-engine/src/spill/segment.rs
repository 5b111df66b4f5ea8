//! The events of one partition of some parts as bytes, and back as one part.

use std::io;
use std::sync::Arc;

use dtc_expr::rows::Operand;
use dtc_expr::{Columns, RowsBuilder, Value};
use rustc_hash::FxHashMap;

use super::bytes::{Decoder, Encoder, Objects};
use super::damaged;
use super::held::Held;
use crate::arrivals::{Gathered, Origin, Part, hash};
use crate::events::EventRef;

/// Bytes in memory of an event beside its cells: place, time and line, and its entry in the order of a group.
const EVENT: usize = 20 + size_of::<EventRef>();
/// Bytes in memory of a cell and its number.
const CELL: usize = 12;
/// Bytes in memory of an identity beside its text.
const IDENTITY: usize = 64;

/// What memory a segment takes when it is read again.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Size {
    pub(super) events: u32,
    pub(super) weight: usize,
}

/// Some of the identities of a partition: those whose turn it is among `of`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Share {
    pub(super) turn: u64,
    pub(super) of: u64,
}

impl Share {
    fn has(self, name: &str) -> bool {
        self.of <= 1 || (hash(name) >> 20) % self.of == self.turn
    }
}

/// Writes the events of a partition, in order of arrival.
pub(super) fn write(held: &Held, columns: &Columns, partition: usize, encoder: &mut Encoder<'_>) -> Size {
    let slots = columns.kept_width();
    let mut names: FxHashMap<&str, u64> = FxHashMap::default();
    let mut size = Size::default();
    let (mut arrival, mut micros) = (0, 0);
    for (part, origin) in held.parts.iter().zip(&held.origins) {
        for row in part.rows_of(partition) {
            let name = part.name(part.number(row));
            let next = names.len() as u64;
            let number = *names.entry(name).or_insert(next);
            encoder.number(number);
            if number == next {
                encoder.plain(name);
                size.weight += IDENTITY + name.len();
            }
            let at = origin.arrival + part.arrival[row];
            encoder.number(u64::from(at - arrival));
            encoder.signed(part.micros(row).wrapping_sub(micros));
            (arrival, micros) = (at, part.micros(row));
            encoder.number(u64::from(part.line[row]));
            encoder.signed(i64::from(part.offset(row)));
            for slot in 0..slots {
                match part.rows.kept(row, slot) {
                    Some(found) => size.weight += cell(&found, encoder),
                    None => encoder.nothing(),
                }
            }
            size.events += 1;
        }
    }
    size.weight += size.events as usize * (EVENT + slots * CELL);
    size
}

/// Writes a cell; what it takes beside itself in memory.
#[inline]
fn cell(cell: &Operand<'_>, encoder: &mut Encoder<'_>) -> usize {
    match &**cell {
        Value::Str(text) => {
            if encoder.text(text) {
                size_of::<Value>() + cell.weight()
            } else {
                0
            }
        }
        value => {
            encoder.value(value);
            match cell {
                Operand::There(value) => size_of::<Value>() + value.weight(),
                Operand::Here(_) => 0,
            }
        }
    }
}

/// Reads a partition's events, those of `share`, without those that `repeated` knows by their arrival.
pub(super) fn read(
    bytes: Vec<u8>,
    objects: &Objects,
    columns: &Columns,
    (partition, origins): (usize, &Arc<Vec<Origin>>),
    share: Share,
    repeated: impl Fn(u32) -> bool,
) -> io::Result<Part> {
    let slots = columns.kept_width();
    let mut decoder = Decoder::new(bytes, objects);
    let mut rows = RowsBuilder::new(columns);
    let mut gathered = Gathered::default();
    // By the number in the bytes, the number here.
    let mut names: Vec<Option<u32>> = Vec::new();
    let (mut arrival, mut micros) = (0_u32, 0_i64);
    while !decoder.is_done() {
        let number = decoder.small()? as usize;
        if number == names.len() {
            let name = decoder.plain()?;
            names.push(share.has(name).then(|| gathered.names.push(name)));
        }
        let identity = *names.get(number).ok_or_else(damaged)?;
        arrival = arrival.checked_add(decoder.small()?).ok_or_else(damaged)?;
        micros = micros.wrapping_add(decoder.signed()?);
        let line = decoder.small()?;
        let offset = i32::try_from(decoder.signed()?).map_err(|_| damaged())?;
        for slot in 0..slots {
            rows.set_kept(slot, decoder.any()?);
        }
        let Some(identity) = identity.filter(|_| !repeated(arrival)) else { continue };
        if rows.is_full() {
            return Err(io::Error::other("a part of the data is too large for one table; use more memory"));
        }
        rows.push();
        gathered.identity.push(identity);
        gathered.micros.push(micros);
        gathered.offset.push(offset);
        gathered.line.push(line);
        gathered.arrival.push(arrival);
    }
    gathered.rows = rows.finish();
    Ok(Part::of_partition(partition, gathered, origins.clone()))
}
