//! `str`, `repr` and `isoformat` of datetimes, dates and spans.

use super::{DAY, Date, DateTime, SECOND, TimeDelta};

impl DateTime {
    /// ISO 8601 with the given letter between date and time.
    pub(crate) fn text(self, separator: char) -> String {
        let c = self.civil();
        let mut out = format!(
            "{:04}-{:02}-{:02}{separator}{:02}:{:02}:{:02}",
            c.year, c.month, c.day, c.hour, c.minute, c.second
        );
        if c.micro != 0 {
            out.push_str(&format!(".{:06}", c.micro));
        }
        if let Some(offset) = self.offset {
            out.push_str(&offset_text(offset));
        }
        out
    }

    pub(crate) fn repr(self) -> String {
        let c = self.civil();
        let mut out = format!("datetime.datetime({}, {}, {}, {}, {}", c.year, c.month, c.day, c.hour, c.minute);
        if c.second != 0 || c.micro != 0 {
            out.push_str(&format!(", {}", c.second));
        }
        if c.micro != 0 {
            out.push_str(&format!(", {}", c.micro));
        }
        if let Some(offset) = self.offset {
            out.push_str(&format!(", tzinfo={}", zone_repr(offset)));
        }
        out.push(')');
        out
    }
}

/// `+02:00`, with seconds only when there are some.
pub(crate) fn offset_text(offset: i32) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let seconds = offset.unsigned_abs();
    let mut out = format!("{sign}{:02}:{:02}", seconds / 3600, seconds / 60 % 60);
    if !seconds.is_multiple_of(60) {
        out.push_str(&format!(":{:02}", seconds % 60));
    }
    out
}

pub(crate) fn zone_repr(offset: i32) -> String {
    if offset == 0 {
        return "datetime.timezone.utc".to_owned();
    }
    let delta = TimeDelta { micros: i64::from(offset) * SECOND };
    format!("datetime.timezone({})", delta.repr())
}

impl Date {
    pub(crate) fn iso(self) -> String {
        let (year, month, day) = self.fields();
        format!("{year:04}-{month:02}-{day:02}")
    }

    pub(crate) fn repr(self) -> String {
        let (year, month, day) = self.fields();
        format!("datetime.date({year}, {month}, {day})")
    }
}

impl TimeDelta {
    /// Days, seconds and microseconds as Python keeps them: only the days can be negative.
    pub(crate) fn parts(self) -> (i64, i64, i64) {
        let rest = self.micros.rem_euclid(DAY);
        (self.micros.div_euclid(DAY), rest / SECOND, rest % SECOND)
    }

    pub fn total_seconds(self) -> f64 {
        // Python divides the count of microseconds, so that one rounding happens.
        self.micros as f64 / 1e6
    }

    pub(crate) fn text(self) -> String {
        let (days, seconds, micros) = self.parts();
        let mut out = String::new();
        if days != 0 {
            let plural = if days.abs() == 1 { "" } else { "s" };
            out.push_str(&format!("{days} day{plural}, "));
        }
        out.push_str(&format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60));
        if micros != 0 {
            out.push_str(&format!(".{micros:06}"));
        }
        out
    }

    pub(crate) fn repr(self) -> String {
        let (days, seconds, micros) = self.parts();
        let named: Vec<String> = [("days", days), ("seconds", seconds), ("microseconds", micros)]
            .iter()
            .filter(|(_, count)| *count != 0)
            .map(|(name, count)| format!("{name}={count}"))
            .collect();
        if named.is_empty() {
            return "datetime.timedelta(0)".to_owned();
        }
        format!("datetime.timedelta({})", named.join(", "))
    }
}
