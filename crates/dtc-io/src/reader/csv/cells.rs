//! What a cell's text means, by that text alone: whole numbers, decimals, true and false, nothing, text.

use dtc_expr::Value;
use num_bigint::BigInt;

use super::super::fault::MAX_DIGITS;
use super::super::interner::Interner;

/// The value of a cell. Blanks around a number or a word without quotes do not matter.
pub(super) fn value(text: &str, quoted: bool, interner: &mut Interner) -> Value {
    let bare = if quoted { text } else { text.trim_matches([' ', '\t']) };
    if bare.is_empty() {
        return if quoted { interner.text("") } else { Value::None };
    }
    typed(bare).unwrap_or_else(|| interner.text(text))
}

/// `None`: the cell is text.
fn typed(text: &str) -> Option<Value> {
    match text {
        "true" | "True" | "TRUE" => Some(Value::Bool(true)),
        "false" | "False" | "FALSE" => Some(Value::Bool(false)),
        _ => number(text),
    }
}

fn number(text: &str) -> Option<Value> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let digits = count_digits(unsigned);
    // `007` is a code and not seven.
    if digits == 0 || (digits > 1 && unsigned.starts_with('0')) {
        return None;
    }
    if digits == unsigned.len() {
        // A number's text comes back from the number; `-0` would not.
        return if text == "-0" { None } else { whole(text, digits) };
    }
    decimal(text, &unsigned[digits..])
}

fn whole(text: &str, digits: usize) -> Option<Value> {
    match text.parse::<i64>() {
        Ok(number) => Some(Value::Int(number)),
        Err(_) if digits > MAX_DIGITS => None,
        Err(_) => text.parse::<BigInt>().ok().map(Value::big),
    }
}

/// `tail` is what follows the digits before the point: `.5`, `.5e3`, `e-07`. Only `1e5`, without a point or a sign, is text, because ids look like that.
fn decimal(text: &str, tail: &str) -> Option<Value> {
    let (fraction, rest) = match tail.strip_prefix('.') {
        Some(after) => {
            let digits = count_digits(after);
            (digits, &after[digits..])
        }
        None => (0, tail),
    };
    if tail.starts_with('.') && fraction == 0 {
        return None;
    }
    if !rest.is_empty() {
        let exponent = rest.strip_prefix(['e', 'E'])?;
        let power = exponent.strip_prefix(['+', '-']);
        if power.is_none() && fraction == 0 {
            return None;
        }
        let power = power.unwrap_or(exponent);
        if power.is_empty() || count_digits(power) != power.len() {
            return None;
        }
    }
    text.parse::<f64>().ok().filter(|number| number.is_finite()).map(Value::Float)
}

fn count_digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::json_text;
    use crate::projection::Projection;

    #[test]
    fn a_cell_means_the_same_wherever_it_stands() {
        let mut interner = Interner::new(Projection::All);
        let mut said = |text: &str, quoted| json_text(&value(text, quoted, &mut interner));
        let cases = [
            ("", "null"),
            ("  ", "null"),
            ("0", "0"),
            ("-12", "-12"),
            (" 7 ", "7"),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
            ("007", "\"007\""),
            ("+1", "\"+1\""),
            ("-0", "\"-0\""),
            ("1.50", "1.5"),
            ("-0.0", "-0.0"),
            ("1.", "\"1.\""),
            (".5", "\".5\""),
            ("00.5", "\"00.5\""),
            ("1.2.3", "\"1.2.3\""),
            ("1e5", "\"1e5\""),
            ("1e-05", "1e-5"),
            ("1E+22", "1e22"),
            ("2.5e3", "2500.0"),
            ("1.5e999", "\"1.5e999\""),
            ("1e+", "\"1e+\""),
            ("1,5", "\"1,5\""),
            ("0x10", "\"0x10\""),
            ("NaN", "\"NaN\""),
            ("null", "\"null\""),
            ("TRUE", "true"),
            ("False", "false"),
            ("yes", "\"yes\""),
            ("2020-01-02", "\"2020-01-02\""),
            (" a ", "\" a \""),
        ];
        for (text, expected) in cases {
            assert_eq!(said(text, false), expected, "{text:?}");
        }
        assert_eq!(said("", true), "\"\"");
        assert_eq!(said("5", true), "5");
        assert_eq!(said(" 5", true), "\" 5\"");
    }
}
