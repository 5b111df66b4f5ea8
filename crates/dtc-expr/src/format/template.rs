//! `'{} and {name!r:>10}'.format(…)`.

use super::format_value;
use crate::builtins::Args;
use crate::builtins::texts::ascii;
use crate::error::{EvalError, EvalErrorKind};
use crate::eval::Evaluator;
use crate::eval::{attribute_of, item};
use crate::operator::check_text;
use crate::value::Value;

type Result<T = String> = std::result::Result<T, EvalError>;

pub(crate) fn braces(_: &mut Evaluator<'_>, format: &str, args: &Args) -> Result {
    let mut next = 0;
    expand(format, args, &mut next, 2)
}

fn expand(format: &str, args: &Args, next: &mut usize, depth: usize) -> Result {
    let mut out = String::new();
    let mut rest = format;
    while let Some(at) = rest.find(['{', '}']) {
        out.push_str(&rest[..at]);
        let brace = &rest[at..=at];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(brace) {
            out.push_str(brace);
            rest = after;
            continue;
        }
        if brace == "}" {
            return Err(EvalError::value_error("Single '}' encountered in format string"));
        }
        let end = closing(rest)?;
        out.push_str(&field(&rest[..end], args, next, depth)?);
        check_text(out.len())?;
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    Ok(out)
}

fn closing(text: &str) -> Result<usize> {
    let mut depth = 0;
    for (at, character) in text.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => return Ok(at),
            '}' => depth -= 1,
            _ => {}
        }
    }
    Err(EvalError::value_error("expected '}' before end of string"))
}

fn field(text: &str, args: &Args, next: &mut usize, depth: usize) -> Result {
    if depth == 0 {
        return Err(EvalError::value_error("Max string recursion exceeded"));
    }
    let (head, spec) = text.split_once(':').unwrap_or((text, ""));
    let (path, conversion) = match head.split_once('!') {
        Some((path, conversion)) => (path, Some(conversion)),
        None => (head, None),
    };
    let value = look_up(path, args, next)?;
    let value = match conversion {
        None => value,
        Some("r") => Value::from(value.repr()),
        Some("s") => Value::from(value.to_text()),
        Some("a") => Value::from(ascii(&value)),
        Some(_) => return Err(EvalError::value_error("Unknown conversion specifier")),
    };
    let spec = if spec.contains('{') { expand(spec, args, next, depth - 1)? } else { spec.to_owned() };
    format_value(&value, &spec)
}

fn look_up(path: &str, args: &Args, next: &mut usize) -> Result<Value> {
    let end = path.find(['.', '[']).unwrap_or(path.len());
    let (name, mut rest) = path.split_at(end);
    let place = if name.is_empty() {
        *next += 1;
        Some(*next - 1)
    } else {
        name.parse().ok()
    };
    let mut value = match place {
        Some(place) => args.positional.get(place).cloned().ok_or_else(|| {
            EvalError::new(
                EvalErrorKind::IndexError,
                format!("Replacement index {place} out of range for positional args tuple"),
            )
        })?,
        None => args
            .keywords
            .iter()
            .find(|(known, _)| **known == *name)
            .map(|(_, value)| value.clone())
            .ok_or_else(|| crate::builtins::collections::key_error(&Value::str(name)))?,
    };
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('.') {
            let end = after.find(['.', '[']).unwrap_or(after.len());
            value = attribute_of(&value, &after[..end])?;
            rest = &after[end..];
        } else {
            let Some((key, after)) = rest[1..].split_once(']') else {
                return Err(EvalError::value_error("Missing ']' in format string"));
            };
            let key = key.parse().map_or_else(|_| Value::str(key), Value::Int);
            value = item(&value, &key)?;
            rest = after;
        }
    }
    Ok(value)
}
