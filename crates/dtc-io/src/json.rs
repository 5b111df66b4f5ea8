//! Values as text: JSON for files and collections, plain text for the cells of tables.

use std::fmt::Write;

use dtc_expr::Value;

/// Compact JSON. Datetimes are ISO 8601 texts, spans their seconds, sets sorted lists; NaN and the
/// infinities are null, because JSON has no word for them.
pub fn write_json(value: &Value, out: &mut String) {
    match value {
        Value::None => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Int(number) => write_display(number, out),
        Value::Big(number) => write_display(number, out),
        Value::Float(number) => write_float(*number, out),
        Value::Str(text) => write_string(text, out),
        Value::Tuple(items) | Value::List(_, items) => write_list(items.iter(), out),
        Value::Dict(_, dict) => {
            out.push('{');
            for (place, (key, value)) in dict.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                write_string(&cell_text(key).unwrap_or_else(|| "null".to_owned()), out);
                out.push(':');
                write_json(value, out);
            }
            out.push('}');
        }
        Value::Set(_, set) => {
            let mut items: Vec<&Value> = set.iter().collect();
            items.sort_by(|a, b| sort_key(a).partial_cmp(&sort_key(b)).unwrap_or(std::cmp::Ordering::Equal));
            write_list(items.into_iter(), out);
        }
        Value::DateTime(time) => write_string(&time.isoformat(), out),
        Value::TimeDelta(span) => write_float(span.total_seconds(), out),
        Value::Object(_) => write_string(value.type_name(), out),
    }
}

pub fn json_text(value: &Value) -> String {
    let mut out = String::new();
    write_json(value, &mut out);
    out
}

/// A cell as people read it: texts as they are, numbers in full, collections as JSON. `None` is a
/// missing value.
pub fn cell_text(value: &Value) -> Option<String> {
    match value {
        Value::None => None,
        Value::Str(text) => Some(text.as_ref().to_owned()),
        Value::Float(number) => Some(float_text(*number)),
        Value::DateTime(time) => Some(time.isoformat()),
        other => Some(json_text(other)),
    }
}

pub fn float_text(number: f64) -> String {
    if number.is_nan() {
        "NaN".to_owned()
    } else if number.is_infinite() {
        if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned()
    } else {
        format!("{number:?}")
    }
}

fn write_float(number: f64, out: &mut String) {
    if number.is_finite() {
        let _ = write!(out, "{number:?}");
    } else {
        out.push_str("null");
    }
}

fn write_display(value: &dyn std::fmt::Display, out: &mut String) {
    let _ = write!(out, "{value}");
}

fn write_list<'a>(items: impl Iterator<Item = &'a Value>, out: &mut String) {
    out.push('[');
    for (place, item) in items.enumerate() {
        if place > 0 {
            out.push(',');
        }
        write_json(item, out);
    }
    out.push(']');
}

/// Numbers before texts before the rest, each in its own order.
fn sort_key(value: &Value) -> (u8, f64, String) {
    match value {
        Value::Bool(flag) => (0, f64::from(u8::from(*flag)), String::new()),
        Value::Int(number) => (0, *number as f64, String::new()),
        Value::Float(number) => (0, *number, String::new()),
        Value::DateTime(time) => (1, time.micros as f64, String::new()),
        Value::Str(text) => (2, 0.0, text.as_ref().to_owned()),
        other => (3, 0.0, json_text(other)),
    }
}

/// A JSON string; only what JSON demands is escaped.
pub fn write_string(text: &str, out: &mut String) {
    out.push('"');
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..0x20 => "",
            _ => continue,
        };
        out.push_str(&text[plain..at]);
        plain = at + 1;
        if escape.is_empty() {
            let _ = write!(out, "\\u{byte:04x}");
        } else {
            out.push_str(escape);
        }
    }
    out.push_str(&text[plain..]);
    out.push('"');
}
