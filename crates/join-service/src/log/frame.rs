//! One event as bytes: length, checksum, then kind, mark, time, key and body.

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

const HEAD: usize = 8;
/// Kind, mark, time and length of the key.
const FIXED: usize = 1 + 1 + 8 + 4;

/// Adds the frame.
pub fn encode(key: &str, time_ms: i64, again: bool, kind: &EventKind<Payload>, out: &mut Vec<u8>) {
    let start = out.len();
    out.extend([0; HEAD]);
    out.push(match kind {
        EventKind::Decision(_) => 0,
        EventKind::Reward(_) => 1,
        EventKind::Override => 2,
        EventKind::Activation => 3,
    });
    out.push(u8::from(again));
    out.extend(time_ms.to_le_bytes());
    out.extend((key.len() as u32).to_le_bytes());
    out.extend(key.as_bytes());
    match kind {
        EventKind::Decision(payload) => out.extend(&payload[..]),
        EventKind::Reward(reward) => out.extend(reward.to_le_bytes()),
        EventKind::Override | EventKind::Activation => {}
    }
    let length = (out.len() - start - HEAD) as u32;
    let check = crc32fast::hash(&out[start + HEAD..]);
    out[start..start + 4].copy_from_slice(&length.to_le_bytes());
    out[start + 4..start + HEAD].copy_from_slice(&check.to_le_bytes());
}

/// The first frame and its length; `None` where there is no whole one.
pub fn decode(bytes: &[u8]) -> Option<(Entry<'_>, usize)> {
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
        _ => return None,
    };
    Some((Entry { key, time_ms, again: frame[1] != 0, kind }, HEAD + length))
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
            let (entry, used) = decode(&bytes).unwrap();
            assert_eq!((entry, used), (Entry { key: "schlüssel", time_ms: -7, again: true, kind }, bytes.len()));
            for cut in 0..bytes.len() {
                assert_eq!(decode(&bytes[..cut]), None, "cut at {cut}");
                let mut bad = bytes.clone();
                bad[cut] ^= 1;
                assert_eq!(decode(&bad), None, "flipped at {cut}");
            }
        }
    }
}
