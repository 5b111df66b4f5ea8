//! Events in the shapes that are measured, one JSON object a line. The same shape, numbers and seed give
//! the same bytes on every machine: no hash order, no clock, and no mathematics of the system's.

mod deep;
mod dice;
pub mod journeys;
mod moment;
mod offer;
mod singles;
mod wide;

use std::io::{self, Write};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A game's events: launches, games, offers and purchases (sample-data/README.md).
    Offer,
    /// 200 fields an event, of which a document reads 12.
    Wide,
    /// Objects and lists up to six deep.
    Deep,
    /// A launch by each user and nothing else.
    Singles,
}

impl std::str::FromStr for Shape {
    type Err = ();

    fn from_str(text: &str) -> Result<Shape, ()> {
        match text {
            "offer" => Ok(Shape::Offer),
            "wide" => Ok(Shape::Wide),
            "deep" => Ok(Shape::Deep),
            "singles" => Ok(Shape::Singles),
            _ => Err(()),
        }
    }
}

/// Writes `events` events of about `users` users, in the order of their arrival: some seconds of disorder
/// against their own times.
pub fn write(shape: Shape, events: u64, users: u64, seed: u64, out: &mut dyn Write) -> io::Result<()> {
    match shape {
        Shape::Offer => offer::write(events, users, seed, out),
        Shape::Wide => wide::write(events, users, seed, out),
        Shape::Deep => deep::write(events, users, seed, out),
        Shape::Singles => singles::write(events, seed, out),
    }
}

#[cfg(test)]
mod tests {
    use super::{Shape, write};

    fn made(shape: Shape) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(shape, 500, 10, 1, &mut bytes).unwrap();
        bytes
    }

    /// FNV-1a: told apart from any other bytes, and the same on each machine.
    fn print(bytes: &[u8]) -> u64 {
        bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
    }

    #[test]
    fn every_line_is_an_object_and_bytes_stay_the_same() {
        let prints = [Shape::Offer, Shape::Wide, Shape::Deep, Shape::Singles].map(|shape| {
            let bytes = made(shape);
            let lines: Vec<_> = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
            assert_eq!(lines.len(), 500, "{shape:?}");
            for line in lines {
                let value: serde_json::Value = serde_json::from_slice(line).unwrap();
                assert!(value.is_object(), "{shape:?}");
            }
            print(&bytes)
        });
        assert_eq!(
            prints,
            [5358586669824545095, 12028644298352201704, 1728330994600846205, 11391029679662090193],
            "the data have changed: figures before and after do not compare"
        );
    }
}
