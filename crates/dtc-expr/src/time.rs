//! Python's `datetime`, `date` and `timedelta` as plain numbers.
//!
//! Knows the calendar, never the clock: nothing here can ask what time it is.

mod civil;
mod format;
mod guess;
mod iso;
mod scan;
mod text;

use std::hash::{Hash, Hasher};

pub(crate) use civil::{Civil, days_in_month};
pub(crate) use format::{format_time, is_directive_format, letters_to_directives};
pub(crate) use guess::Guess;
pub use iso::KnownDay;
pub(crate) use text::{offset_text, zone_repr};

pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const DAY: i64 = 86_400 * SECOND;

/// Microseconds since 1970-01-01: of UTC when `offset` is known, of the wall clock when naive.
#[derive(Debug, Clone, Copy)]
pub struct DateTime {
    pub micros: i64,
    /// Seconds east of UTC, kept as written; `None` for a naive datetime.
    pub offset: Option<i32>,
}

/// A span of time in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeDelta {
    pub micros: i64,
}

/// A calendar date: days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    pub days: i32,
}

/// The same instant, or the same wall clock where both are naive; a naive one never equals an
/// aware one.
impl PartialEq for DateTime {
    fn eq(&self, other: &DateTime) -> bool {
        self.micros == other.micros && self.offset.is_some() == other.offset.is_some()
    }
}

impl Eq for DateTime {}

impl Hash for DateTime {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_i64(self.micros);
    }
}

impl DateTime {
    /// From calendar fields; `None` when one of them is out of range.
    pub(crate) fn from_civil(civil: Civil, offset: Option<i32>) -> Option<DateTime> {
        let wall = civil.micros()?;
        Some(DateTime { micros: wall - i64::from(offset.unwrap_or(0)) * SECOND, offset })
    }

    /// Microseconds of the wall clock that the datetime shows.
    pub(crate) fn wall(self) -> i64 {
        self.micros.saturating_add(i64::from(self.offset.unwrap_or(0)) * SECOND)
    }

    pub(crate) fn civil(self) -> Civil {
        Civil::from_micros(self.wall())
    }

    pub(crate) fn date(self) -> Date {
        Date { days: i32::try_from(self.wall().div_euclid(DAY)).unwrap_or_default() }
    }

    /// A naive datetime read as UTC; an aware one unchanged.
    pub fn or_utc(self) -> DateTime {
        DateTime { offset: self.offset.or(Some(0)), ..self }
    }

    /// The same instant (or the same wall clock) later by `delta`; `None` past the years 1 to 9999.
    pub(crate) fn add(self, delta: TimeDelta) -> Option<DateTime> {
        let moved = DateTime { micros: self.micros.checked_add(delta.micros)?, ..self };
        civil::in_range(moved.wall()).then_some(moved)
    }

    /// ISO 8601 as Python's `datetime.fromisoformat` of 3.11 reads it.
    pub fn parse_iso(text: &str) -> Option<DateTime> {
        iso::parse(text)
    }

    /// As `dateutil.parser.parse` reads the common forms: ISO 8601, `2018/03/01 10:20`,
    /// `Mar 1, 2018 10:20 PM`, RFC 2822 and the like.
    pub fn parse(text: &str) -> Option<DateTime> {
        iso::parse(text).or_else(|| guess::parse(text, Guess::default()))
    }

    pub(crate) fn parse_with(text: &str, guess: Guess) -> Option<DateTime> {
        if guess == Guess::default() { DateTime::parse(text) } else { guess::parse(text, guess) }
    }

    /// As `datetime.strptime` with the given directives.
    pub fn parse_format(text: &str, format: &str) -> Option<DateTime> {
        scan::parse(text, format)
    }

    /// `2018-03-01T10:20:30+00:00`; microseconds only when they are not zero.
    pub fn isoformat(self) -> String {
        self.text('T')
    }
}
