//! ISO 8601: the fast path of every event's time.

use super::{Civil, DateTime, SECOND};

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

/// The date that the last time had, so that times of the same day need no calendar.
#[derive(Debug, Clone, Copy, Default)]
pub struct KnownDay {
    text: [u8; 10],
    midnight: i64,
}

impl KnownDay {
    /// `YYYY-MM-DDTHH:MM:SS[.f…]Z`, as most logs have it; `None` says nothing about other forms.
    #[inline]
    pub fn time(&mut self, bytes: &[u8]) -> Option<DateTime> {
        let (date, rest) = bytes.split_first_chunk::<10>()?;
        let (clock, rest) = rest.split_first_chunk::<9>()?;
        let digit = |place: usize| u32::from(clock[place].wrapping_sub(b'0'));
        let pair = |place: usize| digit(place) * 10 + digit(place + 1);
        let digits = [1, 2, 4, 5, 7, 8].iter().fold(0, |most, place| digit(*place).max(most));
        let (hour, minute, second) = (pair(1), pair(4), pair(7));
        let separated = clock[0] == b'T' && clock[3] == b':' && clock[6] == b':';
        if !separated || digits > 9 || hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let fraction = match rest {
            [b'Z'] => 0,
            [b'.', digits @ .., b'Z'] if (1..=6).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit) => {
                micros(digits)
            }
            _ => return None,
        };
        if *date != self.text {
            let (civil, 10) = self::date(date)? else { return None };
            *self = KnownDay { text: *date, midnight: DateTime::from_civil(civil, Some(0))?.micros };
        }
        let seconds = i64::from((hour * 60 + minute) * 60 + second);
        Some(DateTime { micros: self.midnight + seconds * SECOND + i64::from(fraction), offset: Some(0) })
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_day_gives_what_a_calendar_gives() {
        let mut day = KnownDay::default();
        for date in ["2024-02-29", "2024-02-29", "1969-12-31", "0001-01-01", "9999-12-31"] {
            for clock in ["00:00:00", "23:59:59", "12:34:56.7", "12:34:56.000001"] {
                let text = format!("{date}T{clock}Z");
                let found = day.time(text.as_bytes()).map(|time| (time.micros, time.offset));
                assert_eq!(found, parse(&text).map(|time| (time.micros, time.offset)), "{text}");
                assert!(found.is_some());
            }
        }
        for text in [
            "2023-02-29T00:00:00Z",
            "2024-02-29T24:00:00Z",
            "2024-02-29T00:60:00Z",
            "2024-02-29T00:00:60Z",
            "2024-02-29T00:0:000Z",
            "2024-02-29T00:00:00.Z",
            "2024-02-29T00:00:00",
            "2024-02-29T00:00:00.1234567Z",
            "2024-02-29T00:00:/0Z",
            "20240229T000000.000Z",
            "",
        ] {
            assert!(day.time(text.as_bytes()).is_none(), "{text}");
        }
    }
}
