//! JSON as Python's `json.dumps` prints it: `, ` and `: `, ASCII only, `NaN` and `Infinity` bare.

use std::fmt::Write;

use super::{Value, float_repr};

impl Value {
    /// Appends the value. Refuses what `json.dumps` refuses (datetimes, sets, tuples as keys …).
    pub fn write_json(&self, out: &mut String) -> Result<(), String> {
        match self {
            Value::None => out.push_str("null"),
            Value::Bool(true) => out.push_str("true"),
            Value::Bool(false) => out.push_str("false"),
            Value::Int(_) | Value::Big(_) => self.write_repr(out),
            Value::Float(number) => out.push_str(&float_json(*number)),
            Value::Str(text) => write_json_text(text, out),
            Value::Tuple(items) | Value::List(_, items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push_str(", ");
                    }
                    item.write_json(out)?;
                }
                out.push(']');
            }
            Value::Dict(_, dict) => {
                out.push('{');
                for (index, (key, value)) in dict.iter().enumerate() {
                    if index > 0 {
                        out.push_str(", ");
                    }
                    write_json_text(&json_key(key)?, out);
                    out.push_str(": ");
                    value.write_json(out)?;
                }
                out.push('}');
            }
            Value::Set(..) | Value::DateTime(_) | Value::TimeDelta(_) | Value::Object(_) => {
                let name = self.type_name().rsplit('.').next().unwrap_or_default();
                return Err(format!("Object of type {name} is not JSON serializable"));
            }
        }
        Ok(())
    }

    /// `write_json` into a new string.
    pub fn to_json(&self) -> Result<String, String> {
        let mut out = String::new();
        self.write_json(&mut out)?;
        Ok(out)
    }
}

fn float_json(number: f64) -> String {
    if number.is_nan() {
        "NaN".to_owned()
    } else if number.is_infinite() {
        if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned()
    } else {
        float_repr(number)
    }
}

pub(crate) fn json_key(key: &Value) -> Result<String, String> {
    match key {
        Value::Str(text) => Ok(text.to_string()),
        Value::None => Ok("null".to_owned()),
        Value::Bool(flag) => Ok(flag.to_string()),
        Value::Int(_) | Value::Big(_) => Ok(key.repr()),
        Value::Float(number) => Ok(float_json(*number)),
        other => {
            let name = other.type_name().rsplit('.').next().unwrap_or_default();
            Err(format!("keys must be str, int, float, bool or None, not {name}"))
        }
    }
}

/// A JSON string with every non-ASCII character escaped.
pub fn write_json_text(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(character),
            _ => {
                let mut units = [0u16; 2];
                for unit in character.encode_utf16(&mut units) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.push('"');
}
