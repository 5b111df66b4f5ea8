//! Cells of a table: touches between ` > `, counts and numbers.

const JOINT: u8 = b'>';

/// The parts of a text between ` > `. A sign without blanks around it belongs to a name.
pub(super) fn joined(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let bytes = text.as_bytes();
        let is_joint = |at: usize| {
            bytes[at] == JOINT && at > 0 && bytes[at - 1] == b' ' && bytes.get(at + 1).is_none_or(|next| *next == b' ')
        };
        match (0..bytes.len()).find(|at| is_joint(*at)) {
            Some(at) => {
                rest = Some(&text[at + 1..]);
                Some(&text[..at])
            }
            None => {
                rest = None;
                Some(text)
            }
        }
    })
}

/// Without the blanks around it.
#[inline]
pub(super) fn trimmed(text: &str) -> &str {
    // Names are mostly letters with one blank before and behind.
    let text = text.strip_prefix(' ').unwrap_or(text);
    let text = text.strip_suffix(' ').unwrap_or(text);
    let (first, last) = (text.as_bytes().first(), text.as_bytes().last());
    if first.is_some_and(u8::is_ascii_graphic) && last.is_some_and(u8::is_ascii_graphic) { text } else { text.trim() }
}

pub(super) fn named(place: usize, name: &str) -> Result<&str, String> {
    let name = trimmed(name);
    if name.is_empty() {
        return Err(format!("touch {} of the path has no name; take one ` > ` away or name it", place + 1));
    }
    Ok(name)
}

pub(super) fn count(column: &str, text: &str) -> Result<f64, String> {
    let count = number(column, text)?;
    if count < 0.0 {
        return Err(format!("`{column}` is {count}; a count is 0 or more"));
    }
    Ok(count)
}

#[inline]
pub(super) fn number(column: &str, text: &str) -> Result<f64, String> {
    match plain(text.as_bytes()) {
        Some((number, length)) if length == text.len() => Ok(number),
        _ => any_number(column, trimmed(text)),
    }
}

fn any_number(column: &str, text: &str) -> Result<f64, String> {
    let whole = plain(text.as_bytes()).filter(|(_, length)| *length == text.len()).map(|(number, _)| number);
    let parsed = whole.or_else(|| text.parse().ok().filter(|number: &f64| number.is_finite()));
    match parsed {
        Some(number) => Ok(number),
        None if text.is_empty() => Ok(0.0),
        None => Err(format!("`{column}` is `{text}`, which is no number")),
    }
}

/// The decimal of up to 15 digits that the bytes begin with, and how many of them it takes: digits and power of ten are
/// exact, so one division rounds as reading by the book does.
#[inline]
pub(super) fn plain(bytes: &[u8]) -> Option<(f64, usize)> {
    const POWERS: [f64; 16] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
    let figures = |from: usize, digits: &mut u64| {
        let mut at = from;
        while let Some(digit) = bytes.get(at).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10) {
            // Too many digits are no number of this kind, whatever they come to.
            *digits = digits.wrapping_mul(10).wrapping_add(u64::from(digit));
            at += 1;
        }
        at
    };
    let mut digits = 0;
    let whole = figures(0, &mut digits);
    if bytes.get(whole) != Some(&b'.') {
        return (1..=15).contains(&whole).then_some((digits as f64, whole));
    }
    let end = figures(whole + 1, &mut digits);
    let parts = end - whole - 1;
    (1..=15).contains(&(whole + parts)).then(|| (digits as f64 / POWERS[parts], end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_numbers_are_read_as_the_library_reads_them() {
        for text in ["0", "7", "0.1", "123456.789", "999999999999999", "0.00000000000001", "1.", ".5", "12345.67890"] {
            assert_eq!(plain(text.as_bytes()), text.parse().ok().map(|number| (number, text.len())), "{text}");
        }
        for text in ["", ".", "-1", "1234567890123456", "nan", "123456789012345678901234567890", ".1234567890123456"] {
            assert_eq!(plain(text.as_bytes()), None, "{text}");
        }
        for (text, length) in [("1e5", 1), ("1.2.3", 3), ("4.5 > 6", 3)] {
            assert_eq!(plain(text.as_bytes()).map(|(_, length)| length), Some(length), "{text}");
        }
        assert_eq!(number("n", " 1e5 "), Ok(1e5));
        assert!(number("n", "1.2.3").is_err() && number("n", "nan").is_err());
    }

    #[test]
    fn blanks_of_any_kind_are_taken_off() {
        for text in ["a", " a ", "  a b  ", "\ta\u{3000}", "é", " é ", "", " ", "   "] {
            assert_eq!(trimmed(text), text.trim(), "{text:?}");
        }
    }
}
