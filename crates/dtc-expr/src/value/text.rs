//! `str(value)` and `repr(value)` as Python prints them.

use std::fmt::{self, Write};

use super::object::write_object;
use super::{Dict, Value, float_repr};

impl Value {
    /// Python's `str(value)`.
    pub fn to_text(&self) -> String {
        match self {
            Value::Str(text) => text.to_string(),
            Value::DateTime(time) => time.text(' '),
            Value::TimeDelta(delta) => delta.text(),
            Value::Object(object) => object.text(),
            other => other.repr(),
        }
    }

    /// Python's `repr(value)`.
    pub fn repr(&self) -> String {
        let mut out = String::new();
        self.write_repr(&mut out);
        out
    }

    pub(crate) fn write_repr(&self, out: &mut String) {
        match self {
            Value::None => out.push_str("None"),
            Value::Bool(true) => out.push_str("True"),
            Value::Bool(false) => out.push_str("False"),
            Value::Int(number) => push(out, format_args!("{number}")),
            Value::Big(number) => push(out, format_args!("{number}")),
            Value::Float(number) => out.push_str(&float_repr(*number)),
            Value::Str(text) => write_quoted(text, out),
            Value::Tuple(items) => {
                write_items(items.iter(), "(", if items.len() == 1 { ",)" } else { ")" }, out);
            }
            Value::List(_, items) => write_items(items.iter(), "[", "]", out),
            Value::Dict(super::Flavor::Counter, dict) => write_counter(dict, out),
            Value::Dict(_, dict) => write_dict(dict, out),
            Value::Set(_, set) if set.is_empty() => out.push_str("set()"),
            Value::Set(_, set) => write_items(set.iter(), "{", "}", out),
            Value::DateTime(time) => out.push_str(&time.repr()),
            Value::TimeDelta(delta) => out.push_str(&delta.repr()),
            Value::Object(object) => write_object(object, out),
        }
    }
}

/// The most frequent first, where the counts can be compared.
fn write_counter(dict: &Dict, out: &mut String) {
    out.push_str("Counter(");
    if !dict.is_empty() {
        let ranked = crate::modules::ranked(dict).ok();
        let ranked = ranked.map(|pairs| pairs.into_iter().collect::<Dict>());
        write_dict(ranked.as_ref().unwrap_or(dict), out);
    }
    out.push(')');
}

impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.to_text())
    }
}

/// Writing into a `String` cannot fail.
fn push(out: &mut String, arguments: fmt::Arguments<'_>) {
    let _ = out.write_fmt(arguments);
}

pub(super) fn write_items<'a>(items: impl Iterator<Item = &'a Value>, open: &str, close: &str, out: &mut String) {
    out.push_str(open);
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        item.write_repr(out);
    }
    out.push_str(close);
}

fn write_dict(dict: &Dict, out: &mut String) {
    out.push('{');
    for (index, (key, value)) in dict.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        key.write_repr(out);
        out.push_str(": ");
        value.write_repr(out);
    }
    out.push('}');
}

/// Single quotes unless the text holds one and no double quote.
pub(crate) fn write_quoted(text: &str, out: &mut String) {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    out.push(quote);
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if character == quote => {
                out.push('\\');
                out.push(character);
            }
            _ if is_printable(character) => out.push(character),
            _ => write_escape(character, out),
        }
    }
    out.push(quote);
}

pub(crate) fn write_escape(character: char, out: &mut String) {
    match u32::from(character) {
        code @ 0..=0xff => push(out, format_args!("\\x{code:02x}")),
        code @ 0x100..=0xffff => push(out, format_args!("\\u{code:04x}")),
        code => push(out, format_args!("\\U{code:08x}")),
    }
}

/// Python's `str.isprintable` for one character, near enough: controls, separators other than the
/// space, formats, surrogates and private use are not.
fn is_printable(character: char) -> bool {
    if character.is_ascii() {
        return !character.is_ascii_control();
    }
    !matches!(u32::from(character),
        0x80..=0xa0 | 0xad | 0x600..=0x605 | 0x61c | 0x6dd | 0x70f | 0x1680 | 0x180e
        | 0x2000..=0x200f | 0x2028..=0x202f | 0x205f..=0x206f | 0x3000 | 0xe000..=0xf8ff
        | 0xfeff | 0xfff0..=0xfffb | 0xfffe | 0xffff | 0xe0000..=0x10ffff)
}
