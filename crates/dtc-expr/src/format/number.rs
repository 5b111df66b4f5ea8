//! Numbers under a format specification.

use num_bigint::BigInt;
use num_traits::Signed;

use super::{Spec, pad, unknown_code};
use crate::error::EvalError;
use crate::value::{Value, float_repr};

type Result<T = String> = std::result::Result<T, EvalError>;

pub(super) fn format_int(value: &Value, spec: &Spec) -> Result {
    let number = match value {
        Value::Big(number) => (**number).clone(),
        Value::Int(number) => BigInt::from(*number),
        other => {
            if spec.kind.is_none() && matches!(other, Value::Bool(_)) && spec.align.is_none() && spec.width == 0 {
                return Ok(other.to_text());
            }
            BigInt::from(i64::from(other.is_truthy()))
        }
    };
    let kind = spec.kind.unwrap_or('d');
    if matches!(kind, 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') {
        return format_float(crate::number::big_to_float(&number)?, spec);
    }
    if spec.precision.is_some() {
        return Err(EvalError::value_error("Precision not allowed in integer format specifier"));
    }
    let (radix, prefix) = match kind {
        'd' | 'n' => (10, ""),
        'b' => (2, "0b"),
        'o' => (8, "0o"),
        'x' => (16, "0x"),
        'X' => (16, "0X"),
        'c' => {
            let code = u32::try_from(&number).ok().and_then(char::from_u32);
            let Some(character) = code else {
                return Err(EvalError::overflow("%c arg not in range(0x110000)"));
            };
            return Ok(pad(&character.to_string(), spec.width, spec.fill.unwrap_or(' '), spec.align.unwrap_or('<')));
        }
        other => return Err(unknown_code(other, value.type_name())),
    };
    let mut digits = number.abs().to_str_radix(radix);
    if kind == 'X' {
        digits = digits.to_uppercase();
    }
    let prefix = if spec.alternate { prefix } else { "" };
    let group = if radix == 10 { 3 } else { 4 };
    Ok(assemble(sign(number.is_negative(), spec), prefix, &digits, "", group, spec))
}

fn sign(negative: bool, spec: &Spec) -> &'static str {
    match (negative, spec.sign) {
        (true, _) => "-",
        (false, Some('+')) => "+",
        (false, Some(' ')) => " ",
        _ => "",
    }
}

/// Sign, prefix, grouped digits and tail, padded to the width.
fn assemble(sign: &str, prefix: &str, digits: &str, tail: &str, group: usize, spec: &Spec) -> String {
    let zero_fill = spec.zero && spec.align.is_none();
    let align = spec.align.unwrap_or(if zero_fill { '=' } else { '>' });
    let fill = spec.fill.unwrap_or(if spec.zero { '0' } else { ' ' });
    let around = sign.len() + prefix.len() + tail.len();
    let mut body = digits.to_owned();
    if let Some(separator) = spec.grouping {
        body = grouped(&body, separator, group);
        if align == '=' && fill == '0' {
            // Zeros are grouped too, and a separator never leads.
            let mut plain = digits.to_owned();
            while body.len() + around < spec.width {
                plain.insert(0, '0');
                body = grouped(&plain, separator, group);
            }
        }
    }
    let whole = format!("{body}{tail}");
    if align == '=' {
        let inner = pad(&whole, spec.width.saturating_sub(sign.len() + prefix.len()), fill, '>');
        return format!("{sign}{prefix}{inner}");
    }
    pad(&format!("{sign}{prefix}{whole}"), spec.width, fill, align)
}

fn grouped(digits: &str, separator: char, size: usize) -> String {
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(size) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

pub(super) fn format_float(number: f64, spec: &Spec) -> Result {
    let kind = spec.kind;
    let magnitude = number.abs();
    let mut text = match kind {
        _ if !number.is_finite() => float_repr(magnitude),
        Some('f' | 'F') => format!("{magnitude:.*}", spec.precision.unwrap_or(6)),
        Some('%') => format!("{:.*}", spec.precision.unwrap_or(6), magnitude * 100.0),
        Some('e' | 'E') => scientific(magnitude, spec.precision.unwrap_or(6)),
        Some('g' | 'G' | 'n') => general(magnitude, spec.precision.unwrap_or(6), spec.alternate, false),
        None => match spec.precision {
            None => float_repr(magnitude),
            Some(precision) => general(magnitude, precision, spec.alternate, true),
        },
        Some(other) => return Err(unknown_code(other, "float")),
    };
    if matches!(kind, Some('E' | 'G' | 'F')) {
        text = text.to_uppercase();
    }
    if kind == Some('%') {
        text.push('%');
    }
    let negative = number.is_sign_negative() && !number.is_nan();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, tail) = text.split_at(end);
    Ok(assemble(sign(negative, spec), "", digits, tail, 3, spec))
}

fn scientific(number: f64, precision: usize) -> String {
    let text = format!("{number:.precision$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    format!("{mantissa}{}", crate::value::exponent_text(exponent.parse().unwrap_or(0)))
}

/// `%g`: the shorter of the two, trailing zeros removed. `pointed` keeps one digit after the point.
fn general(number: f64, precision: usize, keep_zeros: bool, pointed: bool) -> String {
    let precision = precision.max(1);
    let rounded = format!("{number:.*e}", precision - 1);
    let exponent: i64 = rounded.split_once('e').and_then(|(_, e)| e.parse().ok()).unwrap_or(0);
    let significant = i64::try_from(precision).unwrap_or(i64::MAX);
    let limit = if pointed { significant - 1 } else { significant };
    let trim = |text: &str| -> String {
        if keep_zeros || !text.contains('.') {
            return text.to_owned();
        }
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    if exponent < -4 || exponent >= limit.max(if pointed { 1 } else { 0 }) {
        let mantissa = rounded.split_once('e').map_or(rounded.as_str(), |(mantissa, _)| mantissa);
        let exponent = i32::try_from(exponent).unwrap_or(0);
        return format!("{}{}", trim(mantissa), crate::value::exponent_text(exponent));
    }
    let decimals = usize::try_from(significant - 1 - exponent).unwrap_or(0);
    let mut text = trim(&format!("{number:.decimals$}"));
    if pointed && !text.contains('.') {
        text.push_str(".0");
    }
    text
}
