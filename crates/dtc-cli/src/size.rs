//! Amounts of memory as people write them: `512MB`, `1.5 GiB`, `64kB`, or bytes.

const UNITS: [(&str, f64); 8] = [
    ("", 1.0),
    ("b", 1.0),
    ("kb", 1e3),
    ("mb", 1e6),
    ("gb", 1e9),
    ("kib", 1024.0),
    ("mib", 1_048_576.0),
    ("gib", 1_073_741_824.0),
];

/// Bytes; the error says what can be written.
pub fn bytes(text: &str) -> Result<usize, String> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let unit = unit.trim().to_ascii_lowercase();
    let factor = UNITS.iter().find(|(known, _)| *known == unit).map(|(_, factor)| *factor);
    match (number.parse::<f64>(), factor) {
        (Ok(number), Some(factor)) if number > 0.0 => Ok((number * factor) as usize),
        _ => Err("write an amount of memory such as 512MB, 2GB, 64kB or 1GiB".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        let read = ["512MB", "1.5 GiB", "64kB", "1000", "2gb", "7b"].map(|text| bytes(text).unwrap());
        assert_eq!(read, [512_000_000, 1_610_612_736, 64_000, 1_000, 2_000_000_000, 7]);
        for text in ["", "MB", "0", "-1MB", "5TB", "1.2.3kB", "1e3"] {
            assert!(bytes(text).is_err(), "{text}");
        }
    }
}
