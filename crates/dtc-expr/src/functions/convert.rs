//! Values into scripts and back.
//!
//! Into Rhai: `None` → `()`, datetime → its ISO text, timedelta → its seconds as a float, tuple and
//! set → array, dict → map (keys become text). Integers past 64 bits are refused. Back: array →
//! list, map → dict, `()` → `None`, character → text.

use rhai::{Array, Dynamic, Map};

use crate::builtins::Outcome;
use crate::error::EvalError;
use crate::value::object::Object;
use crate::value::{Dict, Value};

/// Deeper values are refused, so that no script can exhaust the stack.
const MAX_DEPTH: usize = 64;

fn too_deep() -> EvalError {
    EvalError::limit(format!("a value for a script may not nest deeper than {MAX_DEPTH}"))
}

pub(super) fn to_script(value: &Value, depth: usize) -> Result<Dynamic, EvalError> {
    if depth > MAX_DEPTH {
        return Err(too_deep());
    }
    let array = |items: &mut dyn Iterator<Item = &Value>| -> Result<Dynamic, EvalError> {
        let items: Result<Array, EvalError> = items.map(|item| to_script(item, depth + 1)).collect();
        Ok(items?.into())
    };
    Ok(match value {
        Value::None => Dynamic::UNIT,
        Value::Bool(flag) => (*flag).into(),
        Value::Int(number) => (*number).into(),
        Value::Float(number) => (*number).into(),
        Value::Str(text) => (**text).into(),
        Value::Tuple(items) | Value::List(_, items) => array(&mut items.iter())?,
        Value::Set(_, set) => array(&mut set.iter())?,
        Value::Dict(_, dict) => {
            let mut map = Map::new();
            for (key, value) in dict.iter() {
                map.insert(key.to_text().into(), to_script(value, depth + 1)?);
            }
            map.into()
        }
        Value::DateTime(time) => time.isoformat().into(),
        Value::TimeDelta(delta) => delta.total_seconds().into(),
        Value::Big(_) => {
            return Err(EvalError::overflow("an integer of more than 64 bits cannot be given to a script"));
        }
        Value::Object(object) => match &**object {
            Object::Date(date) => date.iso().into(),
            _ => {
                return Err(EvalError::type_error(format!("a '{}' cannot be given to a script", value.type_name())));
            }
        },
    })
}

pub(super) fn from_script(value: Dynamic, depth: usize) -> Outcome {
    if depth > MAX_DEPTH {
        return Err(too_deep());
    }
    if value.is_unit() {
        return Ok(Value::None);
    }
    if let Ok(flag) = value.as_bool() {
        return Ok(Value::Bool(flag));
    }
    if let Ok(number) = value.as_int() {
        return Ok(Value::Int(number));
    }
    if let Ok(number) = value.as_float() {
        return Ok(Value::Float(number));
    }
    if let Ok(character) = value.as_char() {
        return Ok(Value::from(character.to_string()));
    }
    if value.is_string() {
        return Ok(Value::from(value.into_string().unwrap_or_default()));
    }
    let type_name = value.type_name();
    if let Some(items) = value.read_lock::<Array>() {
        let items: Result<Vec<Value>, EvalError> =
            items.iter().map(|item| from_script(item.clone(), depth + 1)).collect();
        return Ok(Value::list(items?));
    }
    if let Some(map) = value.read_lock::<Map>() {
        let mut dict = Dict::default();
        for (key, value) in map.iter() {
            dict.insert(Value::str(key), from_script(value.clone(), depth + 1)?);
        }
        return Ok(Value::dict(dict));
    }
    Err(EvalError::type_error(format!("a script gave back a value of type {type_name}")))
}
