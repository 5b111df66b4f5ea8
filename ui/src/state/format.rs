//! Numbers and sizes as people read them. Pure.

/// `12000` → `12,000`. Anything but digits (and a leading minus) comes back as it is.
pub fn thousands(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return number.to_owned();
    }
    let mut text = String::with_capacity(number.len() + digits.len() / 3);
    text.push_str(sign);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 event`, `12,000 events`.
pub fn counted(number: &str, one: &str, many: &str) -> String {
    format!("{} {}", thousands(number), if number == "1" { one } else { many })
}

pub fn bytes(number: &str) -> String {
    let Ok(count) = number.parse::<f64>() else { return number.to_owned() };
    let units = ["bytes", "kB", "MB", "GB", "TB"];
    let mut value = count;
    let mut unit = 0;
    while value >= 1000.0 && unit + 1 < units.len() {
        value /= 1000.0;
        unit += 1;
    }
    match unit {
        0 => counted(number, "byte", "bytes"),
        _ if value < 10.0 => format!("{value:.1} {}", units[unit]),
        _ => format!("{value:.0} {}", units[unit]),
    }
}

pub fn milliseconds(value: f64) -> String {
    match value {
        _ if !value.is_finite() || value < 0.0 => "–".to_owned(),
        _ if value < 10.0 => format!("{value:.1} ms"),
        _ if value < 1000.0 => format!("{value:.0} ms"),
        _ => format!("{:.2} s", value / 1000.0),
    }
}

/// A share of 0 to 1: `100 %`, `37 %`, `<1 %`.
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    match percent {
        _ if percent > 0.0 && percent < 1.0 => "<1 %".to_owned(),
        _ if percent > 99.0 && percent < 100.0 => ">99 %".to_owned(),
        _ => format!("{percent:.0} %"),
    }
}

/// Up to three decimals, none where there are none; thousands separated.
pub fn decimal(value: f64) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let text = format!("{value:.3}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let fraction = fraction.trim_end_matches('0');
    let whole = thousands(whole);
    if fraction.is_empty() { whole } else { format!("{whole}.{fraction}") }
}

/// A name for people from a file's: `my events.json.gz` → `my-events`.
pub fn project_name(file: &str) -> String {
    let base = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let stem = base.split('.').find(|part| !part.is_empty()).unwrap_or("project");
    let letters = stem.chars().map(|letter| if letter.is_alphanumeric() { letter.to_ascii_lowercase() } else { '-' });
    let name: String = letters.collect();
    let name = name.trim_matches('-');
    if name.is_empty() { "project".to_owned() } else { name.to_owned() }
}

/// An RFC 3339 moment in UTC to the second: `2025-03-06 12:49:23 UTC`. Others stay as they are.
pub fn moment(text: &str) -> String {
    let utc = ["Z", "+00:00"].iter().any(|end| text.ends_with(end));
    match (utc, text.get(..10), text.get(11..19)) {
        (true, Some(date), Some(time)) => format!("{date} {time} UTC"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_digits() {
        assert_eq!(thousands("7"), "7");
        assert_eq!(thousands("1204"), "1,204");
        assert_eq!(thousands("-1234567"), "-1,234,567");
        assert_eq!(thousands("9007199254740993"), "9,007,199,254,740,993");
        assert_eq!(thousands("n/a"), "n/a");
    }

    #[test]
    fn counts_with_the_right_word() {
        assert_eq!(counted("1", "event", "events"), "1 event");
        assert_eq!(counted("12000", "event", "events"), "12,000 events");
    }

    #[test]
    fn sizes_times_and_shares() {
        assert_eq!(bytes("1"), "1 byte");
        assert_eq!(bytes("1536"), "1.5 kB");
        assert_eq!(bytes("104857600"), "105 MB");
        assert_eq!(milliseconds(38.2), "38 ms");
        assert_eq!(milliseconds(1240.0), "1.24 s");
        assert_eq!(percent(0.004), "<1 %");
        assert_eq!(percent(0.999), ">99 %");
        assert_eq!(percent(1.0), "100 %");
        assert_eq!(decimal(1234.5), "1,234.5");
        assert_eq!(decimal(-0.25), "-0.25");
    }

    #[test]
    fn names_a_project_after_a_file() {
        assert_eq!(project_name("My events.json.gz"), "my-events");
        assert_eq!(project_name("logs/day 1/raw.jsonl"), "raw");
        assert_eq!(project_name("..."), "project");
    }

    #[test]
    fn moments_are_short_where_they_are_utc() {
        assert_eq!(moment("2025-03-06T12:49:23.936000+00:00"), "2025-03-06 12:49:23 UTC");
        assert_eq!(moment("2025-03-06T12:49:23+02:00"), "2025-03-06T12:49:23+02:00");
        assert_eq!(moment("Z"), "Z");
    }
}
