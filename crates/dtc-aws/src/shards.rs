//! A map from texts to bytes as objects of at most some megabytes each: by hash of the key, packed. Twice as
//! many objects where one would grow too large.

use std::collections::BTreeMap;
use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

/// Unpacked bytes of an object past which there are twice as many.
pub(crate) const SHARD_BYTES: usize = 8 << 20;

/// A key's place in order of first appearance, and what is kept of it.
pub(crate) type Entry = (u64, Vec<u8>);
pub(crate) type Entries = BTreeMap<String, Entry>;

/// Which of `2^bits` objects holds a key.
pub(crate) fn shard_of(key: &str, bits: u32) -> usize {
    let hash = key
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let mixed = hash ^ (hash >> 32);
    (mixed & ((1_u64 << bits) - 1)) as usize
}

/// Unpacked bytes of an object.
pub(crate) fn size(entries: &Entries) -> usize {
    entries.iter().map(|(key, (_, bytes))| 16 + key.len() + bytes.len()).sum()
}

pub(crate) fn pack(entries: &Entries) -> std::io::Result<Vec<u8>> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    for (key, (place, bytes)) in entries {
        packed.write_all(&place.to_le_bytes())?;
        for part in [key.as_bytes(), bytes] {
            packed.write_all(&(part.len() as u32).to_le_bytes())?;
            packed.write_all(part)?;
        }
    }
    packed.finish()
}

/// What `pack` made; `None` for anything else. Damage is found by gzip's own checksum.
pub(crate) fn unpack(packed: &[u8]) -> Option<Entries> {
    let mut bytes = Vec::new();
    GzDecoder::new(packed).read_to_end(&mut bytes).ok()?;
    let mut rest = bytes.as_slice();
    let mut entries = Entries::new();
    while !rest.is_empty() {
        let place = u64::from_le_bytes(*take(&mut rest, 8)?.first_chunk()?);
        let key = part(&mut rest)?;
        let value = part(&mut rest)?;
        entries.insert(String::from_utf8(key.to_vec()).ok()?, (place, value.to_vec()));
    }
    Some(entries)
}

fn part<'b>(rest: &mut &'b [u8]) -> Option<&'b [u8]> {
    let length = u32::from_le_bytes(*take(rest, 4)?.first_chunk()?);
    take(rest, length as usize)
}

fn take<'b>(rest: &mut &'b [u8], count: usize) -> Option<&'b [u8]> {
    let (taken, left) = rest.split_at_checked(count)?;
    *rest = left;
    Some(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_back_and_damage_does_not() {
        let entry = |number: u64| (format!("key ü {number}"), (number, vec![number as u8; number as usize]));
        let entries: Entries = (0..50).map(entry).collect();
        let packed = pack(&entries).expect("memory takes all of it");
        assert_eq!(unpack(&packed).as_ref(), Some(&entries));
        for place in 12..packed.len() {
            let mut damaged = packed.clone();
            damaged[place] ^= 4;
            assert_ne!(unpack(&damaged).as_ref(), Some(&Entries::new()), "byte {place}");
            assert!(unpack(&damaged).is_none_or(|read| read == entries), "byte {place}");
        }
        assert!(unpack(&packed[..packed.len() - 9]).is_none());
    }

    #[test]
    fn twice_as_many_objects_split_each_in_two() {
        for number in 0..1000 {
            let key = number.to_string();
            let (few, many) = (shard_of(&key, 3), shard_of(&key, 4));
            assert!(many == few || many == few + 8);
        }
        let first = (0..1000).filter(|number| shard_of(&number.to_string(), 1) == 0).count();
        assert!((300..700).contains(&first), "{first}");
    }
}
