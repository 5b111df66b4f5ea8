//! What a field of a record is worth: numbers that a table holds as text, times in the forms of the field.

use dtc_expr::{DateTime, Dict, Value};

/// The fields of a record; `None` for what is no object.
pub fn fields(value: &Value) -> Option<&Dict> {
    match value {
        Value::Dict(_, fields) => Some(fields),
        _ => None,
    }
}

/// A finite number, also one that stands as text.
pub fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Int(number) => *number as f64,
        Value::Float(number) => *number,
        Value::Bool(number) => f64::from(u8::from(*number)),
        Value::Str(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    number.is_finite().then_some(number)
}

/// A scalar as text; nothing for blank ones and collections.
pub fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::Str(_) | Value::Int(_) | Value::Big(_) | Value::Bool(_) | Value::DateTime(_) => value.to_text(),
        // An action 3.0 of a table is the action 3 of another.
        Value::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        Value::Float(_) => value.to_text(),
        _ => return None,
    };
    let trimmed = text.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

/// Seconds beyond this are milliseconds: the year 5138 in seconds, 1973 in milliseconds.
const MOST_SECONDS: f64 = 1e11;

/// Milliseconds since 1970; a time without a zone is UTC, a number seconds or milliseconds by its size.
pub fn millis(value: &Value) -> Option<i64> {
    if let Value::DateTime(time) = value {
        return Some(time.or_utc().micros.div_euclid(1_000));
    }
    if let Some(number) = number(value) {
        let millis = if number.abs() < MOST_SECONDS { number * 1_000.0 } else { number };
        return Some(millis as i64);
    }
    let text = value.as_str()?;
    let time = DateTime::parse_iso(text).or_else(|| DateTime::parse(text))?;
    Some(time.or_utc().micros.div_euclid(1_000))
}

/// As one line of JSON would say it, shortened; for messages.
pub fn shown(value: &Value) -> String {
    let text = value.to_json().unwrap_or_else(|_| value.to_text());
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// The same value; numbers that no integer of 64 bits holds are floats.
pub fn of_json(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::None,
        serde_json::Value::Bool(value) => Value::Bool(*value),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(whole) => Value::Int(whole),
            None => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        serde_json::Value::String(text) => Value::str(text),
        serde_json::Value::Array(items) => Value::list(items.iter().map(of_json).collect()),
        serde_json::Value::Object(members) => {
            Value::dict(members.iter().map(|(name, value)| (Value::str(name), of_json(value))).collect())
        }
    }
}
