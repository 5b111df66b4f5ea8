//! Values in a form that any store can hold and that gives back the very same value: null, booleans,
//! texts, lists, and maps with one key that names the type where JSON's own type does not.

use dtc_expr::{DateTime, Dict, FieldType, Flavor, TimeDelta, Value};
use serde_json::{Value as Json, json};

/// A field's value. Whether the collection itself is a field's is left to the field's type.
pub fn exact(value: &Value) -> Json {
    let all = |items: &[Value]| Json::Array(items.iter().map(nested).collect());
    match value {
        Value::None => Json::Null,
        Value::Bool(flag) => Json::Bool(*flag),
        Value::Str(text) => Json::from(text.as_ref()),
        Value::Int(number) => json!({ "int": number.to_string() }),
        Value::Big(number) => json!({ "int": number.to_string() }),
        Value::Float(number) => json!({ "float": format!("{number:e}") }),
        Value::Tuple(items) => json!({ "tuple": all(items) }),
        Value::List(_, items) => all(items),
        Value::Set(_, set) => json!({ "set": set.iter().map(nested).collect::<Vec<Json>>() }),
        Value::Dict(_, dict) => {
            let flat = dict.iter().flat_map(|(key, value)| [nested(key), nested(value)]);
            json!({ "dict": flat.collect::<Vec<Json>>() })
        }
        Value::DateTime(time) => json!({ "datetime": time.isoformat() }),
        Value::TimeDelta(span) => json!({ "timedelta": span.micros.to_string() }),
        Value::Object(_) => Json::from(value.to_text()),
    }
}

/// A value inside a collection: an event or a field's collection stays one.
fn nested(value: &Value) -> Json {
    match value {
        Value::List(flavor, _) | Value::Dict(flavor, _) | Value::Set(flavor, _) => match flavor {
            Flavor::Plain => exact(value),
            Flavor::Record => json!({ "record": [exact(value)] }),
            Flavor::Counter => json!({ "counter": [exact(value)] }),
            Flavor::Field => json!({ "field": [exact(value)] }),
        },
        other => exact(other),
    }
}

/// A value from its exact form; `None` where it has none.
pub fn from_exact(saved: &Json) -> Option<Value> {
    let all = |items: &[Json]| items.iter().map(from_exact).collect::<Option<Vec<Value>>>();
    Some(match saved {
        Json::Null => Value::None,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::String(text) => Value::str(text),
        Json::Array(items) => Value::list(all(items)?),
        Json::Object(map) if map.len() == 1 => match map.iter().next()? {
            (tag, Json::String(text)) => match tag.as_str() {
                "int" => Value::big(text.parse().ok()?),
                "float" => Value::Float(text.parse().ok()?),
                "datetime" => Value::DateTime(DateTime::parse_iso(text)?),
                "timedelta" => Value::TimeDelta(TimeDelta { micros: text.parse().ok()? }),
                _ => return None,
            },
            (tag, Json::Array(items)) => {
                let items = all(items)?;
                match (tag.as_str(), &items[..]) {
                    ("tuple", _) => Value::tuple(items),
                    ("set", _) => Value::set(items.into_iter().collect()),
                    ("dict", _) => Value::dict(pairs(&items)),
                    ("record", [inner]) => inner.clone().with_flavor(Flavor::Record),
                    ("counter", [inner]) => inner.clone().with_flavor(Flavor::Counter),
                    ("field", [inner]) => inner.clone().with_flavor(Flavor::Field),
                    _ => return None,
                }
            }
            _ => return None,
        },
        _ => return None,
    })
}

/// A field's value from its exact form.
pub fn field_from_exact(field_type: FieldType, saved: &Json) -> Option<Value> {
    let value = from_exact(saved)?;
    Some(match field_type {
        FieldType::Map | FieldType::List | FieldType::Set => value.with_flavor(Flavor::Field),
        _ => value,
    })
}

fn pairs(flat: &[Value]) -> Dict {
    flat.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn values_come_back_as_they_were() {
        let event: Dict = [(Value::str("user"), Value::Int(1))].into_iter().collect();
        let tags = [Value::str("b"), Value::str("a")].into_iter().collect();
        let values = vec![
            Value::None,
            Value::Bool(true),
            Value::Int(i64::MIN),
            Value::big("123456789012345678901234567890".parse().unwrap()),
            Value::Float(0.1),
            Value::Float(1.0),
            Value::Float(f64::INFINITY),
            Value::str("ü/:%"),
            Value::tuple(vec![Value::Int(1), Value::str("x")]),
            Value::dict(event.clone()).with_flavor(Flavor::Counter),
            Value::record(event),
            Value::Set(Flavor::Field, Arc::new(tags)),
            Value::DateTime(DateTime::parse_iso("2018-03-01T10:20:30.000001+02:00").unwrap()),
            Value::TimeDelta(TimeDelta { micros: -1 }),
        ];
        let list = Value::List(Flavor::Field, Arc::new(values));
        let back = field_from_exact(FieldType::List, &exact(&list)).unwrap();
        assert_eq!(format!("{back:?}"), format!("{list:?}"));
        assert!(matches!(from_exact(&exact(&Value::Float(f64::NAN))), Some(Value::Float(number)) if number.is_nan()));
    }

    #[test]
    fn what_is_no_exact_form_is_refused() {
        for text in
            ["1", "{}", r#"{"int": "x"}"#, r#"{"int": []}"#, r#"{"field": [null, null]}"#, r#"{"a": "", "b": ""}"#]
        {
            assert!(from_exact(&serde_json::from_str(text).unwrap()).is_none(), "{text}");
        }
    }
}
