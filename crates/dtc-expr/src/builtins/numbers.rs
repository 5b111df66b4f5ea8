//! abs, round, int, float, bool, divmod, pow and number texts.

use num_bigint::BigInt;
use num_traits::{Num, Signed, ToPrimitive};
use ruff_python_ast::Operator;

use super::{Args, Builtin, Outcome, index};
use crate::error::EvalError;
use crate::eval::Evaluator;
use crate::number::{self, Number};
use crate::operator;
use crate::value::Value;

pub(super) static TABLE: &[Builtin] = &[
    Builtin::function("abs", abs),
    Builtin::function("round", round),
    Builtin::class("int", "", int, &[]),
    Builtin::class("float", "", float, &[]),
    Builtin::class("bool", "", bool, &[]),
    Builtin::function("divmod", divmod),
    Builtin::function("pow", pow),
    Builtin::function("bin", |_, args| radix(args, "bin", 2, "0b")),
    Builtin::function("oct", |_, args| radix(args, "oct", 8, "0o")),
    Builtin::function("hex", |_, args| radix(args, "hex", 16, "0x")),
];

fn abs(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    match args.one("abs")? {
        Value::Float(number) => Ok(Value::Float(number.abs())),
        Value::TimeDelta(delta) if delta.micros < 0 => operator::span(delta.micros.checked_neg()),
        delta @ Value::TimeDelta(_) => Ok(delta),
        value => match Number::of(&value) {
            Some(Number::Int(number)) => Ok(Value::big(BigInt::from(number).abs())),
            Some(Number::Big(number)) => Ok(Value::big(number.abs())),
            _ => Err(EvalError::type_error(format!("bad operand type for abs(): '{}'", value.type_name()))),
        },
    }
}

fn bool(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let [value] = args.bind("bool", [""], 0)?;
    Ok(Value::Bool(value.is_some_and(|value| value.is_truthy())))
}

fn float(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let [value] = args.bind("float", [""], 0)?;
    value.map_or(Ok(Value::Float(0.0)), |value| to_float(&value))
}

/// Python's `float(value)`.
pub(crate) fn to_float(value: &Value) -> Outcome {
    match value {
        Value::Str(text) => parse_float(text)
            .map(Value::Float)
            .ok_or_else(|| EvalError::value_error(format!("could not convert string to float: {}", value.repr()))),
        _ => match Number::of(value) {
            Some(number) => number.float().map(Value::Float),
            None => Err(EvalError::type_error(format!(
                "float() argument must be a string or a real number, not '{}'",
                value.type_name()
            ))),
        },
    }
}

/// Digits of any script as ASCII, underscores between digits removed; `None` when they stand wrong.
fn plain_digits(text: &str) -> Option<String> {
    let trimmed = text.trim();
    let mut out = String::with_capacity(trimmed.len());
    let mut last = ' ';
    let characters: Vec<char> = trimmed.chars().collect();
    for (place, character) in characters.iter().enumerate() {
        if *character == '_' {
            let next = characters.get(place + 1).is_some_and(|next| next.is_alphanumeric());
            if !last.is_alphanumeric() || !next {
                return None;
            }
        } else {
            out.push(digit_value(*character).and_then(|digit| char::from_digit(digit, 10)).unwrap_or(*character));
        }
        last = *character;
    }
    Some(out)
}

/// The decimal digits of the scripts that have a run of ten (Unicode category Nd).
pub(crate) fn digit_value(character: char) -> Option<u32> {
    const ZEROS: [u32; 66] = [
        0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0,
        0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620,
        0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0,
        0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x16a60,
        0x16ac0, 0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e950, 0x1fbf0,
    ];
    let code = u32::from(character);
    ZEROS.iter().find(|zero| (**zero..**zero + 10).contains(&code)).map(|zero| code - zero)
}

pub(crate) fn parse_float(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    // What both languages read alike.
    if bytes.first().is_some_and(u8::is_ascii_digit) && bytes.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
    {
        return text.parse().ok();
    }
    let plain = plain_digits(text)?;
    let body = plain.strip_prefix(['+', '-']).unwrap_or(&plain);
    let named = ["nan", "inf", "infinity"].iter().any(|name| body.eq_ignore_ascii_case(name));
    // Rust reads more than Python at no point but the names, which are the same three.
    (named || body.starts_with(|c: char| c.is_ascii_digit() || c == '.')).then(|| plain.parse().ok())?
}

fn int(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let [value, base] = args.bind("int", ["", "base"], 0)?;
    match (value, base) {
        (None, _) => Ok(Value::Int(0)),
        (Some(value), None) => to_int(&value),
        (Some(Value::Str(text)), Some(base)) => {
            let base = index(&base)?;
            match u32::try_from(base) {
                Ok(radix) if radix == 0 || (2..=36).contains(&radix) => parse_int(&text, radix),
                _ => Err(EvalError::value_error("int() base must be >= 2 and <= 36, or 0")),
            }
        }
        (Some(_), Some(_)) => Err(EvalError::type_error("int() can't convert non-string with explicit base")),
    }
}

/// Python's `int(value)`.
pub(crate) fn to_int(value: &Value) -> Outcome {
    match value {
        Value::Float(number) => number::truncate(*number),
        Value::Str(text) => parse_int(text, 10),
        Value::Bool(flag) => Ok(Value::Int(i64::from(*flag))),
        Value::Int(_) | Value::Big(_) => Ok(value.clone()),
        other => Err(EvalError::type_error(format!(
            "int() argument must be a string, a bytes-like object or a real number, not '{}'",
            other.type_name()
        ))),
    }
}

/// An integer of plain digits that surely fits.
pub(crate) fn small_integer(text: &str) -> Option<i64> {
    let plain = (1..=18).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

fn parse_int(text: &str, base: u32) -> Outcome {
    let fault =
        || EvalError::value_error(format!("invalid literal for int() with base {base}: {}", Value::str(text).repr()));
    let plain = plain_digits(text).ok_or_else(fault)?;
    let (negative, body) = match plain.strip_prefix('-') {
        Some(body) => (true, body),
        None => (false, plain.strip_prefix('+').unwrap_or(&plain)),
    };
    let prefix = body.get(..2).map(str::to_ascii_lowercase);
    let (radix, digits) = match (base, prefix.as_deref()) {
        (0 | 16, Some("0x")) => (16, &body[2..]),
        (0 | 8, Some("0o")) => (8, &body[2..]),
        (0 | 2, Some("0b")) => (2, &body[2..]),
        // As in a program, a number that leads with 0 is nothing but 0.
        (0, _) if body.starts_with('0') && body.contains(|digit| digit != '0') => return Err(fault()),
        (0, _) => (10, body),
        _ => (base, body),
    };
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return Err(fault());
    }
    if digits.len() > 4300 {
        return Err(EvalError::value_error("Exceeds the limit (4300 digits) for integer string conversion"));
    }
    let number = BigInt::from_str_radix(digits, radix).map_err(|_| fault())?;
    Ok(Value::big(if negative { -number } else { number }))
}

fn round(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let [number, digits] = args.bind("round", ["number", "ndigits"], 1)?;
    let number = number.unwrap_or_default();
    match (&number, digits.filter(|digits| !digits.is_none())) {
        (Value::Float(float), None) => {
            if float.is_nan() || float.is_infinite() {
                return number::truncate(*float);
            }
            number::truncate(float.round_ties_even())
        }
        (Value::Float(float), Some(digits)) => Ok(Value::Float(round_float(*float, index(&digits)?)?)),
        (Value::Bool(_) | Value::Int(_) | Value::Big(_), None) => to_int(&number),
        (Value::Bool(_) | Value::Int(_) | Value::Big(_), Some(digits)) => round_int(&number, index(&digits)?),
        _ => Err(EvalError::type_error(format!("type {} doesn't define __round__ method", number.type_name()))),
    }
}

/// Correctly rounded by way of the decimal digits, as CPython does.
fn round_float(number: f64, digits: i64) -> Result<f64, EvalError> {
    if !number.is_finite() || digits > 323 || number == 0.0 {
        return Ok(number);
    }
    if digits < -308 {
        return Ok(0f64.copysign(number));
    }
    let rounded = match usize::try_from(digits) {
        Ok(digits) => format!("{number:.digits$}").parse().unwrap_or(number),
        Err(_) => {
            let scale = 10f64.powi(i32::try_from(-digits).unwrap_or(308));
            let whole = (number / scale).round_ties_even();
            whole * scale
        }
    };
    if rounded.is_infinite() {
        return Err(EvalError::overflow("rounded value too large to represent"));
    }
    Ok(rounded)
}

/// To a multiple of a power of ten, half to even.
fn round_int(number: &Value, digits: i64) -> Outcome {
    let number = to_int(number)?;
    if digits >= 0 {
        return Ok(number);
    }
    let Value::Int(small) = number else {
        return Err(EvalError::limit("round() to tens is limited to 64-bit integers"));
    };
    let Some(unit) = u32::try_from(-digits).ok().and_then(|power| 10i128.checked_pow(power)) else {
        return Ok(Value::Int(0));
    };
    let wide = i128::from(small);
    let (down, rest) = (wide.div_euclid(unit), wide.rem_euclid(unit));
    let up = match (rest * 2).cmp(&unit) {
        std::cmp::Ordering::Less => 0,
        std::cmp::Ordering::Greater => 1,
        std::cmp::Ordering::Equal => down & 1,
    };
    Ok(Value::big(BigInt::from((down + up) * unit)))
}

fn divmod(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let [a, b] = args.bind("divmod", ["", ""], 2)?;
    let (a, b) = (a.unwrap_or_default(), b.unwrap_or_default());
    let quotient = operator::binary(&a, Operator::FloorDiv, &b)?;
    Ok(Value::tuple(vec![quotient, operator::binary(&a, Operator::Mod, &b)?]))
}

fn pow(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let [base, exponent, modulus] = args.bind("pow", ["base", "exp", "mod"], 2)?;
    let (base, exponent) = (base.unwrap_or_default(), exponent.unwrap_or_default());
    let Some(modulus) = modulus.filter(|modulus| !modulus.is_none()) else {
        return operator::binary(&base, Operator::Pow, &exponent);
    };
    let whole = |value: &Value| match to_int(value) {
        Ok(Value::Int(number)) if !matches!(value, Value::Float(_) | Value::Str(_)) => Ok(BigInt::from(number)),
        Ok(Value::Big(number)) if !matches!(value, Value::Float(_) | Value::Str(_)) => Ok((*number).clone()),
        _ => Err(EvalError::type_error("pow() 3rd argument not allowed unless all arguments are integers")),
    };
    let (base, exponent, modulus) = (whole(&base)?, whole(&exponent)?, whole(&modulus)?);
    if modulus.sign() == num_bigint::Sign::NoSign {
        return Err(EvalError::value_error("pow() 3rd argument cannot be 0"));
    }
    if exponent.is_negative() {
        return Err(EvalError::value_error("base is not invertible for the given modulus"));
    }
    Ok(Value::big(base.modpow(&exponent, &modulus)))
}

fn radix(args: Args, name: &str, radix: u32, prefix: &str) -> Outcome {
    let value = args.one(name)?;
    let digits = match &value {
        Value::Big(number) => number.to_str_radix(radix),
        other => BigInt::from(index(other)?).to_str_radix(radix),
    };
    let text = match digits.strip_prefix('-') {
        Some(digits) => format!("-{prefix}{digits}"),
        None => format!("{prefix}{digits}"),
    };
    Ok(Value::from(text))
}

/// A count that must fit this machine, e.g. the width of a text.
pub(crate) fn count(value: &Value) -> Result<usize, EvalError> {
    Ok(index(value)?.to_usize().unwrap_or(0))
}
