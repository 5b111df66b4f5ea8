//! `datetime.strptime`: reads a text by its directives, nothing left over.

use super::guess::names;
use super::{Civil, DateTime, iso};

#[derive(Default)]
struct Fields {
    year: Option<i32>,
    month: Option<u32>,
    day: Option<u32>,
    day_of_year: Option<u32>,
    hour: u32,
    minute: u32,
    second: u32,
    micro: u32,
    afternoon: Option<bool>,
    offset: Option<i32>,
}

pub(super) fn parse(text: &str, format: &str) -> Option<DateTime> {
    let mut fields = Fields::default();
    let mut rest = text;
    let mut directives = format.chars();
    while let Some(character) = directives.next() {
        if character == '%' {
            rest = read(directives.next()?, rest, &mut fields)?;
        } else if character.is_whitespace() {
            rest = rest.trim_start();
        } else {
            let mut characters = rest.chars();
            let found = characters.next()?;
            if !found.eq_ignore_ascii_case(&character) {
                return None;
            }
            rest = characters.as_str();
        }
    }
    if rest.is_empty() { fields.finish() } else { None }
}

/// Up to `most` digits, at least one.
fn number(text: &str, most: usize) -> Option<(u32, &str)> {
    let length = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let value = text.get(..length)?.parse().ok()?;
    Some((value, &text[length..]))
}

fn name<'a>(text: &'a str, names: &[&str], short: bool) -> Option<(u32, &'a str)> {
    for (index, name) in names.iter().enumerate() {
        let wanted = if short { &name[..3] } else { name };
        if text.get(..wanted.len()).is_some_and(|start| start.eq_ignore_ascii_case(wanted)) {
            return Some((u32::try_from(index).ok()?, &text[wanted.len()..]));
        }
    }
    None
}

fn read<'a>(directive: char, text: &'a str, fields: &mut Fields) -> Option<&'a str> {
    let (months, weekdays) = names();
    let rest = match directive {
        'Y' => {
            let digits = text.get(..4)?;
            fields.year = digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())?;
            &text[4..]
        }
        'y' => {
            let digits = text.get(..2)?;
            let (year, rest) = number(digits, 2).filter(|(_, rest)| rest.is_empty())?;
            debug_assert!(rest.is_empty());
            let century = if year < 69 { 2000 } else { 1900 };
            fields.year = Some(century + i32::try_from(year).ok()?);
            &text[2..]
        }
        'm' => set(&mut fields.month, number(text, 2)?),
        'd' | 'e' => set(&mut fields.day, number(text, 2)?),
        'j' => set(&mut fields.day_of_year, number(text, 3)?),
        'H' | 'I' => put(&mut fields.hour, number(text, 2)?),
        'M' => put(&mut fields.minute, number(text, 2)?),
        'S' => put(&mut fields.second, number(text, 2)?),
        'f' => {
            let length = text.bytes().take(6).take_while(u8::is_ascii_digit).count();
            fields.micro = (length > 0).then(|| iso::micros(&text.as_bytes()[..length]))?;
            &text[length..]
        }
        'B' => month(fields, name(text, months, false)?),
        'b' | 'h' => month(fields, name(text, months, true)?),
        'A' => name(text, weekdays, false)?.1,
        'a' => name(text, weekdays, true)?.1,
        'p' => {
            let (half, rest) = name(text, &["am", "pm"], false)?;
            fields.afternoon = Some(half == 1);
            rest
        }
        'z' => {
            let length = text.find(|c: char| !"+-:Zz0123456789".contains(c)).unwrap_or(text.len());
            fields.offset = Some(iso::offset(&text.as_bytes()[..length])?);
            &text[length..]
        }
        'Z' => ["utc", "gmt"]
            .iter()
            .find(|zone| text.get(..3).is_some_and(|start| start.eq_ignore_ascii_case(zone)))
            .map(|_| &text[3..])?,
        'w' | 'u' => number(text, 1)?.1,
        'T' | 'X' => run("%H:%M:%S", text, fields)?,
        'D' | 'x' => run("%m/%d/%y", text, fields)?,
        'c' => run("%a %b %d %H:%M:%S %Y", text, fields)?,
        '%' => text.strip_prefix('%')?,
        _ => return None,
    };
    Some(rest)
}

fn run<'a>(format: &str, text: &'a str, fields: &mut Fields) -> Option<&'a str> {
    let mut rest = text;
    let mut characters = format.chars();
    while let Some(character) = characters.next() {
        rest = match character {
            '%' => read(characters.next()?, rest, fields)?,
            ' ' => rest.trim_start(),
            other => rest.strip_prefix(other)?,
        };
    }
    Some(rest)
}

fn set<'a>(slot: &mut Option<u32>, (value, rest): (u32, &'a str)) -> &'a str {
    *slot = Some(value);
    rest
}

fn put<'a>(slot: &mut u32, (value, rest): (u32, &'a str)) -> &'a str {
    *slot = value;
    rest
}

fn month<'a>(fields: &mut Fields, (index, rest): (u32, &'a str)) -> &'a str {
    fields.month = Some(index + 1);
    rest
}

impl Fields {
    fn finish(self) -> Option<DateTime> {
        let hour = match self.afternoon {
            Some(true) if self.hour < 12 => self.hour + 12,
            Some(false) if self.hour == 12 => 0,
            _ => self.hour,
        };
        let mut civil = Civil::date(self.year.unwrap_or(1900), self.month.unwrap_or(1), self.day.unwrap_or(1));
        if let (Some(day), None) = (self.day_of_year, self.month) {
            let first = super::Date::new(civil.year, 1, 1)?;
            let (_, month, day) = super::Date { days: first.days + i32::try_from(day).ok()? - 1 }.fields();
            civil = Civil::date(civil.year, month, day);
        }
        civil = Civil { hour, minute: self.minute, second: self.second, micro: self.micro, ..civil };
        DateTime::from_civil(civil, self.offset)
    }
}
