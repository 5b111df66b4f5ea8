//! A float as Python prints it: shortest digits that read back, `1e+22`, `1e-05`, `nan`, `inf`.

/// Python's `repr(float)`.
pub(crate) fn float_repr(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let scientific = shortest(number);
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        return positional(mantissa, exponent);
    }
    format!("{mantissa}{}", exponent_text(exponent))
}

/// `1.25e2`: the fewest digits that read back. Where two such texts are equally near, Python takes the one that ends in
/// an even digit, Rust the greater one.
fn shortest(number: f64) -> String {
    let text = format!("{number:e}");
    let digits = text.split('e').next().map_or(0, |mantissa| mantissa.bytes().filter(u8::is_ascii_digit).count());
    // A double has 15 digits of its own: only beyond them can a text lie between two.
    if digits < 16 {
        return text;
    }
    let even = format!("{number:.*e}", digits - 1);
    let same_length = even.len() == text.len() && !even.contains("0e");
    if same_length && even.parse() == Ok(number) { even } else { text }
}

/// Digits such as `-1.25` with the point moved by `exponent`, and at least one digit behind it.
fn positional(mantissa: &str, exponent: i32) -> String {
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let digits = mantissa.replace('.', "");
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
    let length = digits.len() as i32;
    if exponent < 0 {
        return format!("{sign}0.{}{digits}", zeros(-exponent - 1));
    }
    if exponent + 1 >= length {
        return format!("{sign}{digits}{}.0", zeros(exponent + 1 - length));
    }
    let (whole, fraction) = digits.split_at(exponent as usize + 1);
    format!("{sign}{whole}.{fraction}")
}

/// `e+22`, `e-05`: a sign and at least two digits.
pub(crate) fn exponent_text(exponent: i32) -> String {
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("e{sign}{:02}", exponent.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::float_repr;

    #[test]
    fn of_two_equally_short_texts_it_is_pythons() {
        let texts = [
            (900719925474099.0 + 0.25, "900719925474099.2"),
            (900719925474099.0 + 0.75, "900719925474099.8"),
            (-900719925474099.0 - 0.25, "-900719925474099.2"),
            (9007199254740993.0, "9007199254740992.0"),
            (5.684341886080802e-14, "5.684341886080802e-14"),
            (0.1 + 0.2, "0.30000000000000004"),
            (0.0001, "0.0001"),
            (-0.0, "-0.0"),
            (1e15, "1000000000000000.0"),
            (120.0, "120.0"),
            (1e16, "1e+16"),
        ];
        for (number, text) in texts {
            assert_eq!(float_repr(number), text);
        }
    }
}
