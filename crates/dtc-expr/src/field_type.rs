//! The eight types of a field: their names, defaults and casts (LANGUAGE.md B.8, A.5).

use std::sync::Arc;

use crate::builtins::collections::set_of;
use crate::builtins::hashable;
use crate::builtins::numbers::{to_float, to_int};
use crate::error::EvalError;
use crate::time::DateTime;
use crate::value::object::{Object, View};
use crate::value::{Dict, Flavor, Set, Value};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FieldType {
    Integer,
    Float,
    String,
    Boolean,
    DateTime,
    Map,
    List,
    Set,
}

/// Which rules hold: ours (part A) or Blurr's to the letter (part B).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Mode {
    #[default]
    Studio,
    Blurr,
}

impl FieldType {
    pub const ALL: [FieldType; 8] = [
        FieldType::Integer,
        FieldType::Float,
        FieldType::String,
        FieldType::Boolean,
        FieldType::DateTime,
        FieldType::Map,
        FieldType::List,
        FieldType::Set,
    ];

    /// The type's name in a document, e.g. `integer`; compared without regard to case.
    pub fn parse(name: &str) -> Option<FieldType> {
        FieldType::ALL.into_iter().find(|known| known.name().eq_ignore_ascii_case(name))
    }

    /// The name in a document: integer float string boolean datetime map list set.
    pub fn name(self) -> &'static str {
        match self {
            FieldType::Integer => "integer",
            FieldType::Float => "float",
            FieldType::String => "string",
            FieldType::Boolean => "boolean",
            FieldType::DateTime => "datetime",
            FieldType::Map => "map",
            FieldType::List => "list",
            FieldType::Set => "set",
        }
    }

    /// The value of the field at the start of a block.
    pub fn default_value(self) -> Value {
        match self {
            FieldType::Integer => Value::Int(0),
            FieldType::Float => Value::Float(0.0),
            FieldType::String => Value::str(""),
            FieldType::Boolean => Value::Bool(false),
            FieldType::DateTime => Value::None,
            FieldType::Map => Value::Dict(Flavor::Field, Arc::default()),
            FieldType::List => Value::List(Flavor::Field, Arc::default()),
            FieldType::Set => Value::Set(Flavor::Field, Arc::default()),
        }
    }

    /// `value` as this type, or `Err(reason)` when it is refused and the old value stays.
    /// `value` is never `Value::None` (which means "keep" before it comes here).
    #[inline]
    pub fn cast(self, value: Value, mode: Mode) -> Result<Value, String> {
        match (self, &value) {
            (FieldType::Integer, Value::Int(_))
            | (FieldType::Float, Value::Float(_))
            | (FieldType::String, Value::Str(_))
            | (FieldType::Boolean, Value::Bool(_)) => Ok(value),
            _ => self.converted(value, mode),
        }
    }

    fn converted(self, value: Value, mode: Mode) -> Result<Value, String> {
        let kind = value.type_name();
        self.convert(value, mode).map_err(|error| {
            if error.message.is_empty() {
                format!("a {kind} is no {}", self.name())
            } else {
                format!("a {kind} is no {}: {}", self.name(), error.message)
            }
        })
    }

    fn convert(self, value: Value, mode: Mode) -> Result<Value, EvalError> {
        match (self, value) {
            (FieldType::Integer, Value::Bool(flag)) if mode == Mode::Studio => Ok(Value::Int(i64::from(flag))),
            (FieldType::Integer, value @ (Value::Int(_) | Value::Big(_) | Value::Bool(_))) => Ok(value),
            (FieldType::Integer, value) => to_int(&value),
            (FieldType::Float, value @ Value::Float(_)) => Ok(value),
            (FieldType::Float, value) => to_float(&value),
            (FieldType::String, value @ Value::Str(_)) => Ok(value),
            (FieldType::String, value) => Ok(Value::from(value.to_text())),
            (FieldType::Boolean, value @ Value::Bool(_)) => Ok(value),
            (FieldType::Boolean, Value::Str(text)) if mode == Mode::Studio => by_meaning(&text),
            (FieldType::Boolean, value) => Ok(Value::Bool(value.is_truthy())),
            (FieldType::DateTime, Value::DateTime(time)) => Ok(Value::DateTime(time.or_utc())),
            (FieldType::DateTime, Value::Str(text)) if mode == Mode::Studio => iso_text(&text),
            (FieldType::DateTime, _) => Err(EvalError::type_error("")),
            (FieldType::Map, Value::Dict(_, dict)) => Ok(Value::Dict(Flavor::Field, dict)),
            (FieldType::Map, value) => Ok(Value::Dict(Flavor::Field, Arc::new(pairs(&value)?))),
            (FieldType::List, Value::List(_, items)) => Ok(Value::List(Flavor::Field, items)),
            (FieldType::List, value) => Ok(Value::List(Flavor::Field, Arc::new(items(&value)?))),
            (FieldType::Set, Value::Set(_, set)) => Ok(Value::Set(Flavor::Field, set)),
            (FieldType::Set, value) => Ok(Value::Set(Flavor::Field, Arc::new(set(&value)?))),
        }
    }
}

fn by_meaning(text: &str) -> Result<Value, EvalError> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" => Ok(Value::Bool(true)),
        "false" | "0" | "no" => Ok(Value::Bool(false)),
        _ => Err(EvalError::value_error(format!("{} is neither yes nor no", Value::str(text).repr()))),
    }
}

fn iso_text(text: &str) -> Result<Value, EvalError> {
    DateTime::parse_iso(text.trim())
        .map(|time| Value::DateTime(time.or_utc()))
        .ok_or_else(|| EvalError::value_error(format!("{} is not an ISO 8601 time", Value::str(text).repr())))
}

/// What `list(value)` holds. Generators never come here: an evaluation settles them.
fn items(value: &Value) -> Result<Vec<Value>, EvalError> {
    Ok(match value {
        Value::Tuple(items) | Value::List(_, items) => items.to_vec(),
        Value::Set(_, set) => set.iter().cloned().collect(),
        Value::Dict(_, dict) => dict.keys().cloned().collect(),
        Value::Str(text) => text.chars().map(|character| Value::from(character.to_string())).collect(),
        Value::Object(object) => match &**object {
            Object::Range(range) => {
                crate::operator::check_items(usize::try_from(range.len()).unwrap_or(usize::MAX))?;
                (0..range.len()).map(|place| Value::Int(range.at(place))).collect()
            }
            Object::View(View::Keys, dict) => dict.keys().cloned().collect(),
            Object::View(View::Values, dict) => dict.values().cloned().collect(),
            Object::View(View::Items, dict) => {
                dict.iter().map(|(key, value)| Value::tuple(vec![key.clone(), value.clone()])).collect()
            }
            Object::Iterator(state) => {
                let from = state.position.load(std::sync::atomic::Ordering::Relaxed);
                state.items.get(from..).unwrap_or_default().to_vec()
            }
            _ => return Err(crate::builtins::not_iterable(value)),
        },
        other => return Err(crate::builtins::not_iterable(other)),
    })
}

fn set(value: &Value) -> Result<Set, EvalError> {
    set_of(items(value)?)
}

fn pairs(value: &Value) -> Result<Dict, EvalError> {
    let mut dict = Dict::default();
    for pair in items(value)? {
        let Ok([key, value]) = <[Value; 2]>::try_from(items(&pair)?) else {
            return Err(EvalError::value_error("pairs of key and value are needed"));
        };
        hashable(&key)?;
        dict.insert(key, value);
    }
    Ok(dict)
}
