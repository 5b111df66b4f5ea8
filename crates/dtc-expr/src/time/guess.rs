//! Dates as people write them, read the way `dateutil.parser.parse` reads the common forms.
//!
//! What dateutil fills in from today's date is refused (no year) or the first (no day, no month):
//! the result of a run must not depend on when it runs.

use super::{Civil, DateTime, iso};

/// How `01/02/03` is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Guess {
    pub day_first: bool,
    pub year_first: bool,
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const LONG_MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// 1 to 12 for a month's name or its first three letters (also `sept`).
pub(super) fn month_number(word: &str) -> Option<u32> {
    let word = word.to_ascii_lowercase();
    let place = MONTHS
        .iter()
        .position(|short| *short == word)
        .or_else(|| LONG_MONTHS.iter().position(|long| *long == word))
        .or_else(|| (word == "sept").then_some(8))?;
    u32::try_from(place + 1).ok()
}

fn is_weekday(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    WEEKDAYS.iter().any(|day| *day == word || (word.len() >= 3 && day.starts_with(&word)))
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Token<'a> {
    Number(&'a str),
    Word(&'a str),
    Sign(char),
}

fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let kind = |c: char| (c.is_ascii_digit(), c.is_alphabetic());
        let length = match kind(first) {
            (true, _) => rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()),
            (_, true) => rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (token, tail) = rest.split_at(length);
        if first.is_ascii_digit() {
            found.push(Token::Number(token));
        } else if first.is_alphabetic() {
            found.push(Token::Word(token));
        } else {
            found.push(Token::Sign(first));
        }
        rest = tail;
        if found.len() > 64 {
            return None;
        }
    }
    Some(found)
}

#[derive(Default)]
struct Reading<'a> {
    numbers: Vec<&'a str>,
    /// The place among `numbers` at which the month's name stood.
    named_month: Option<(usize, u32)>,
    time: Option<(u32, u32, u32, u32)>,
    afternoon: Option<bool>,
    offset: Option<i32>,
}

pub(super) fn parse(text: &str, guess: Guess) -> Option<DateTime> {
    let tokens = tokens(text.trim())?;
    let mut reading = Reading::default();
    let mut at = 0;
    while at < tokens.len() {
        at = read(&tokens, at, &mut reading)?;
    }
    reading.finish(guess)
}

fn read<'a>(tokens: &[Token<'a>], at: usize, reading: &mut Reading<'a>) -> Option<usize> {
    let next = tokens.get(at + 1).copied();
    match tokens[at] {
        Token::Number(hour) if next == Some(Token::Sign(':')) && reading.time.is_none() => {
            clock(tokens, at, hour, reading)
        }
        Token::Number(hour) if half_follows(tokens, at) => {
            reading.time = Some((hour.parse().ok()?, 0, 0, 0));
            Some(at + 1)
        }
        Token::Number(_) if reading.numbers.is_empty() && reading.time.is_some() && next == Some(Token::Sign('-')) => {
            dashed(tokens, at, reading)
        }
        Token::Number(digits) if matches!(digits.len(), 8 | 12 | 14) && reading.numbers.is_empty() => {
            compact(digits, reading)?;
            Some(at + 1)
        }
        Token::Number(digits)
            if matches!(digits.len(), 4 | 6) && reading.numbers.len() == 3 && reading.time.is_none() =>
        {
            compact_time(digits, reading)?;
            Some(at + 1)
        }
        Token::Number(digits) => {
            reading.numbers.push(digits);
            (reading.numbers.len() <= 3).then_some(at + 1)
        }
        Token::Sign('+' | '-') if reading.time.is_some() && reading.offset.is_none_or(|o| o == 0) => {
            zone(tokens, at, reading)
        }
        Token::Sign(sign) => " -/.,:;()'".contains(sign).then_some(at + 1),
        Token::Word(word) => self::word(word, reading).then_some(at + 1),
    }
}

/// `12 am`, `12am`.
fn half_follows(tokens: &[Token<'_>], at: usize) -> bool {
    let next = tokens[at + 1..].iter().find(|token| **token != Token::Sign(' '));
    matches!(next, Some(Token::Word(word)) if half(word).is_some())
}

/// `2018-03-01` after a time, where a lone `-03` would be a zone.
fn dashed<'a>(tokens: &[Token<'a>], at: usize, reading: &mut Reading<'a>) -> Option<usize> {
    let mut end = at;
    while let Some(token) = tokens.get(end) {
        match token {
            Token::Number(digits) => reading.numbers.push(digits),
            Token::Word(name) => reading.named_month = Some((reading.numbers.len(), month_number(name)?)),
            Token::Sign(_) => return None,
        }
        end += 1;
        if tokens.get(end) != Some(&Token::Sign('-')) {
            break;
        }
        end += 1;
    }
    (reading.numbers.len() <= 3).then_some(end)
}

fn word(word: &str, reading: &mut Reading<'_>) -> bool {
    if let Some(month) = month_number(word) {
        if reading.named_month.is_some() {
            return false;
        }
        reading.named_month = Some((reading.numbers.len(), month));
        return true;
    }
    if let Some(afternoon) = half(word) {
        reading.afternoon = Some(afternoon);
        return reading.time.is_some();
    }
    match word {
        "UTC" | "GMT" | "Z" | "z" | "utc" | "gmt" => {
            reading.offset = Some(0);
            true
        }
        // Names of zones that nobody defined: dateutil warns and stays naive.
        _ if reading.time.is_some()
            && (3..=5).contains(&word.len())
            && word.chars().all(|c| c.is_ascii_uppercase()) =>
        {
            true
        }
        _ => {
            is_weekday(word)
                || ["t", "at", "on", "and", "of", "st", "nd", "rd", "th", "ad"]
                    .contains(&word.to_ascii_lowercase().as_str())
        }
    }
}

fn half(word: &str) -> Option<bool> {
    match word.to_ascii_lowercase().as_str() {
        "am" | "a" => Some(false),
        "pm" | "p" => Some(true),
        _ => None,
    }
}

/// `HH:MM[:SS[.f]]`.
fn clock(tokens: &[Token<'_>], at: usize, hour: &str, reading: &mut Reading<'_>) -> Option<usize> {
    let Some(Token::Number(minute)) = tokens.get(at + 2) else { return None };
    let (mut second, mut micro, mut end) = (0, 0, at + 3);
    if let (Some(Token::Sign(':')), Some(Token::Number(digits))) = (tokens.get(end), tokens.get(end + 1)) {
        second = digits.parse().ok()?;
        end += 2;
        if let (Some(Token::Sign('.' | ',')), Some(Token::Number(digits))) = (tokens.get(end), tokens.get(end + 1)) {
            micro = iso::micros(digits.as_bytes());
            end += 2;
        }
    }
    reading.time = Some((hour.parse().ok()?, minute.parse().ok()?, second, micro));
    Some(end)
}

/// `+0200`, `+02:00`, `-5`. After `GMT` or `UTC` dateutil reads the sign the POSIX way round.
fn zone(tokens: &[Token<'_>], at: usize, reading: &mut Reading<'_>) -> Option<usize> {
    let Some(Token::Number(digits)) = tokens.get(at + 1) else { return None };
    let mut end = at + 2;
    let number: i32 = digits.parse().ok()?;
    let mut seconds = match digits.len() {
        1 | 2 => number * 3600,
        4 => number / 100 * 3600 + number % 100 * 60,
        _ => return None,
    };
    if let (true, Some(Token::Sign(':')), Some(Token::Number(minutes))) =
        (digits.len() == 2, tokens.get(end), tokens.get(end + 1))
    {
        seconds += minutes.parse::<i32>().ok()? * 60;
        end += 2;
    }
    let negative = tokens[at] == Token::Sign('-');
    let after_name = reading.offset == Some(0);
    reading.offset = Some(if negative != after_name { -seconds } else { seconds });
    (seconds < 86_400).then_some(end)
}

fn compact<'a>(digits: &'a str, reading: &mut Reading<'a>) -> Option<()> {
    reading.numbers.extend([&digits[..4], &digits[4..6], &digits[6..8]]);
    if digits.len() > 8 { compact_time(&digits[8..], reading) } else { Some(()) }
}

fn compact_time(digits: &str, reading: &mut Reading<'_>) -> Option<()> {
    let second = if digits.len() > 4 { digits[4..6].parse().ok()? } else { 0 };
    reading.time = Some((digits[..2].parse().ok()?, digits[2..4].parse().ok()?, second, 0));
    Some(())
}

impl Reading<'_> {
    fn finish(self, guess: Guess) -> Option<DateTime> {
        let (year, month, day) = self.date(guess)?;
        let mut civil = Civil::date(year, month, day);
        if let Some((hour, minute, second, micro)) = self.time {
            let hour = match self.afternoon {
                Some(_) if !(1..=12).contains(&hour) => return None,
                Some(true) if hour < 12 => hour + 12,
                Some(false) if hour == 12 => 0,
                _ => hour,
            };
            civil = Civil { hour, minute, second, micro, ..civil };
        }
        DateTime::from_civil(civil, self.offset)
    }

    fn date(&self, guess: Guess) -> Option<(i32, u32, u32)> {
        let is_year = |digits: &str| digits.len() > 2 || digits.parse::<u32>().is_ok_and(|n| n > 31);
        let number = |index: usize| self.numbers[index].parse::<u32>().ok();
        let year = |index: usize| full_year(self.numbers[index]);
        if let Some((_, month)) = self.named_month {
            return match self.numbers.len() {
                1 if is_year(self.numbers[0]) => Some((year(0)?, month, 1)),
                2 if is_year(self.numbers[0]) => Some((year(0)?, month, number(1)?)),
                2 => Some((year(1)?, month, number(0)?)),
                _ => None,
            };
        }
        match self.numbers.len() {
            1 if self.numbers[0].len() == 4 => Some((year(0)?, 1, 1)),
            2 if is_year(self.numbers[0]) => Some((year(0)?, number(1)?, 1)),
            2 if is_year(self.numbers[1]) => Some((year(1)?, number(0)?, 1)),
            3 if is_year(self.numbers[0]) || (guess.year_first && !is_year(self.numbers[2])) => {
                let (month, day) = (number(1)?, number(2)?);
                let swap = guess.day_first && day <= 12;
                Some(if swap { (year(0)?, day, month) } else { (year(0)?, month, day) })
            }
            3 => {
                let (first, second) = (number(0)?, number(1)?);
                let day_leads = first > 12 || (guess.day_first && second <= 12);
                let (month, day) = if day_leads { (second, first) } else { (first, second) };
                Some((year(2)?, month, day))
            }
            _ => None,
        }
    }
}

/// Two digits mean the century nearest to 2020; dateutil takes the one nearest to today.
fn full_year(digits: &str) -> Option<i32> {
    let number: i32 = digits.parse().ok()?;
    Some(match (digits.len(), number) {
        (1 | 2, 0..70) => 2000 + number,
        (1 | 2, _) => 1900 + number,
        _ => number,
    })
}

/// For `strptime`'s `%A`, `%B` and their short forms.
pub(super) fn names() -> (&'static [&'static str; 12], &'static [&'static str; 7]) {
    (&LONG_MONTHS, &WEEKDAYS)
}
