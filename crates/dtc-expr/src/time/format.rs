//! `strftime`, and the letter formats (`YYYY/mm/dd HH:MM:SS`) that the 2018 documents write.

use super::guess::names;
use super::{DateTime, offset_text};

/// Python's `strftime` in the C locale.
pub(crate) fn format_time(time: DateTime, format: &str) -> String {
    let mut out = String::with_capacity(format.len() + 16);
    let mut characters = format.chars();
    while let Some(character) = characters.next() {
        if character != '%' {
            out.push(character);
            continue;
        }
        match characters.next() {
            Some(directive) => write_directive(time, directive, &mut out),
            None => out.push('%'),
        }
    }
    out
}

fn write_directive(time: DateTime, directive: char, out: &mut String) {
    let c = time.civil();
    let date = time.date();
    let weekday = usize::try_from(date.weekday()).unwrap_or_default();
    let month = usize::try_from(c.month).unwrap_or(1).saturating_sub(1);
    let (months, weekdays) = names();
    let twelve = if c.hour.is_multiple_of(12) { 12 } else { c.hour % 12 };
    let text = match directive {
        'Y' => c.year.to_string(),
        'y' => format!("{:02}", c.year.rem_euclid(100)),
        'm' => format!("{:02}", c.month),
        'd' => format!("{:02}", c.day),
        'e' => format!("{:2}", c.day),
        'H' => format!("{:02}", c.hour),
        'I' => format!("{twelve:02}"),
        'M' => format!("{:02}", c.minute),
        'S' => format!("{:02}", c.second),
        'f' => format!("{:06}", c.micro),
        'p' => if c.hour < 12 { "AM" } else { "PM" }.to_owned(),
        'A' => capital(weekdays[weekday]),
        'a' => capital(&weekdays[weekday][..3]),
        'B' => capital(months[month]),
        'b' | 'h' => capital(&months[month][..3]),
        'j' => format!("{:03}", date.day_of_year()),
        'w' => ((date.weekday() + 1) % 7).to_string(),
        'u' => (date.weekday() + 1).to_string(),
        'U' => format!("{:02}", (date.day_of_year() + 6 - (date.weekday() + 1) % 7) / 7),
        'W' => format!("{:02}", (date.day_of_year() + 6 - date.weekday()) / 7),
        'G' => date.iso_calendar().0.to_string(),
        'V' => format!("{:02}", date.iso_calendar().1),
        'z' => time.offset.map_or(String::new(), |offset| offset_text(offset).replace(':', "")),
        'Z' => match time.offset {
            None => String::new(),
            Some(0) => "UTC".to_owned(),
            Some(offset) => format!("UTC{}", offset_text(offset)),
        },
        's' => time.micros.div_euclid(super::SECOND).to_string(),
        'F' => format_time(time, "%Y-%m-%d"),
        'T' | 'X' => format_time(time, "%H:%M:%S"),
        'R' => format_time(time, "%H:%M"),
        'D' | 'x' => format_time(time, "%m/%d/%y"),
        'c' => format_time(time, "%a %b %e %H:%M:%S %Y"),
        'n' => "\n".to_owned(),
        't' => "\t".to_owned(),
        '%' => "%".to_owned(),
        other => format!("%{other}"),
    };
    out.push_str(&text);
}

fn capital(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map_or(String::new(), |first| first.to_uppercase().chain(characters).collect())
}

pub(crate) fn is_directive_format(format: &str) -> bool {
    format.contains('%')
}

/// `YYYY/mm/dd HH:MM:SS` as directives. `MM` or `mm` means the month until the hour has been named.
pub(crate) fn letters_to_directives(format: &str) -> String {
    let mut out = String::new();
    let mut rest = format;
    let mut hour_seen = false;
    while let Some(first) = rest.chars().next() {
        let run = rest.find(|c| c != first).unwrap_or(rest.len());
        let directive = match (first.to_ascii_lowercase(), run) {
            ('y', 4) => Some("%Y"),
            ('y', 2) => Some("%y"),
            ('d', 1 | 2) => Some("%d"),
            ('h', 1 | 2) => {
                hour_seen = true;
                Some("%H")
            }
            ('m', 1 | 2) => Some(if hour_seen { "%M" } else { "%m" }),
            ('s', 1 | 2) => Some("%S"),
            ('s' | 'f', 3 | 6) => Some("%f"),
            ('z', 1..) => Some("%z"),
            _ => None,
        };
        out.push_str(directive.unwrap_or(&rest[..run]));
        rest = &rest[run..];
    }
    out
}
