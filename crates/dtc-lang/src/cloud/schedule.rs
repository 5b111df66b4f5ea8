//! Moments at which something starts, as EventBridge Scheduler takes them: `cron(…)` of six fields,
//! `rate(…)`, `at(…)`. Whatever parses is accepted there; the five fields of Unix are refused with their cure.

use std::ops::Range;

use super::Fault;
use crate::codes::BAD_SCHEDULE;
use crate::diagnostic::quote;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Schedule {
    Rate {
        every: u32,
        unit: Unit,
    },
    /// Minutes, hours, days of the month, months, days of the week, years.
    Cron([String; 6]),
    /// Once, at a local moment `yyyy-mm-ddThh:mm:ss`.
    At(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Minutes,
    Hours,
    Days,
}

/// A field of a cron expression: its name, its bounds, its names for numbers, and what it may hold besides.
struct Field {
    name: &'static str,
    least: u32,
    most: u32,
    names: &'static [&'static str],
    /// `?`: no condition.
    blank: bool,
}

const MONTHS: &[&str] = &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS: &[&str] = &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const FIELDS: [Field; 6] = [
    Field { name: "minutes", least: 0, most: 59, names: &[], blank: false },
    Field { name: "hours", least: 0, most: 23, names: &[], blank: false },
    Field { name: "days of the month", least: 1, most: 31, names: &[], blank: true },
    Field { name: "months", least: 1, most: 12, names: MONTHS, blank: false },
    Field { name: "days of the week", least: 1, most: 7, names: DAYS, blank: true },
    Field { name: "years", least: 1970, most: 2199, names: &[], blank: false },
];
const FORMS: &str = "Write `rate(8 hours)`, `cron(0 3 * * ? *)` or `at(2027-01-31T03:00:00)`";

impl Schedule {
    pub fn parse(text: &str) -> Result<Schedule, Fault> {
        let start = text.len() - text.trim_start().len();
        let written = text.trim();
        let inner = |name: &str| written.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
        if let Some(fields) = inner("cron") {
            return cron(fields, start + 5);
        }
        if let Some(rate) = inner("rate") {
            return self::rate(rate, start + 5..start + 5 + rate.len());
        }
        if let Some(moment) = inner("at") {
            return at(moment, start + 3..start + 3 + moment.len());
        }
        let fault = fault(start..start + written.len(), &format!("{} is no schedule", quote(written)), "no form of it");
        // Five or six fields without `cron(…)`.
        let fields = written.split_whitespace().count();
        let bare =
            (5..=6).contains(&fields).then(|| format!("cron({})", of_unix(written).unwrap_or(written.to_owned())));
        match bare.filter(|text| Schedule::parse(text).is_ok()) {
            Some(cured) => Err(fault.help(format!("Write `{cured}`")).instead(cured)),
            None => Err(fault.help(FORMS)),
        }
    }

    /// As AWS reads it.
    pub fn expression(&self) -> String {
        match self {
            Schedule::Rate { every, unit } => {
                let word = unit.word();
                format!("rate({every} {})", if *every == 1 { word.trim_end_matches('s') } else { word })
            }
            Schedule::Cron(fields) => format!("cron({})", fields.join(" ")),
            Schedule::At(moment) => format!("at({moment})"),
        }
    }

    /// How often it comes in a month of thirty days, for estimates of cost.
    pub fn times_a_month(&self) -> f64 {
        match self {
            Schedule::Rate { every, unit } => 30.0 * 24.0 * 60.0 / (f64::from(*every) * unit.minutes()),
            Schedule::At(_) => 0.0,
            Schedule::Cron(fields) => {
                let count = |place: usize| members(&fields[place], &FIELDS[place]) as f64;
                let of_month = if fields[2] == "?" { 31.0 } else { count(2) };
                let of_week = if fields[4] == "?" { 7.0 } else { count(4) };
                count(0) * count(1) * count(3) / 12.0 * (of_month / 31.0) * (of_week / 7.0) * 30.0
            }
        }
    }

    /// In words, where it has a common form.
    pub fn words(&self) -> String {
        match self {
            Schedule::Rate { every: 1, unit } => format!("every {}", unit.word().trim_end_matches('s')),
            Schedule::Rate { every, unit } => format!("every {every} {}", unit.word()),
            Schedule::At(moment) => format!("once, at {}", moment.replace('T', " ")),
            Schedule::Cron(fields) => cron_words(fields),
        }
    }
}

impl Unit {
    fn word(self) -> &'static str {
        match self {
            Unit::Minutes => "minutes",
            Unit::Hours => "hours",
            Unit::Days => "days",
        }
    }
    fn minutes(self) -> f64 {
        match self {
            Unit::Minutes => 1.0,
            Unit::Hours => 60.0,
            Unit::Days => 1440.0,
        }
    }
}

fn fault(at: Range<usize>, message: &str, label: &str) -> Fault {
    Fault::new(&BAD_SCHEDULE, at, message, label)
}

fn rate(text: &str, at: Range<usize>) -> Result<Schedule, Fault> {
    let wrong = |label: &str| {
        fault(at.clone(), &format!("{} is no rate", quote(text)), label)
            .help("Write a whole number of minutes, hours or days: `rate(5 minutes)`, `rate(1 hour)`")
    };
    let mut words = text.split_whitespace();
    let (Some(number), Some(unit), None) = (words.next(), words.next(), words.next()) else {
        return Err(wrong("a number and a unit are wanted"));
    };
    let every = number.parse::<u32>().ok().filter(|every| *every > 0).ok_or_else(|| wrong("not a number above 0"))?;
    let unit = match unit.trim_end_matches('s') {
        "minute" => Unit::Minutes,
        "hour" => Unit::Hours,
        "day" => Unit::Days,
        _ => return Err(wrong("not one of minutes, hours, days")),
    };
    // AWS wants the singular for one and the plural for more; written here as it wants it.
    Ok(Schedule::Rate { every, unit })
}

fn at(text: &str, at: Range<usize>) -> Result<Schedule, Fault> {
    let digits = |range: Range<usize>| text.get(range).and_then(|part| part.parse::<u32>().ok());
    let shape = text.len() == 19
        && text.char_indices().all(|(place, character)| match place {
            4 | 7 => character == '-',
            10 => character == 'T',
            13 | 16 => character == ':',
            _ => character.is_ascii_digit(),
        });
    let inside =
        |range: Range<usize>, least: u32, most: u32| digits(range).is_some_and(|value| (least..=most).contains(&value));
    let days = match (digits(5..7), digits(0..4)) {
        (Some(2), Some(year)) => 28 + u32::from(year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)),
        (Some(4 | 6 | 9 | 11), _) => 30,
        _ => 31,
    };
    let good = shape
        && inside(5..7, 1, 12)
        && inside(8..10, 1, days)
        && inside(11..13, 0, 23)
        && inside(14..16, 0, 59)
        && inside(17..19, 0, 59);
    match good {
        true => Ok(Schedule::At(text.to_owned())),
        false => Err(fault(at, &format!("{} is no moment", quote(text)), "not `yyyy-mm-ddThh:mm:ss`")
            .help("Write a moment without a zone, such as `at(2027-01-31T03:00:00)`; `Zone` says whose clock")),
    }
}

fn cron(text: &str, start: usize) -> Result<Schedule, Fault> {
    let whole = start..start + text.len();
    let mut fields: Vec<(&str, usize)> = Vec::new();
    let mut rest = text;
    while let Some(word) = rest.split_whitespace().next() {
        let from = text.len() - rest.trim_start().len();
        fields.push((word, start + from));
        rest = &text[from + word.len()..];
    }
    if fields.len() != 6 {
        let label = if fields.len() == 1 { "1 field".to_owned() } else { format!("{} fields", fields.len()) };
        let wrong = fault(whole, "A cron expression of AWS has six fields", &label)
            .help("Write minutes, hours, days of the month, months, days of the week, years: `cron(0 3 * * ? *)`");
        let cured = of_unix(text).map(|fields| format!("cron({fields})"));
        return Err(match cured.filter(|text| Schedule::parse(text).is_ok()) {
            Some(cured) => wrong.instead(cured),
            None => wrong,
        });
    }
    for ((word, place), field) in fields.iter().zip(&FIELDS) {
        check_field(word, *place, field)?;
    }
    let ((of_month, _), (of_week, place)) = (fields[2], fields[4]);
    let mut words: Vec<String> = fields.iter().map(|(word, _)| word.to_uppercase()).collect();
    if (of_month == "?") == (of_week == "?") {
        let wrong = fault(
            place..place + of_week.len(),
            "Days are told once: by the month or by the week",
            if of_week == "?" { "neither says anything" } else { "both say something" },
        );
        let side = if of_month == "*" && of_week != "*" { 2 } else { 4 };
        words[side] = if of_week == "?" { "*".to_owned() } else { "?".to_owned() };
        return Err(wrong
            .help("Put `?` for the one that does not matter")
            .instead(format!("cron({})", words.join(" "))));
    }
    let all: [String; 6] = words.try_into().unwrap_or_default();
    Ok(Schedule::Cron(all))
}

fn check_field(text: &str, start: usize, field: &Field) -> Result<(), Fault> {
    if text == "?" && field.blank {
        return Ok(());
    }
    let mut place = start;
    for item in text.split(',') {
        if let Some(label) = wrong_item(item, field) {
            let message = format!("{} is not among the {}", quote(item), field.name);
            let names = match field.names {
                [first, .., last] => format!(", or {first} to {last}"),
                _ => String::new(),
            };
            return Err(fault(place..place + item.len(), &message, &label).help(format!(
                "Write numbers from {} to {}{names}; `*` for all, `1-5`, `1,15` or `*/10` for several",
                field.least, field.most
            )));
        }
        place += item.len() + 1;
    }
    Ok(())
}

/// What is wrong with an item of a field's list.
fn wrong_item(item: &str, field: &Field) -> Option<String> {
    let number = |text: &str| number(text, field);
    let outside = || format!("not from {} to {}", field.least, field.most);
    let (range, step) = match item.split_once('/') {
        Some((range, step)) => (range, Some(step)),
        None => (item, None),
    };
    if let Some(step) = step
        && step.parse::<u32>().ok().is_none_or(|step| step == 0 || step > field.most)
    {
        return Some("the step is no number above 0".to_owned());
    }
    let special = match field.most {
        31 => {
            let day = range.strip_suffix('W').or_else(|| range.strip_prefix("L-"));
            matches!(range, "L" | "LW") || day.is_some_and(|day| number(day).is_some())
        }
        7 => range == "L" || range.strip_suffix('L').is_some_and(|day| number(day).is_some()) || is_nth(range, field),
        _ => false,
    };
    if range == "*" || (special && step.is_none()) {
        return None;
    }
    match range.split_once('-') {
        Some((from, to)) => match (number(from), number(to)) {
            (Some(from), Some(to)) if from <= to || field.most == 7 || field.most == 12 => None,
            (Some(_), Some(_)) => Some("the range runs backwards".to_owned()),
            _ => Some(outside()),
        },
        None => number(range).is_none().then(outside),
    }
}

/// `3#2`: the second Tuesday of a month.
fn is_nth(text: &str, field: &Field) -> bool {
    text.split_once('#').is_some_and(|(day, nth)| {
        number(day, field).is_some() && nth.parse::<u32>().is_ok_and(|nth| (1..=5).contains(&nth))
    })
}

fn number(text: &str, field: &Field) -> Option<u32> {
    if let Some(place) = field.names.iter().position(|name| name.eq_ignore_ascii_case(text)) {
        return u32::try_from(place).ok().map(|place| place + field.least);
    }
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse::<u32>().ok().filter(|value| digits && (field.least..=field.most).contains(value))
}

/// How many values of a field's range an expression of it takes.
fn members(text: &str, field: &Field) -> usize {
    let takes = |value: u32| {
        text.split(',').any(|item| {
            let (range, step) = item.split_once('/').unwrap_or((item, "1"));
            let step = step.parse::<u32>().unwrap_or(1).max(1);
            let (from, to) = match range.split_once('-') {
                Some((from, to)) => (number(from, field), number(to, field)),
                None if range == "*" => (Some(field.least), Some(field.most)),
                None if item.contains('/') => (number(range, field), Some(field.most)),
                None => (number(range, field), number(range, field)),
            };
            match (from, to) {
                (Some(from), Some(to)) if from <= to => {
                    (from..=to).contains(&value) && (value - from).is_multiple_of(step)
                }
                (Some(from), Some(to)) => value >= from || value <= to,
                // `L`, `15W`, `3#2`: one day.
                _ => value == field.least,
            }
        })
    };
    (field.least..=field.most).filter(|value| takes(*value)).count()
}

/// The six fields that say what five fields of Unix say; days of the week begin at 1 there and at 0 here.
fn of_unix(text: &str) -> Option<String> {
    let fields: Vec<&str> = text.split_whitespace().collect();
    let [minutes, hours, of_month, months, of_week] = fields.as_slice() else { return None };
    let week: Option<String> = match *of_week {
        "*" => Some("?".to_owned()),
        days => {
            let shifted = days.split(',').map(|day| {
                let ends: Option<Vec<String>> = day.split('-').map(shifted_day).collect();
                ends.map(|ends| ends.join("-"))
            });
            shifted.collect::<Option<Vec<String>>>().map(|days| days.join(","))
        }
    };
    let of_month = if *of_week != "*" && *of_month == "*" { "?" } else { of_month };
    Some(format!("{minutes} {hours} {of_month} {months} {} *", week?))
}

fn shifted_day(day: &str) -> Option<String> {
    match day.parse::<u32>() {
        Ok(number) if number <= 7 => Some((number % 7 + 1).to_string()),
        Ok(_) => None,
        Err(_) => Some(day.to_owned()),
    }
}

fn cron_words(fields: &[String; 6]) -> String {
    let [minutes, hours, of_month, months, of_week, years] = fields;
    let time = match (minutes.parse::<u32>(), hours.parse::<u32>()) {
        (Ok(minute), Ok(hour)) => format!("at {hour:02}:{minute:02}"),
        (Ok(minute), _) if hours == "*" => format!("at minute {minute} of every hour"),
        _ => return format!("by `{}`", fields.join(" ")),
    };
    if months != "*" || years != "*" {
        return format!("by `{}`", fields.join(" "));
    }
    match (of_month.as_str(), of_week.as_str()) {
        ("*", "?") | ("?", "*") => format!("every day {time}"),
        (day, "?") => format!("{time} on day {day} of the month"),
        (_, days) => format!("{time} on {days}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good(text: &str, words: &str) {
        let schedule = Schedule::parse(text).unwrap();
        assert_eq!(schedule.words(), words, "{text}");
        assert_eq!(Schedule::parse(&schedule.expression()), Ok(schedule), "{text}");
    }

    fn cure(text: &str) -> Option<String> {
        Schedule::parse(text).unwrap_err().instead
    }

    #[test]
    fn schedules_of_aws() {
        good("rate(8 hours)", "every 8 hours");
        good("rate(1 minutes)", "every minute");
        good("cron(0 3 * * ? *)", "every day at 03:00");
        good("cron(15 10 ? * MON-FRI *)", "at 10:15 on MON-FRI");
        good("cron(0 8 L * ? *)", "at 08:00 on day L of the month");
        good("cron(0/10 8-17 ? * 3#2 2026-2030)", "by `0/10 8-17 ? * 3#2 2026-2030`");
        good("at(2028-02-29T23:59:59)", "once, at 2028-02-29 23:59:59");
    }

    #[test]
    fn what_aws_would_refuse() {
        for text in [
            "cron(0 25 * * ? *)",
            "cron(61 3 * * ? *)",
            "cron(0 3 * 13 ? *)",
            "cron(0 3 ? * ? *)",
            "cron(*/0 3 * * ? *)",
            "cron(5-1 3 * * ? *)",
            "rate(0 hours)",
            "rate(2 weeks)",
            "rate(1.5 hours)",
            "at(2027-02-29T00:00:00)",
            "at(2027-02-28)",
            "nightly",
            "",
            "cron()",
        ] {
            assert!(Schedule::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn unix_is_understood() {
        assert_eq!(cure("0 3 * * *").as_deref(), Some("cron(0 3 * * ? *)"));
        assert_eq!(cure("cron(0 3 * * 1-5)").as_deref(), Some("cron(0 3 ? * 2-6 *)"));
        assert_eq!(cure("cron(0 3 * * * *)").as_deref(), Some("cron(0 3 * * ? *)"));
    }

    #[test]
    fn the_place_is_the_field() {
        let fault = Schedule::parse("cron(0 25 * * ? *)").unwrap_err();
        assert_eq!(&"cron(0 25 * * ? *)"[fault.at], "25");
    }

    #[test]
    fn months_are_counted() {
        let times = |text: &str| Schedule::parse(text).unwrap().times_a_month().round();
        assert_eq!(times("rate(8 hours)"), 90.0);
        assert_eq!(times("cron(0 3 * * ? *)"), 30.0);
        assert_eq!(times("cron(0/15 * * * ? *)"), 2880.0);
    }
}
