//! str, repr, ascii, chr, ord, format, hash-free text functions.

use super::{Args, Builtin, Outcome, index};
use crate::error::EvalError;
use crate::eval::Evaluator;
use crate::value::Value;

pub(super) static TABLE: &[Builtin] = &[
    Builtin::class("str", "", str, &[]),
    Builtin::function("repr", |_, args| Ok(Value::from(args.one("repr")?.repr()))),
    Builtin::function("ascii", |_, args| Ok(Value::from(ascii(&args.one("ascii")?)))),
    Builtin::function("chr", chr),
    Builtin::function("ord", ord),
    Builtin::function("format", format),
];

fn str(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let [value] = args.bind("str", ["object"], 0)?;
    match value {
        None => Ok(Value::str("")),
        Some(text @ Value::Str(_)) => Ok(text),
        Some(other) => Ok(Value::from(other.to_text())),
    }
}

/// `repr` with everything but ASCII escaped.
pub(crate) fn ascii(value: &Value) -> String {
    let mut out = String::new();
    for character in value.repr().chars() {
        if character.is_ascii() {
            out.push(character);
        } else {
            crate::value::write_escape(character, &mut out);
        }
    }
    out
}

fn chr(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let code = index(&args.one("chr")?)?;
    u32::try_from(code)
        .ok()
        .and_then(char::from_u32)
        .map(|character| Value::from(character.to_string()))
        .ok_or_else(|| EvalError::value_error("chr() arg not in range(0x110000)"))
}

fn ord(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let value = args.one("ord")?;
    let Some(text) = value.as_str() else {
        return Err(EvalError::type_error(format!(
            "ord() expected string of length 1, but {} found",
            value.type_name()
        )));
    };
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(character), None) => Ok(Value::Int(i64::from(u32::from(character)))),
        _ => Err(EvalError::type_error(format!(
            "ord() expected a character, but string of length {} found",
            text.chars().count()
        ))),
    }
}

fn format(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let [value, spec] = args.bind("format", ["", ""], 1)?;
    let spec = spec.unwrap_or_else(|| Value::str(""));
    let Some(spec) = spec.as_str() else {
        return Err(EvalError::type_error("format() argument 2 must be str"));
    };
    Ok(Value::from(crate::format::format_value(&value.unwrap_or_default(), spec)?))
}
