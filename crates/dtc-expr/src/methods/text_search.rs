//! Methods of str that look into texts and take them apart.

use super::Method;
use super::text::{is_space, needed, of};
use crate::builtins::{Args, Outcome, index};
use crate::error::EvalError;
use crate::eval::Evaluator;
use crate::pattern::is_word;
use crate::value::Value;

pub(super) const TABLE: &[Method] = &[
    Method::read("split", |_, text, args| split(of(text), args, "split", false)),
    Method::read("rsplit", |_, text, args| split(of(text), args, "rsplit", true)),
    Method::read("splitlines", splitlines),
    Method::read("partition", |_, text, args| {
        let separator = args.one("partition")?;
        let text = of(text);
        Ok(match text.split_once(separated(&separator)?) {
            Some((head, tail)) => triple(head, of(&separator), tail),
            None => triple(text, "", ""),
        })
    }),
    Method::read("rpartition", |_, text, args| {
        let separator = args.one("rpartition")?;
        let text = of(text);
        Ok(match text.rsplit_once(separated(&separator)?) {
            Some((head, tail)) => triple(head, of(&separator), tail),
            None => triple("", "", text),
        })
    }),
    Method::read("startswith", |_, text, args| edge(of(text), args, "startswith", |t, p| t.starts_with(p))),
    Method::read("endswith", |_, text, args| edge(of(text), args, "endswith", |t, p| t.ends_with(p))),
    Method::read("find", |_, text, args| Ok(Value::Int(place(of(text), args, "find", false)?.unwrap_or(-1)))),
    Method::read("rfind", |_, text, args| Ok(Value::Int(place(of(text), args, "rfind", true)?.unwrap_or(-1)))),
    Method::read("index", |_, text, args| found(place(of(text), args, "index", false)?)),
    Method::read("rindex", |_, text, args| found(place(of(text), args, "rindex", true)?)),
    Method::read("count", count),
    Method::read("isdigit", |_, text, _| {
        all(of(text), |c| c.is_numeric() && (c.is_ascii_digit() || is_decimal(c) || "²³¹".contains(c)))
    }),
    Method::read("isdecimal", |_, text, _| all(of(text), is_decimal)),
    Method::read("isnumeric", |_, text, _| all(of(text), char::is_numeric)),
    Method::read("isalpha", |_, text, _| all(of(text), is_letter)),
    Method::read("isalnum", |_, text, _| all(of(text), |c| c != '_' && is_word(c, false))),
    Method::read("isspace", |_, text, _| all(of(text), is_space)),
    Method::read("isascii", |_, text, _| Ok(Value::Bool(of(text).is_ascii()))),
    Method::read("isupper", |_, text, _| Ok(Value::Bool(cased(of(text), char::is_uppercase, char::is_lowercase)))),
    Method::read("islower", |_, text, _| Ok(Value::Bool(cased(of(text), char::is_lowercase, char::is_uppercase)))),
    Method::read("istitle", |_, text, _| Ok(Value::Bool(is_title(of(text))))),
    Method::read("isidentifier", |_, text, _| {
        let mut characters = of(text).chars();
        let first = characters.next().is_some_and(|c| c == '_' || c.is_alphabetic());
        Ok(Value::Bool(first && characters.all(|c| c == '_' || c.is_alphanumeric())))
    }),
    Method::read("isprintable", |_, text, _| {
        let mut quoted = String::new();
        crate::value::write_quoted(&of(text).replace(['\\', '\'', '"'], ""), &mut quoted);
        Ok(Value::Bool(!quoted.contains('\\')))
    }),
];

/// Letters; not the marks and letter-like numbers that Unicode also counts as alphabetic.
fn is_letter(character: char) -> bool {
    character.is_alphabetic() && !character.is_numeric() && is_word(character, false)
}

fn is_decimal(character: char) -> bool {
    crate::builtins::numbers::digit_value(character).is_some()
}

fn all(text: &str, test: impl Fn(char) -> bool) -> Outcome {
    Ok(Value::Bool(!text.is_empty() && text.chars().all(test)))
}

fn cased(text: &str, wanted: impl Fn(char) -> bool, other: impl Fn(char) -> bool) -> bool {
    text.chars().any(&wanted) && !text.chars().any(other)
}

fn is_title(text: &str) -> bool {
    let (mut inside, mut any) = (false, false);
    for character in text.chars() {
        if (character.is_uppercase() && inside) || (character.is_lowercase() && !inside) {
            return false;
        }
        inside = character.is_uppercase() || character.is_lowercase();
        any |= inside;
    }
    any
}

fn triple(head: &str, separator: &str, tail: &str) -> Value {
    Value::tuple(vec![Value::str(head), Value::str(separator), Value::str(tail)])
}

fn separated(separator: &Value) -> Result<&str, EvalError> {
    match needed(separator, "partition")? {
        "" => Err(EvalError::value_error("empty separator")),
        text => Ok(text),
    }
}

fn split(text: &str, args: Args, name: &str, from_end: bool) -> Outcome {
    let [separator, most] = args.bind(name, ["sep", "maxsplit"], 0)?;
    let most = most.map_or(Ok(-1), |most| index(&most))?;
    let most = usize::try_from(most).ok();
    let separator = separator.unwrap_or_default();
    let parts: Vec<&str> = match &separator {
        Value::None => split_space(text, most, from_end),
        _ => {
            let separator = separated(&separator)?;
            let pieces = most.map_or(usize::MAX, |most| most.saturating_add(1));
            if from_end {
                let mut parts: Vec<&str> = text.rsplitn(pieces, separator).collect();
                parts.reverse();
                parts
            } else {
                text.splitn(pieces, separator).collect()
            }
        }
    };
    Ok(Value::list(parts.into_iter().map(Value::str).collect()))
}

fn split_space(text: &str, most: Option<usize>, from_end: bool) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text.trim_matches(is_space);
    while !rest.is_empty() {
        if Some(parts.len()) == most {
            parts.push(rest);
            break;
        }
        let cut = if from_end { rest.rfind(is_space) } else { rest.find(is_space) };
        let (part, remaining) = match (cut, from_end) {
            (None, _) => (rest, ""),
            (Some(at), false) => (&rest[..at], rest[at..].trim_start_matches(is_space)),
            (Some(at), true) => {
                let width = rest[at..].chars().next().map_or(1, char::len_utf8);
                (&rest[at + width..], rest[..at].trim_end_matches(is_space))
            }
        };
        parts.push(part);
        rest = remaining;
    }
    if from_end {
        parts.reverse();
    }
    parts
}

fn splitlines(_: &mut Evaluator<'_>, text: &Value, args: Args) -> Outcome {
    let [keep] = args.bind("splitlines", ["keepends"], 0)?;
    let keep = keep.map_or(Ok(0), |keep| index(&keep))? != 0;
    let is_break = |c: char| {
        matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}')
    };
    let mut lines = Vec::new();
    let mut rest = of(text);
    while !rest.is_empty() {
        let end = rest.find(is_break).unwrap_or(rest.len());
        let width =
            if rest[end..].starts_with("\r\n") { 2 } else { rest[end..].chars().next().map_or(0, char::len_utf8) };
        lines.push(Value::str(if keep { &rest[..end + width] } else { &rest[..end] }));
        rest = &rest[end + width..];
    }
    Ok(Value::list(lines))
}

/// Byte bounds of `text[start:stop]`, with the count of characters before; `None` when start lies
/// past the end.
fn window(text: &str, start: Option<Value>, stop: Option<Value>) -> Result<Option<(&str, i64)>, EvalError> {
    let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    let bound = |value: Option<Value>, default: i64| -> Result<i64, EvalError> {
        match value.filter(|value| !value.is_none()) {
            None => Ok(default),
            Some(value) => {
                let bound = index(&value)?;
                Ok(if bound < 0 { bound.saturating_add(length).max(0) } else { bound })
            }
        }
    };
    let (start, stop) = (bound(start, 0)?, bound(stop, length)?.min(length));
    if start > stop {
        return Ok(None);
    }
    let byte = |place: i64| {
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        text.char_indices().nth(place).map_or(text.len(), |(byte, _)| byte)
    };
    Ok(Some((&text[byte(start)..byte(stop)], start)))
}

fn edge(text: &str, args: Args, name: &str, test: fn(&str, &str) -> bool) -> Outcome {
    let [part, start, stop] = args.bind(name, ["", "", ""], 1)?;
    let found = window(text, start, stop)?;
    let test = |part: &str| found.is_some_and(|(text, _)| test(text, part));
    match part.unwrap_or_default() {
        Value::Str(part) => Ok(Value::Bool(test(&part))),
        Value::Tuple(parts) => {
            for part in parts.iter() {
                if test(needed(part, name)?) {
                    return Ok(Value::Bool(true));
                }
            }
            Ok(Value::Bool(false))
        }
        other => Err(EvalError::type_error(format!(
            "{name} first arg must be str or a tuple of str, not {}",
            other.type_name()
        ))),
    }
}

fn place(text: &str, args: Args, name: &str, last: bool) -> Result<Option<i64>, EvalError> {
    let [part, start, stop] = args.bind(name, ["", "", ""], 1)?;
    let part = part.unwrap_or_default();
    let part = needed(&part, name)?;
    let Some((text, before)) = window(text, start, stop)? else { return Ok(None) };
    let byte = if last { text.rfind(part) } else { text.find(part) };
    Ok(byte.map(|byte| before + i64::try_from(text[..byte].chars().count()).unwrap_or(i64::MAX)))
}

fn found(place: Option<i64>) -> Outcome {
    place.map(Value::Int).ok_or_else(|| EvalError::value_error("substring not found"))
}

fn count(_: &mut Evaluator<'_>, text: &Value, args: Args) -> Outcome {
    let [part, start, stop] = args.bind("count", ["", "", ""], 1)?;
    let part = part.unwrap_or_default();
    let part = needed(&part, "count")?;
    let Some((text, _)) = window(of(text), start, stop)? else { return Ok(Value::Int(0)) };
    let found = if part.is_empty() { text.chars().count() + 1 } else { text.matches(part).count() };
    Ok(Value::from(found))
}
