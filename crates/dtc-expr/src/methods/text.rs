//! Methods of str that change or join texts.

use std::ops::ControlFlow;

use super::Method;
use crate::builtins::numbers::count;
use crate::builtins::{Args, Outcome};
use crate::error::EvalError;
use crate::eval::Evaluator;
use crate::operator::check_text;
use crate::value::{Dict, Value};

pub(super) const TABLE: &[Method] = &[
    Method::read("upper", |_, text, _| Ok(Value::from(of(text).to_uppercase()))),
    Method::read("lower", |_, text, _| Ok(Value::from(of(text).to_lowercase()))),
    Method::read("casefold", |_, text, _| Ok(Value::from(of(text).to_lowercase().replace('ß', "ss")))),
    Method::read("title", |_, text, _| Ok(Value::from(title(of(text))))),
    Method::read("capitalize", |_, text, _| Ok(Value::from(capitalize(of(text))))),
    Method::read("swapcase", |_, text, _| Ok(Value::from(swapcase(of(text))))),
    Method::read("strip", |_, text, args| strip(of(text), args, "strip", true, true)),
    Method::read("lstrip", |_, text, args| strip(of(text), args, "lstrip", true, false)),
    Method::read("rstrip", |_, text, args| strip(of(text), args, "rstrip", false, true)),
    Method::read("removeprefix", |_, text, args| {
        let prefix = args.one("removeprefix")?;
        let text = of(text);
        Ok(Value::str(text.strip_prefix(needed(&prefix, "removeprefix")?).unwrap_or(text)))
    }),
    Method::read("removesuffix", |_, text, args| {
        let suffix = args.one("removesuffix")?;
        let text = of(text);
        Ok(Value::str(text.strip_suffix(needed(&suffix, "removesuffix")?).unwrap_or(text)))
    }),
    Method::read("replace", replace),
    Method::read("join", join),
    Method::read("center", |_, text, args| pad(of(text), args, "center", Side::Both)),
    Method::read("ljust", |_, text, args| pad(of(text), args, "ljust", Side::Right)),
    Method::read("rjust", |_, text, args| pad(of(text), args, "rjust", Side::Left)),
    Method::read("zfill", zfill),
    Method::read("format", |evaluator, text, args| crate::format::braces(evaluator, of(text), &args).map(Value::from)),
    Method::read("expandtabs", expandtabs),
    Method::read("translate", translate),
];

/// The receiver's text.
pub(super) fn of(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// An argument that must be a text.
pub(super) fn needed<'v>(value: &'v Value, function: &str) -> Result<&'v str, EvalError> {
    value
        .as_str()
        .ok_or_else(|| EvalError::type_error(format!("{function}() argument must be str, not {}", value.type_name())))
}

fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for character in text.chars() {
        if inside {
            out.extend(character.to_lowercase())
        } else {
            push_title(character, &mut out)
        }
        inside = character.is_alphabetic();
    }
    out
}

/// `ß` becomes `Ss` at the start of a word.
fn push_title(character: char, out: &mut String) {
    let mut upper = character.to_uppercase();
    out.extend(upper.next());
    out.extend(upper.flat_map(char::to_lowercase));
}

fn capitalize(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    if let Some(first) = characters.next() {
        push_title(first, &mut out);
    }
    out.push_str(&characters.as_str().to_lowercase());
    out
}

fn swapcase(text: &str) -> String {
    let swap = |c: char| -> String {
        match (c.is_uppercase(), c.is_lowercase()) {
            (true, _) => c.to_lowercase().collect(),
            (_, true) => c.to_uppercase().collect(),
            _ => c.to_string(),
        }
    };
    text.chars().map(swap).collect()
}

fn strip(text: &str, args: Args, name: &str, start: bool, end: bool) -> Outcome {
    let [characters] = args.bind(name, [""], 0)?;
    let characters = characters.unwrap_or_default();
    let set = match &characters {
        Value::None => None,
        Value::Str(set) => Some(set),
        _ => return Err(EvalError::type_error(format!("{name} arg must be None or str"))),
    };
    let matches = |c: char| match set {
        None => is_space(c),
        Some(set) => set.contains(c),
    };
    let mut rest = text;
    if start {
        rest = rest.trim_start_matches(matches);
    }
    if end {
        rest = rest.trim_end_matches(matches);
    }
    Ok(Value::str(rest))
}

/// White space as `str.split` and `str.strip` have it: Rust's and the four separators of ASCII.
pub(super) fn is_space(character: char) -> bool {
    character.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&character)
}

fn replace(_: &mut Evaluator<'_>, text: &Value, args: Args) -> Outcome {
    let [old, new, times] = args.bind("replace", ["", "", "count"], 2)?;
    let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
    let (text, old, new) = (of(text), needed(&old, "replace")?, needed(&new, "replace")?);
    let times = match times {
        Some(times) => match crate::builtins::index(&times)? {
            negative if negative < 0 => usize::MAX,
            _ => count(&times)?,
        },
        None => usize::MAX,
    };
    let found = if old.is_empty() { text.chars().count() + 1 } else { text.matches(old).count() };
    check_text(text.len().saturating_add(found.min(times).saturating_mul(new.len())))?;
    Ok(Value::from(if times == usize::MAX { text.replace(old, new) } else { text.replacen(old, new, times) }))
}

fn join(evaluator: &mut Evaluator<'_>, text: &Value, args: Args) -> Outcome {
    let separator = of(text);
    let mut out = String::new();
    let mut place = 0;
    evaluator.for_each(args.one("join")?, &mut |_, item| {
        let Some(part) = item.as_str() else {
            return Err(EvalError::type_error(format!(
                "sequence item {place}: expected str instance, {} found",
                item.type_name()
            )));
        };
        if place > 0 {
            out.push_str(separator);
        }
        out.push_str(part);
        check_text(out.len())?;
        place += 1;
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(Value::from(out))
}

enum Side {
    Left,
    Right,
    Both,
}

fn pad(text: &str, args: Args, name: &str, side: Side) -> Outcome {
    let [width, fill] = args.bind(name, ["", ""], 1)?;
    let width = count(&width.unwrap_or_default())?;
    let fill = fill.unwrap_or_else(|| Value::str(" "));
    let mut characters = needed(&fill, name)?.chars();
    let (Some(fill), None) = (characters.next(), characters.next()) else {
        return Err(EvalError::type_error("The fill character must be exactly one character long"));
    };
    let missing = width.saturating_sub(text.chars().count());
    check_text(text.len().saturating_add(missing.saturating_mul(4)))?;
    let left = match side {
        Side::Left => missing,
        Side::Right => 0,
        // As CPython: the odd one goes left when the width is odd.
        Side::Both => missing / 2 + (missing & width & 1),
    };
    let fills = |count: usize| std::iter::repeat_n(fill, count).collect::<String>();
    Ok(Value::from(format!("{}{text}{}", fills(left), fills(missing - left))))
}

fn zfill(_: &mut Evaluator<'_>, text: &Value, args: Args) -> Outcome {
    let width = count(&args.one("zfill")?)?;
    let text = of(text);
    let missing = width.saturating_sub(text.chars().count());
    check_text(text.len().saturating_add(missing))?;
    let (sign, digits) = match text.strip_prefix(['+', '-']) {
        Some(digits) => (&text[..1], digits),
        None => ("", text),
    };
    Ok(Value::from(format!("{sign}{}{digits}", "0".repeat(missing))))
}

fn expandtabs(_: &mut Evaluator<'_>, text: &Value, args: Args) -> Outcome {
    let [size] = args.bind("expandtabs", ["tabsize"], 0)?;
    let size = size.map_or(Ok(8), |size| count(&size))?;
    let text = of(text);
    check_text(text.len().saturating_add(text.matches('\t').count().saturating_mul(size)))?;
    let (mut out, mut column) = (String::new(), 0);
    for character in text.chars() {
        match character {
            '\t' if size > 0 => {
                let spaces = size - column % size;
                out.extend(std::iter::repeat_n(' ', spaces));
                column += spaces;
            }
            '\t' => {}
            '\n' | '\r' => {
                out.push(character);
                column = 0;
            }
            other => {
                out.push(other);
                column += 1;
            }
        }
    }
    Ok(Value::from(out))
}

/// With a dict of code points, as `str.maketrans` would make it.
fn translate(_: &mut Evaluator<'_>, text: &Value, args: Args) -> Outcome {
    let table = args.one("translate")?;
    let empty = Dict::default();
    let dict = match &table {
        Value::Dict(_, dict) => &**dict,
        // These are asked for places that they do not have.
        Value::Str(_) | Value::List(..) | Value::Tuple(_) => &empty,
        other => {
            return Err(EvalError::type_error(format!("'{}' object is not subscriptable", other.type_name())));
        }
    };
    let mut out = String::new();
    for character in of(text).chars() {
        match dict.get(&Value::Int(i64::from(u32::from(character)))) {
            None => out.push(character),
            Some(Value::None) => {}
            Some(Value::Str(text)) => out.push_str(text),
            Some(Value::Int(code)) => {
                let replacement = u32::try_from(*code).ok().and_then(char::from_u32);
                out.push(
                    replacement
                        .ok_or_else(|| EvalError::value_error("character mapping must be in range(0x110000)"))?,
                );
            }
            Some(_) => {
                return Err(EvalError::type_error("character mapping must return integer, None or str"));
            }
        }
        check_text(out.len())?;
    }
    Ok(Value::from(out))
}
