//! Format specifications (`f"{x:>8.2f}"`, `format`, `str.format`) and `%` formatting.

mod number;
mod percent;
mod template;

use crate::error::EvalError;
use crate::operator::check_text;
use crate::time::format_time;
use crate::value::Value;
use crate::value::object::Object;

pub(crate) use percent::percent;
pub(crate) use template::braces;

/// `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`
#[derive(Debug, Clone, Default)]
pub(crate) struct Spec {
    pub fill: Option<char>,
    pub align: Option<char>,
    pub sign: Option<char>,
    pub alternate: bool,
    pub zero: bool,
    pub width: usize,
    pub grouping: Option<char>,
    pub precision: Option<usize>,
    pub kind: Option<char>,
}

impl Spec {
    fn parse(text: &str) -> Option<Spec> {
        let characters: Vec<char> = text.chars().collect();
        let mut spec = Spec::default();
        let mut at = 0;
        let is_align = |c: Option<&char>| matches!(c, Some('<' | '>' | '=' | '^'));
        if is_align(characters.get(1)) {
            spec.fill = characters.first().copied();
            spec.align = characters.get(1).copied();
            at = 2;
        } else if is_align(characters.first()) {
            spec.align = characters.first().copied();
            at = 1;
        }
        if let Some(sign @ ('+' | '-' | ' ')) = characters.get(at) {
            spec.sign = Some(*sign);
            at += 1;
        }
        if characters.get(at) == Some(&'z') {
            at += 1;
        }
        if characters.get(at) == Some(&'#') {
            spec.alternate = true;
            at += 1;
        }
        if characters.get(at) == Some(&'0') {
            spec.zero = true;
            at += 1;
        }
        spec.width = digits(&characters, &mut at)?.unwrap_or(0);
        if let Some(grouping @ (',' | '_')) = characters.get(at) {
            spec.grouping = Some(*grouping);
            at += 1;
        }
        if characters.get(at) == Some(&'.') {
            at += 1;
            spec.precision = Some(digits(&characters, &mut at)??);
        }
        spec.kind = characters.get(at).copied();
        (at + usize::from(spec.kind.is_some()) == characters.len()).then_some(spec)
    }
}

/// Outer `None`: too large.
fn digits(characters: &[char], at: &mut usize) -> Option<Option<usize>> {
    let start = *at;
    while characters.get(*at).is_some_and(char::is_ascii_digit) {
        *at += 1;
    }
    if start == *at {
        return Some(None);
    }
    characters[start..*at].iter().collect::<String>().parse().ok().map(Some)
}

/// `format(value, spec)`.
pub(crate) fn format_value(value: &Value, spec: &str) -> Result<String, EvalError> {
    if spec.is_empty() {
        return Ok(value.to_text());
    }
    match value {
        Value::DateTime(time) => return Ok(format_time(*time, spec)),
        Value::Object(object) => {
            if let Object::Time(time) = &**object {
                return Ok(format_time(*time, spec));
            }
            if let Object::Date(date) = &**object {
                let midnight = crate::time::DateTime { micros: i64::from(date.days) * crate::time::DAY, offset: None };
                return Ok(format_time(midnight, spec));
            }
        }
        _ => {}
    }
    let parsed = Spec::parse(spec).ok_or_else(|| {
        EvalError::value_error(format!("Invalid format specifier '{spec}' for object of type '{}'", value.type_name()))
    })?;
    check_text(parsed.width.max(parsed.precision.unwrap_or(0)))?;
    match value {
        Value::Str(text) => format_text(text, &parsed),
        Value::Bool(_) if parsed.kind.is_none() => number::format_int(value, &parsed),
        Value::Bool(_) | Value::Int(_) | Value::Big(_) => number::format_int(value, &parsed),
        Value::Float(number) => number::format_float(*number, &parsed),
        other => {
            Err(EvalError::type_error(format!("unsupported format string passed to {}.__format__", other.type_name())))
        }
    }
}

pub(super) fn unknown_code(kind: char, type_name: &str) -> EvalError {
    EvalError::value_error(format!("Unknown format code '{kind}' for object of type '{type_name}'"))
}

fn format_text(text: &str, spec: &Spec) -> Result<String, EvalError> {
    if let Some(kind) = spec.kind.filter(|kind| *kind != 's') {
        return Err(unknown_code(kind, "str"));
    }
    if spec.sign.is_some() {
        return Err(EvalError::value_error("Sign not allowed in string format specifier"));
    }
    if spec.align == Some('=') {
        return Err(EvalError::value_error("'=' alignment not allowed in string format specifier"));
    }
    if let Some(grouping) = spec.grouping {
        return Err(EvalError::value_error(format!("Cannot specify '{grouping}' with 's'.")));
    }
    let cut: String = match spec.precision {
        Some(precision) => text.chars().take(precision).collect(),
        None => text.to_owned(),
    };
    let fill = spec.fill.unwrap_or(if spec.zero { '0' } else { ' ' });
    Ok(pad(&cut, spec.width, fill, spec.align.unwrap_or('<')))
}

pub(super) fn pad(text: &str, width: usize, fill: char, align: char) -> String {
    let missing = width.saturating_sub(text.chars().count());
    let left = match align {
        '<' => 0,
        '^' => missing / 2,
        _ => missing,
    };
    let fills = |count: usize| std::iter::repeat_n(fill, count).collect::<String>();
    format!("{}{text}{}", fills(left), fills(missing - left))
}
