//! One event as bytes: length, checksum, then kind, mark, time, key and body. How far a source was read is a frame of
//! the same shape, before the events that it brought.

use bandit::EventKind;

use crate::event::Payload;

/// An event as the log holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry<'b> {
    pub key: &'b str,
    pub time_ms: i64,
    /// Known as a duplicate when it came, by what may no longer be in the log.
    pub again: bool,
    pub kind: EventKind<Payload>,
}

/// What a frame holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Frame<'b> {
    Event(Entry<'b>),
    Position(Position<'b>),
}

/// The source was read up to here with the next `events` frames; they count together or not at all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position<'b> {
    pub source: &'b str,
    pub place: &'b str,
    pub events: u64,
}

const HEAD: usize = 8;
/// Kind, mark, time and length of the key.
const FIXED: usize = 1 + 1 + 8 + 4;
const POSITION: u8 = 4;

/// Adds the event's frame.
pub fn encode(key: &str, time_ms: i64, again: bool, kind: &EventKind<Payload>, out: &mut Vec<u8>) {
    let reward;
    let (number, body): (u8, &[u8]) = match kind {
        EventKind::Decision(payload) => (0, payload),
        EventKind::Reward(value) => {
            reward = value.to_le_bytes();
            (1, &reward)
        }
        EventKind::Override => (2, &[]),
        EventKind::Activation => (3, &[]),
    };
    add([number, u8::from(again)], time_ms, key, body, out);
}

/// Adds the frame of a source's position.
pub fn encode_position(position: Position<'_>, out: &mut Vec<u8>) {
    add([POSITION, 0], position.events as i64, position.source, position.place.as_bytes(), out);
}

fn add(kind: [u8; 2], number: i64, key: &str, body: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    out.extend([0; HEAD]);
    out.extend(kind);
    out.extend(number.to_le_bytes());
    out.extend((key.len() as u32).to_le_bytes());
    out.extend(key.as_bytes());
    out.extend(body);
    let length = (out.len() - start - HEAD) as u32;
    let check = crc32fast::hash(&out[start + HEAD..]);
    out[start..start + 4].copy_from_slice(&length.to_le_bytes());
    out[start + 4..start + HEAD].copy_from_slice(&check.to_le_bytes());
}

/// The first frame and its length; `None` where there is no whole one.
pub fn decode(bytes: &[u8]) -> Option<(Frame<'_>, usize)> {
    let length = u32::from_le_bytes(bytes.get(..4)?.try_into().ok()?) as usize;
    let check = u32::from_le_bytes(bytes.get(4..HEAD)?.try_into().ok()?);
    let frame = bytes.get(HEAD..HEAD.checked_add(length)?)?;
    if length < FIXED || crc32fast::hash(frame) != check {
        return None;
    }
    let time_ms = i64::from_le_bytes(frame[2..10].try_into().ok()?);
    let key_length = u32::from_le_bytes(frame[10..FIXED].try_into().ok()?) as usize;
    let key = std::str::from_utf8(frame.get(FIXED..FIXED.checked_add(key_length)?)?).ok()?;
    let body = &frame[FIXED + key_length..];
    let kind = match frame[0] {
        0 => EventKind::Decision(body.into()),
        1 => EventKind::Reward(f64::from_le_bytes(body.try_into().ok()?)),
        2 => EventKind::Override,
        3 => EventKind::Activation,
        POSITION => {
            let place = std::str::from_utf8(body).ok()?;
            let position = Position { source: key, place, events: u64::try_from(time_ms).ok()? };
            return Some((Frame::Position(position), HEAD + length));
        }
        _ => return None,
    };
    Some((Frame::Event(Entry { key, time_ms, again: frame[1] != 0, kind }), HEAD + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_back_and_torn_ones_do_not() {
        let kinds = [
            EventKind::Decision(br#""action":"a""#.to_vec().into()),
            EventKind::Reward(-0.5),
            EventKind::Override,
            EventKind::Activation,
        ];
        for kind in kinds {
            let mut bytes = Vec::new();
            encode("schlüssel", -7, true, &kind, &mut bytes);
            let (frame, used) = decode(&bytes).unwrap();
            let entry = Entry { key: "schlüssel", time_ms: -7, again: true, kind };
            assert_eq!((frame, used), (Frame::Event(entry), bytes.len()));
            for cut in 0..bytes.len() {
                assert_eq!(decode(&bytes[..cut]), None, "cut at {cut}");
                let mut bad = bytes.clone();
                bad[cut] ^= 1;
                assert_eq!(decode(&bad), None, "flipped at {cut}");
            }
        }
    }
    #[test]
    fn positions_come_back() {
        let position = Position { source: "kafka", place: "0:17", events: 3 };
        let mut bytes = Vec::new();
        encode_position(position, &mut bytes);
        assert_eq!(decode(&bytes), Some((Frame::Position(position), bytes.len())));
    }
}
