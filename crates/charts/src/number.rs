//! Numbers as a reader wants them: thousands separators, about four figures, no trailing zeros.

/// Beyond this a drawing's arithmetic could overflow; such numbers are not drawn.
const LARGEST: f64 = 1e290;

/// The number where it can be drawn.
pub fn drawable(value: f64) -> Option<f64> {
    (value.is_finite() && value.abs() < LARGEST).then_some(value)
}

/// `1,234`, `12.35`, `0.0123`, `1.2e-9`; a dash for what is no number.
pub fn number(value: f64) -> String {
    if value.is_nan() {
        return "–".to_string();
    }
    if value.is_infinite() {
        return if value > 0.0 { "∞" } else { "−∞" }.to_string();
    }
    let size = value.abs();
    if size >= 1e15 || (size > 0.0 && size < 1e-6) {
        return with_minus(format!("{value:.3e}"));
    }
    let decimals = match size {
        _ if size >= 1000.0 || size == size.trunc() => 0,
        _ if size >= 100.0 => 1,
        _ if size >= 10.0 => 2,
        _ if size >= 0.1 => 3,
        // Three figures after the leading zeros; size is at least 1e-6 here.
        _ => (2.0 - size.log10().floor()) as usize,
    };
    let text = format!("{value:.decimals$}");
    let trimmed = if decimals > 0 { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    with_minus(group(trimmed))
}

/// Numbers of one axis, all with the decimals of the longest: `0.5`, `1.0`.
pub fn alike(values: &[f64]) -> Vec<String> {
    let texts: Vec<String> = values.iter().map(|value| number(*value)).collect();
    let decimals = |text: &str| text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    if texts.iter().any(|text| text.contains('e')) {
        return texts;
    }
    let most = texts.iter().map(|text| decimals(text)).max().unwrap_or(0);
    let padded = |text: String| {
        let missing = most - decimals(&text);
        let point = if missing > 0 && !text.contains('.') { "." } else { "" };
        format!("{text}{point}{}", "0".repeat(missing))
    };
    texts.into_iter().map(padded).collect()
}

/// A share of a whole: `12.3 %`.
pub fn percent(share: f64) -> String {
    match drawable(share * 100.0) {
        Some(value) => format!("{} %", number((value * 10.0).round() / 10.0)),
        None => "–".to_string(),
    }
}

/// A whole number with separators.
pub fn count(value: u64) -> String {
    group(&value.to_string())
}

/// Puts a comma between groups of three digits of the whole part.
fn group(text: &str) -> String {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text),
    };
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut grouped = sign.to_string();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if let Some(fraction) = fraction {
        grouped.push('.');
        grouped.push_str(fraction);
    }
    grouped
}

/// A true minus sign, as wide as a digit; minus zero is zero.
fn with_minus(text: String) -> String {
    match text.strip_prefix('-') {
        Some(rest) if rest.chars().all(|c| matches!(c, '0' | '.' | ',')) => rest.to_string(),
        Some(rest) => format!("−{rest}"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_well() {
        let cases = [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (1234.0, "1,234"),
            (1234.56, "1,235"),
            (-1234567.0, "−1,234,567"),
            (123.45, "123.5"),
            (12.345, "12.35"),
            (1.5, "1.5"),
            (0.5, "0.5"),
            (0.12345, "0.123"),
            (0.0123456, "0.0123"),
            (0.00001234, "0.0000123"),
            (1e-9, "1.000e-9"),
            (1e20, "1.000e20"),
            (f64::INFINITY, "∞"),
            (f64::NAN, "–"),
            (-0.00001, "−0.00001"),
            (999.96, "1,000"),
        ];
        for (value, text) in cases {
            assert_eq!(number(value), text, "{value}");
        }
        assert_eq!(alike(&[0.0, 0.25, 0.5, 1000.0]), ["0.00", "0.25", "0.50", "1,000.00"]);
        assert_eq!(percent(0.1234), "12.3 %");
        assert_eq!(percent(f64::NAN), "–");
        assert_eq!(count(1234567), "1,234,567");
    }
}
