//! What a plain scalar means in YAML 1.1, as PyYAML reads it: `on` is true, `1_0` is ten, `1:30` is ninety.

use super::node::{Scalar, Style};

#[derive(Debug, Clone, PartialEq)]
pub enum Plain {
    Null,
    Bool(bool),
    /// Value, where 64 bits hold it.
    Int(Option<i64>),
    Float(f64),
    /// A date or a date with time.
    Timestamp,
    Text,
}

impl Scalar {
    /// The meaning of the scalar: text when it is quoted or tagged as text.
    pub fn resolve(&self) -> Plain {
        if self.style != Style::Plain || self.tag.is_some() {
            return Plain::Text;
        }
        resolve(&self.text)
    }
}

fn resolve(text: &str) -> Plain {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Plain::Null,
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => return Plain::Bool(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => return Plain::Bool(false),
        ".nan" | ".NaN" | ".NAN" => return Plain::Float(f64::NAN),
        _ => {}
    }
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) {
        return Plain::Text;
    }
    if is_timestamp(text) {
        return Plain::Timestamp;
    }
    number(text).unwrap_or(Plain::Text)
}

fn number(text: &str) -> Option<Plain> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    if matches!(digits, ".inf" | ".Inf" | ".INF") {
        return Some(Plain::Float(if negative { f64::NEG_INFINITY } else { f64::INFINITY }));
    }
    if let Some(value) = integer(digits) {
        return Some(Plain::Int(value.and_then(|v| if negative { v.checked_neg() } else { Some(v) })));
    }
    // `.5` takes no sign in YAML 1.1.
    if digits.starts_with('.') && digits.len() != text.len() {
        return None;
    }
    float(digits).map(|value| Plain::Float(if negative { -value } else { value }))
}

/// `Some(None)`: an integer that 64 bits do not hold.
fn integer(digits: &str) -> Option<Option<i64>> {
    let radix = |body: &str, radix: u32| -> Option<Option<i64>> {
        let clean: String = body.chars().filter(|c| *c != '_').collect();
        (!body.is_empty() && body.chars().all(|c| c == '_' || c.is_digit(radix)))
            .then(|| i64::from_str_radix(&clean, radix).ok())
    };
    if let Some(body) = digits.strip_prefix("0b") {
        return radix(body, 2);
    }
    if let Some(body) = digits.strip_prefix("0x") {
        return radix(body, 16);
    }
    if digits == "0" {
        return Some(Some(0));
    }
    if let Some(body) = digits.strip_prefix('0') {
        return radix(body, 8);
    }
    if !digits.starts_with(|c: char| ('1'..='9').contains(&c)) {
        return None;
    }
    if digits.contains(':') {
        return sixties(digits)
            .map(|parts| parts.into_iter().try_fold(0_i64, |sum, part| sum.checked_mul(60)?.checked_add(part)));
    }
    radix(digits, 10)
}

/// `190:20:30` as its parts: the first free, the others below sixty.
fn sixties(digits: &str) -> Option<Vec<i64>> {
    let mut parts = Vec::new();
    for (index, part) in digits.split(':').enumerate() {
        let clean: String = part.chars().filter(|c| *c != '_').collect();
        let allowed = if index == 0 { !part.is_empty() } else { matches!(part.len(), 1 | 2) && !part.contains('_') };
        let value: i64 = clean.parse().ok().filter(|_| clean.bytes().all(|b| b.is_ascii_digit()))?;
        if !allowed || (index > 0 && value > 59) {
            return None;
        }
        parts.push(value);
    }
    Some(parts)
}

fn float(digits: &str) -> Option<f64> {
    let (body, exponent) = match digits.find(['e', 'E']) {
        Some(at) => (&digits[..at], Some(&digits[at + 1..])),
        None => (digits, None),
    };
    // YAML 1.1 wants the dot, and a sign in the exponent: `1e5` is text.
    let (whole, fraction) = body.split_once('.')?;
    if !fraction.chars().all(|c| c.is_ascii_digit() || c == '_') {
        return None;
    }
    if let Some(exponent) = exponent {
        let rest = exponent.strip_prefix(['+', '-'])?;
        if rest.is_empty() || !rest.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
    }
    let fraction_digits: String = fraction.chars().filter(|c| *c != '_').collect();
    if whole.contains(':') {
        let parts = sixties(whole).filter(|_| exponent.is_none())?;
        let sum = parts.into_iter().fold(0.0, |sum, part| sum * 60.0 + part as f64);
        return format!("0.{fraction_digits}0").parse::<f64>().ok().map(|part| sum + part);
    }
    let starts_well =
        whole.chars().next().map_or(fraction.starts_with(|c: char| c.is_ascii_digit()), |c| c.is_ascii_digit());
    if !starts_well || !whole.chars().all(|c| c.is_ascii_digit() || c == '_') {
        return None;
    }
    let whole_digits: String = whole.chars().filter(|c| *c != '_').collect();
    format!("0{whole_digits}.{fraction_digits}0e{}", exponent.unwrap_or("+0")).parse().ok()
}

/// `2018-03-01`, or with a time after `T` or blanks.
fn is_timestamp(text: &str) -> bool {
    let digits = |part: &str, least: usize, most: usize| {
        (least..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    };
    let (date, time) = match text.find(['T', 't', ' ', '\t']) {
        Some(at) => (&text[..at], Some(text[at + 1..].trim_start_matches([' ', '\t']))),
        None => (text, None),
    };
    let parts: Vec<&str> = date.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let Some(time) = time else {
        return digits(year, 4, 4) && digits(month, 2, 2) && digits(day, 2, 2);
    };
    let clock_end = time.find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.'))).unwrap_or(time.len());
    let (clock, zone) = time.split_at(clock_end);
    let (whole, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let clock_parts: Vec<&str> = whole.split(':').collect();
    let [hour, minute, second] = clock_parts.as_slice() else { return false };
    digits(year, 4, 4)
        && digits(month, 1, 2)
        && digits(day, 1, 2)
        && digits(hour, 1, 2)
        && digits(minute, 2, 2)
        && digits(second, 2, 2)
        && fraction.bytes().all(|b| b.is_ascii_digit())
        && is_zone(zone.trim_start_matches([' ', '\t']))
}

fn is_zone(zone: &str) -> bool {
    let Some(rest) = zone.strip_prefix(['+', '-']) else {
        return zone.is_empty() || zone == "Z";
    };
    let (hours, minutes) = rest.split_once(':').unwrap_or((rest, "00"));
    matches!(hours.len(), 1 | 2)
        && minutes.len() == 2
        && hours.bytes().chain(minutes.bytes()).all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_mean_what_pyyaml_reads() {
        for (text, meaning) in [
            ("on", Plain::Bool(true)),
            ("NO", Plain::Bool(false)),
            ("y", Plain::Text),
            ("~", Plain::Null),
            ("0x1F", Plain::Int(Some(31))),
            ("010", Plain::Int(Some(8))),
            ("0o17", Plain::Text),
            ("0b1_1", Plain::Int(Some(3))),
            ("1_0", Plain::Int(Some(10))),
            ("-7", Plain::Int(Some(-7))),
            ("+3", Plain::Int(Some(3))),
            ("09", Plain::Text),
            ("1:30", Plain::Int(Some(90))),
            ("190:20:30", Plain::Int(Some(685_230))),
            ("1:60", Plain::Text),
            ("99999999999999999999", Plain::Int(None)),
            ("1.5", Plain::Float(1.5)),
            ("1e5", Plain::Text),
            ("1.0e+2", Plain::Float(100.0)),
            (".5", Plain::Float(0.5)),
            ("-.5", Plain::Text),
            ("1:30.5", Plain::Float(90.5)),
            ("-.inf", Plain::Float(f64::NEG_INFINITY)),
            ("2018-03-01", Plain::Timestamp),
            ("2018-3-1", Plain::Text),
            ("2018-3-1 1:02:03.5 +2", Plain::Timestamp),
            ("2018-03-01T01:02:03Z", Plain::Timestamp),
            ("1.2.3", Plain::Text),
            (".", Plain::Text),
            ("-", Plain::Text),
            ("", Plain::Null),
        ] {
            assert_eq!(resolve(text), meaning, "{text}");
        }
    }
}
