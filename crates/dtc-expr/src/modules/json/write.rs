//! `json.dumps` with indent, sorted keys, separators.

use crate::builtins::Args;
use crate::builtins::collections::order;
use crate::error::EvalError;
use crate::eval::Evaluator;
use crate::value::{Value, write_json_text};

type Result<T = ()> = std::result::Result<T, EvalError>;

pub(super) struct Style {
    pub indent: Option<String>,
    pub sort_keys: bool,
    pub ascii: bool,
    pub separators: Option<(String, String)>,
    /// Called for what JSON cannot hold; its result is written instead.
    pub default: Option<Value>,
}

/// Collections inside collections.
const MAX_DEPTH: usize = 200;

impl Default for Style {
    fn default() -> Style {
        Style { indent: None, sort_keys: false, ascii: true, separators: None, default: None }
    }
}

pub(super) fn indent(value: &Value) -> Result<Option<String>> {
    match value {
        Value::None => Ok(None),
        Value::Str(text) => Ok(Some(text.to_string())),
        number => Ok(Some(" ".repeat(crate::builtins::numbers::count(number)?.min(64)))),
    }
}

pub(super) fn separators(value: &Value) -> Result<Option<(String, String)>> {
    let items = match value {
        Value::None => return Ok(None),
        Value::Tuple(items) | Value::List(_, items) => items,
        _ => return Err(EvalError::type_error("separators must be a pair of texts")),
    };
    match items.as_slice() {
        [Value::Str(item), Value::Str(key)] => Ok(Some((item.to_string(), key.to_string()))),
        _ => Err(EvalError::type_error("separators must be a pair of texts")),
    }
}

pub(super) fn write(
    evaluator: &mut Evaluator<'_>,
    value: &Value,
    style: &Style,
    depth: usize,
    out: &mut String,
) -> Result {
    crate::operator::check_text(out.len())?;
    if depth > MAX_DEPTH {
        return Err(EvalError::limit("dumps() of collections nested too deeply"));
    }
    match value {
        Value::Tuple(items) | Value::List(_, items) => {
            let mut first = true;
            out.push('[');
            for item in items.iter() {
                comma(&mut first, style, depth, out);
                write(evaluator, item, style, depth + 1, out)?;
            }
            close(first, ']', style, depth, out);
            Ok(())
        }
        Value::Dict(_, dict) => {
            let mut entries: Vec<(&Value, &Value)> = dict.iter().collect();
            if style.sort_keys {
                entries = sorted(entries)?;
            }
            let mut first = true;
            out.push('{');
            for (key, value) in entries {
                comma(&mut first, style, depth, out);
                text(&crate::value::json_key(key).map_err(EvalError::type_error)?, style, out);
                out.push_str(style.separators.as_ref().map_or(": ", |(_, key)| key));
                write(evaluator, value, style, depth + 1, out)?;
            }
            close(first, '}', style, depth, out);
            Ok(())
        }
        Value::Str(content) => {
            text(content, style, out);
            Ok(())
        }
        scalar => match (scalar.write_json(out), &style.default) {
            (Ok(()), _) => Ok(()),
            (Err(_), Some(default)) => {
                let instead = evaluator.call(default, Args::of([scalar.clone()]))?;
                write(evaluator, &instead, style, depth + 1, out)
            }
            (Err(message), None) => Err(EvalError::type_error(message)),
        },
    }
}

fn sorted<'v>(entries: Vec<(&'v Value, &'v Value)>) -> Result<Vec<(&'v Value, &'v Value)>> {
    order(entries.into_iter().map(|entry| (entry.0.clone(), entry)).collect(), false)
}

fn comma(first: &mut bool, style: &Style, depth: usize, out: &mut String) {
    if !*first {
        let default = if style.indent.is_some() { "," } else { ", " };
        out.push_str(style.separators.as_ref().map_or(default, |(item, _)| item));
    }
    *first = false;
    line(style, depth + 1, out);
}

fn line(style: &Style, depth: usize, out: &mut String) {
    if let Some(indent) = &style.indent {
        out.push('\n');
        out.push_str(&indent.repeat(depth));
    }
}

fn close(empty: bool, bracket: char, style: &Style, depth: usize, out: &mut String) {
    if !empty {
        line(style, depth, out);
    }
    out.push(bracket);
}

fn text(content: &str, style: &Style, out: &mut String) {
    if style.ascii {
        return write_json_text(content, out);
    }
    // Escape what ASCII needs, piece by piece, and keep the rest.
    let mut rest = content;
    out.push('"');
    while let Some(first) = rest.chars().next() {
        let width = first.len_utf8();
        if first.is_ascii() {
            let mut quoted = String::new();
            write_json_text(&rest[..width], &mut quoted);
            out.push_str(&quoted[1..quoted.len() - 1]);
        } else {
            out.push(first);
        }
        rest = &rest[width..];
    }
    out.push('"');
}
