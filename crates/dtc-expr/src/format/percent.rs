//! `'%s has %d' % (name, count)`.

use super::{Spec, number, pad};
use crate::builtins::Outcome;
use crate::builtins::numbers::to_int;
use crate::builtins::texts::ascii;
use crate::error::EvalError;
use crate::operator::check_text;
use crate::value::Value;

struct Arguments<'v> {
    all: &'v Value,
    place: usize,
}

impl Arguments<'_> {
    fn next(&mut self) -> Result<Value, EvalError> {
        self.place += 1;
        let found = match self.all {
            Value::Tuple(items) => items.get(self.place - 1).cloned(),
            other => (self.place == 1).then(|| other.clone()),
        };
        found.ok_or_else(|| EvalError::type_error("not enough arguments for format string"))
    }

    fn named(&self, name: &str) -> Outcome {
        match self.all {
            Value::Dict(_, dict) => {
                dict.get(name).cloned().ok_or_else(|| crate::builtins::collections::key_error(&Value::str(name)))
            }
            _ => Err(EvalError::type_error("format requires a mapping")),
        }
    }

    fn all_used(&self) -> bool {
        match self.all {
            Value::Tuple(items) => self.place >= items.len(),
            Value::Dict(..) | Value::List(..) => true,
            _ => self.place >= 1,
        }
    }
}

pub(crate) fn percent(format: &str, arguments: &Value) -> Outcome {
    let mut given = Arguments { all: arguments, place: 0 };
    let mut out = String::new();
    let mut characters = format.chars().peekable();
    while let Some(character) = characters.next() {
        if character != '%' {
            out.push(character);
            continue;
        }
        if characters.next_if_eq(&'%').is_some() {
            out.push('%');
            continue;
        }
        directive(&mut characters, &mut given, &mut out)?;
        check_text(out.len())?;
    }
    if !given.all_used() {
        return Err(EvalError::type_error("not all arguments converted during string formatting"));
    }
    Ok(Value::from(out))
}

type Characters<'t> = std::iter::Peekable<std::str::Chars<'t>>;

fn directive(characters: &mut Characters<'_>, given: &mut Arguments<'_>, out: &mut String) -> Result<(), EvalError> {
    let mut named = None;
    if characters.next_if_eq(&'(').is_some() {
        let name: String = characters.by_ref().take_while(|c| *c != ')').collect();
        named = Some(given.named(&name)?);
    }
    let mut spec = Spec::default();
    while let Some(flag) = characters.next_if(|c| "#0- +".contains(*c)) {
        match flag {
            '#' => spec.alternate = true,
            '0' => spec.zero = true,
            '-' => spec.align = Some('<'),
            other => spec.sign = if spec.sign == Some('+') { Some('+') } else { Some(other) },
        }
    }
    spec.width = size(characters, given)?.unwrap_or(0);
    if characters.next_if_eq(&'.').is_some() {
        spec.precision = Some(size(characters, given)?.unwrap_or(0));
    }
    while characters.next_if(|c| "hlL".contains(*c)).is_some() {}
    let Some(kind) = characters.next() else {
        return Err(EvalError::value_error("incomplete format"));
    };
    check_text(spec.width.max(spec.precision.unwrap_or(0)))?;
    let value = match named {
        Some(value) => value,
        None => given.next()?,
    };
    out.push_str(&convert(&value, kind, spec)?);
    Ok(())
}

fn size(characters: &mut Characters<'_>, given: &mut Arguments<'_>) -> Result<Option<usize>, EvalError> {
    if characters.next_if_eq(&'*').is_some() {
        return crate::builtins::numbers::count(&given.next()?).map(Some);
    }
    let mut digits = String::new();
    while let Some(digit) = characters.next_if(char::is_ascii_digit) {
        digits.push(digit);
    }
    if digits.is_empty() {
        return Ok(None);
    }
    digits.parse().map(Some).map_err(|_| EvalError::value_error("width too big"))
}

fn convert(value: &Value, kind: char, mut spec: Spec) -> Result<String, EvalError> {
    let left = spec.align == Some('<');
    let text = match kind {
        's' => value.to_text(),
        'r' => value.repr(),
        'a' => ascii(value),
        'c' => match value {
            Value::Str(text) if text.chars().count() == 1 => text.to_string(),
            Value::Int(code) => u32::try_from(*code)
                .ok()
                .and_then(char::from_u32)
                .map(String::from)
                .ok_or_else(|| EvalError::overflow("%c arg not in range(0x110000)"))?,
            _ => return Err(EvalError::type_error("%c requires int or char")),
        },
        'd' | 'i' | 'u' | 'x' | 'X' | 'o' => {
            let decimal = "diu".contains(kind);
            let number = match value {
                Value::Float(_) if decimal => to_int(value)?,
                Value::Int(_) | Value::Big(_) | Value::Bool(_) => to_int(value)?,
                other => {
                    return Err(EvalError::type_error(format!(
                        "%{kind} format: {} is required, not {}",
                        if decimal { "a real number" } else { "an integer" },
                        other.type_name()
                    )));
                }
            };
            spec.kind = Some(if decimal { 'd' } else { kind });
            spec.precision = None;
            spec.zero &= !left;
            return number::format_int(&number, &spec);
        }
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
            let number = match value {
                Value::Int(_) | Value::Big(_) | Value::Bool(_) | Value::Float(_) => {
                    crate::builtins::numbers::to_float(value)?
                }
                other => {
                    return Err(EvalError::type_error(format!("must be real number, not {}", other.type_name())));
                }
            };
            spec.kind = Some(kind);
            spec.zero &= !left;
            let Value::Float(number) = number else { return Ok(String::new()) };
            return number::format_float(number, &spec);
        }
        other => {
            return Err(EvalError::value_error(format!("unsupported format character '{other}'")));
        }
    };
    let cut: String = text.chars().take(spec.precision.unwrap_or(usize::MAX)).collect();
    Ok(pad(&cut, spec.width, ' ', if left { '<' } else { '>' }))
}
