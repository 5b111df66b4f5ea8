//! Moments as texts: `2025-03-03T00:11:33.489Z`.

use std::fmt;

/// Monday, 2025-03-03, in days since 1970.
const START: i64 = 20_150;
pub const DAY: i64 = 86_400_000_000;

/// Microseconds since the start of the data.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub i64);

impl Moment {
    pub fn after_days(days: f64) -> Moment {
        Moment((days * DAY as f64) as i64)
    }

    pub fn plus_seconds(self, seconds: f64) -> Moment {
        Moment(self.0 + (seconds * 1e6) as i64)
    }

    pub fn days(self) -> i64 {
        self.0.div_euclid(DAY)
    }

    pub fn is_weekend(self) -> bool {
        self.days().rem_euclid(7) >= 5
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = date(START + self.days());
        let millis = self.0.rem_euclid(DAY) / 1000;
        let (hour, minute) = (millis / 3_600_000, millis / 60_000 % 60);
        let (second, milli) = (millis / 1000 % 60, millis % 1000);
        write!(out, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
    }
}

/// Year, month and day of a day since 1970, by the calendar's eras of 400 years.
fn date(day: i64) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day_of_month = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day_of_month)
}

#[cfg(test)]
mod tests {
    use super::{DAY, Moment};

    #[test]
    fn moments_read_as_they_should() {
        assert_eq!(Moment(0).to_string(), "2025-03-03T00:00:00.000Z");
        assert_eq!(Moment(-1000).to_string(), "2025-03-02T23:59:59.999Z");
        assert_eq!(Moment(303 * DAY + 3_661_001_000).to_string(), "2025-12-31T01:01:01.001Z");
        assert_eq!(Moment((365 + 361) * DAY).to_string(), "2027-02-27T00:00:00.000Z");
    }
}
