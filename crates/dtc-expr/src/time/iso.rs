//! ISO 8601: the fast path of every event's time.

use super::{Civil, DateTime};

/// `YYYY-MM-DD`, then optionally `T` or a space, `HH[:MM[:SS[.f…]]]` and `Z` or `±HH[[:]MM[[:]SS]]`;
/// the date and the time may come without separators.
pub(super) fn parse(text: &str) -> Option<DateTime> {
    let bytes = text.as_bytes();
    let (mut civil, mut at) = date(bytes)?;
    if at == bytes.len() {
        return DateTime::from_civil(civil, None);
    }
    if !matches!(bytes[at], b'T' | b't' | b' ') {
        return None;
    }
    at = time(bytes, at + 1, &mut civil)?;
    let offset = if at == bytes.len() { None } else { Some(offset(&bytes[at..])?) };
    DateTime::from_civil(civil, offset)
}

fn digits(bytes: &[u8], at: usize, count: usize) -> Option<u32> {
    let mut number = 0;
    for byte in bytes.get(at..at + count)? {
        if !byte.is_ascii_digit() {
            return None;
        }
        number = number * 10 + u32::from(byte - b'0');
    }
    Some(number)
}

fn date(bytes: &[u8]) -> Option<(Civil, usize)> {
    let year = i32::try_from(digits(bytes, 0, 4)?).ok()?;
    if bytes.get(4) == Some(&b'-') {
        let month = digits(bytes, 5, 2)?;
        if bytes.get(7) != Some(&b'-') {
            return None;
        }
        return Some((Civil::date(year, month, digits(bytes, 8, 2)?), 10));
    }
    Some((Civil::date(year, digits(bytes, 4, 2)?, digits(bytes, 6, 2)?), 8))
}

/// Fills in the time of day; gives the place after it.
fn time(bytes: &[u8], start: usize, civil: &mut Civil) -> Option<usize> {
    civil.hour = digits(bytes, start, 2)?;
    let mut at = start + 2;
    let separated = bytes.get(at) == Some(&b':');
    for part in [&mut civil.minute, &mut civil.second] {
        let next = if separated {
            if bytes.get(at) != Some(&b':') {
                return Some(at);
            }
            at + 1
        } else {
            if !bytes.get(at).is_some_and(u8::is_ascii_digit) {
                return Some(at);
            }
            at
        };
        *part = digits(bytes, next, 2)?;
        at = next + 2;
    }
    if matches!(bytes.get(at), Some(b'.' | b',')) {
        let fraction = bytes[at + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if fraction == 0 {
            return None;
        }
        civil.micro = micros(&bytes[at + 1..at + 1 + fraction]);
        at += 1 + fraction;
    }
    Some(at)
}

/// The first six digits of a fraction; more are cut off, as Python does.
pub(super) fn micros(digits: &[u8]) -> u32 {
    (0..6).fold(0, |number, index| number * 10 + digits.get(index).map_or(0, |digit| u32::from(digit - b'0')))
}

/// `Z`, `+02`, `+0200`, `+02:00`, `+02:00:30`: seconds east of UTC.
pub(super) fn offset(bytes: &[u8]) -> Option<i32> {
    let sign = match bytes.first()? {
        b'Z' | b'z' if bytes.len() == 1 => return Some(0),
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let mut seconds = i32::try_from(digits(bytes, 1, 2)?).ok()? * 3600;
    let mut at = 3;
    for unit in [60, 1] {
        if at == bytes.len() {
            break;
        }
        if bytes[at] == b':' {
            at += 1;
        }
        let part = digits(bytes, at, 2)?;
        if part > 59 {
            return None;
        }
        seconds += i32::try_from(part).ok()? * unit;
        at += 2;
    }
    (at == bytes.len() && seconds < 86_400).then_some(sign * seconds)
}
