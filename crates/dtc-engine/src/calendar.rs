//! Windows that keep to the calendar of a time zone: whole days or hours beside the anchor's own (LANGUAGE.md A.10).

use dtc_lang::document::WindowKind;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

const HOUR_MICROS: i64 = 3_600_000_000;

/// Start and end of the `value` days or hours before (negative) or after the anchor's own, in microseconds since
/// 1970; `None` beyond the years that a calendar has. A day begins where the zone's clocks begin it, whether it has
/// 23, 24 or 25 hours.
pub(crate) fn edges(zone: &TimeZone, kind: WindowKind, value: i64, anchor: i64) -> Option<[i64; 2]> {
    let anchor = Timestamp::from_microsecond(anchor).ok()?.to_zoned(zone.clone());
    let (near, far) = if value < 0 { (0, value) } else { (1, value.checked_add(1)?) };
    let [near, far] = match kind {
        WindowKind::Hour => {
            let hour =
                anchor.with().minute(0).second(0).subsec_nanosecond(0).build().ok()?.timestamp().as_microsecond();
            [near, far].map(|hours| hour.checked_add(hours.checked_mul(HOUR_MICROS)?))
        }
        WindowKind::Day | WindowKind::Count => {
            let day = |days: i64| {
                let days = i32::try_from(days).ok()?;
                let date = anchor.date().checked_add(days.days()).ok()?;
                Some(date.to_zoned(zone.clone()).ok()?.timestamp().as_microsecond())
            };
            [near, far].map(day)
        }
    };
    let (near, far) = (near?, far?);
    Some([near.min(far), near.max(far)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges_of(zone: &str, kind: WindowKind, value: i64, anchor: &str) -> [String; 2] {
        let anchor: Timestamp = anchor.parse().unwrap();
        let found = edges(&TimeZone::get(zone).unwrap(), kind, value, anchor.as_microsecond()).unwrap();
        found.map(|micros| Timestamp::from_microsecond(micros).unwrap().to_string())
    }

    #[test]
    fn days_and_hours_begin_where_the_clocks_begin_them() {
        use WindowKind::{Day, Hour};
        let noon = "2020-03-10T12:34:56Z";
        assert_eq!(edges_of("UTC", Day, -2, noon), ["2020-03-08T00:00:00Z", "2020-03-10T00:00:00Z"]);
        assert_eq!(edges_of("UTC", Day, 1, noon), ["2020-03-11T00:00:00Z", "2020-03-12T00:00:00Z"]);
        assert_eq!(edges_of("UTC", Hour, -3, noon), ["2020-03-10T09:00:00Z", "2020-03-10T12:00:00Z"]);
        assert_eq!(edges_of("Asia/Kolkata", Hour, 1, noon), ["2020-03-10T13:30:00Z", "2020-03-10T14:30:00Z"]);
        // The last Sunday of March has 23 hours in Berlin.
        let monday = "2020-03-30T08:00:00Z";
        assert_eq!(edges_of("Europe/Berlin", Day, -1, monday), ["2020-03-28T23:00:00Z", "2020-03-29T22:00:00Z"]);
        assert_eq!(edges(&TimeZone::UTC, Day, i64::MIN, 0), None);
        assert_eq!(edges(&TimeZone::UTC, Hour, i64::MAX, 0), None);
    }

    #[test]
    fn the_language_knows_the_names_of_the_database() {
        let known: Vec<&str> = dtc_lang::zones::names().collect();
        let mut ours: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
        ours.sort();
        if std::env::var_os("UPDATE").is_some() {
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../dtc-lang/src/zones.txt");
            std::fs::write(path, ours.join("\n") + "\n").unwrap();
        }
        assert_eq!(known, ours);
    }
}
