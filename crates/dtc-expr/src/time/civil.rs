//! Years, months and days from and to counts of days: the proleptic Gregorian calendar.

use super::{DAY, Date, SECOND};

/// Calendar fields, ranges not checked until `micros`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Civil {
    pub year: i32,
    pub month: u32,
    pub day: u32,
    pub hour: u32,
    pub minute: u32,
    pub second: u32,
    pub micro: u32,
}

impl Civil {
    pub(crate) fn date(year: i32, month: u32, day: u32) -> Civil {
        Civil { year, month, day, hour: 0, minute: 0, second: 0, micro: 0 }
    }

    /// Microseconds since 1970-01-01 of this wall clock, if every field is in Python's range.
    pub(crate) fn micros(self) -> Option<i64> {
        let date = Date::new(self.year, self.month, self.day)?;
        if self.hour > 23 || self.minute > 59 || self.second > 59 || self.micro > 999_999 {
            return None;
        }
        let seconds = self.hour * 3600 + self.minute * 60 + self.second;
        Some(i64::from(date.days) * DAY + i64::from(seconds) * SECOND + i64::from(self.micro))
    }

    pub(crate) fn from_micros(micros: i64) -> Civil {
        let days = micros.div_euclid(DAY);
        let rest = micros.rem_euclid(DAY);
        let (year, month, day) = date_of(days);
        let seconds = u32::try_from(rest / SECOND).unwrap_or_default();
        Civil {
            year,
            month,
            day,
            hour: seconds / 3600,
            minute: seconds / 60 % 60,
            second: seconds % 60,
            micro: u32::try_from(rest % SECOND).unwrap_or_default(),
        }
    }
}

/// Python's years 1 to 9999.
pub(super) fn in_range(wall: i64) -> bool {
    (days_of(1, 1, 1) * DAY..days_of(10_000, 1, 1) * DAY).contains(&wall)
}

pub(crate) fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

pub(crate) fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01. Counts years from March, so that the leap day comes last.
fn days_of(year: i32, month: u32, day: u32) -> i64 {
    let shifted = i64::from(year) - i64::from(month <= 2);
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let month_from_march = (i64::from(month) + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn date_of(days: i64) -> (i32, u32, u32) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let narrow = |number: i64| u32::try_from(number).unwrap_or_default();
    (i32::try_from(year).unwrap_or_default(), narrow(month), narrow(day))
}

impl Date {
    pub(crate) fn new(year: i32, month: u32, day: u32) -> Option<Date> {
        let valid =
            (1..=9999).contains(&year) && (1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&day);
        valid.then(|| Date { days: i32::try_from(days_of(year, month, day)).unwrap_or_default() })
    }

    pub(crate) fn fields(self) -> (i32, u32, u32) {
        date_of(i64::from(self.days))
    }

    /// Days since the year 1, 1 for its first day.
    pub(crate) fn ordinal(self) -> i64 {
        i64::from(self.days) + 719_163
    }

    pub(crate) fn from_ordinal(ordinal: i64) -> Option<Date> {
        let days = ordinal.checked_sub(719_163)?;
        in_range(days.checked_mul(DAY)?).then(|| Date { days: i32::try_from(days).unwrap_or_default() })
    }

    /// Monday is 0.
    pub(crate) fn weekday(self) -> i64 {
        (i64::from(self.days) + 3).rem_euclid(7)
    }

    /// January 1st is 1.
    pub(crate) fn day_of_year(self) -> i64 {
        let (year, _, _) = self.fields();
        i64::from(self.days) - days_of(year, 1, 1) + 1
    }

    /// ISO year, week and weekday (Monday is 1).
    pub(crate) fn iso_calendar(self) -> (i64, i64, i64) {
        let weekday = self.weekday();
        let thursday = Date { days: self.days + i32::try_from(3 - weekday).unwrap_or_default() };
        let (year, _, _) = thursday.fields();
        (i64::from(year), (thursday.day_of_year() - 1) / 7 + 1, weekday + 1)
    }
}
