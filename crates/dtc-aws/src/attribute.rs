//! Values ↔ DynamoDB attributes. A plain form for people and other readers of the table, and an exact
//! form for what the plain one loses: order of keys, tuples, whole floats inside collections.

use std::collections::HashMap;
use std::sync::Arc;

use aws_sdk_dynamodb::types::AttributeValue;
use dtc_engine::saved;
use dtc_expr::{DateTime, Dict, FieldType, Flavor, Set, Value};
use num_bigint::BigInt;
use serde_json::Value as Json;

/// Digits that a DynamoDB number holds.
const DIGITS: usize = 38;

/// The plain form: numbers are numbers, texts texts, times ISO 8601 texts; falsy values are kept.
pub fn plain(value: &Value) -> AttributeValue {
    match value {
        Value::None => AttributeValue::Null(true),
        Value::Bool(flag) => AttributeValue::Bool(*flag),
        Value::Int(number) => AttributeValue::N(number.to_string()),
        Value::Big(number) => {
            let digits = number.to_string();
            if digits.trim_start_matches('-').len() <= DIGITS {
                AttributeValue::N(digits)
            } else {
                AttributeValue::S(digits)
            }
        }
        Value::Float(number) => float(*number),
        Value::Str(text) => AttributeValue::S(text.as_ref().to_owned()),
        Value::Tuple(items) | Value::List(_, items) => AttributeValue::L(items.iter().map(plain).collect()),
        Value::Set(_, set) => AttributeValue::L(set.iter().map(plain).collect()),
        Value::Dict(_, dict) => plain_dict(dict),
        Value::DateTime(time) => AttributeValue::S(time.isoformat()),
        Value::TimeDelta(span) => AttributeValue::N(span.micros.to_string()),
        Value::Object(_) => AttributeValue::S(value.to_text()),
    }
}

/// A decimal that reads back equal; what no DynamoDB number can hold becomes its text.
fn float(number: f64) -> AttributeValue {
    let size = number.abs();
    if number == 0.0 || (1e-130..1e126).contains(&size) {
        AttributeValue::N(format!("{number:e}"))
    } else {
        AttributeValue::S(format!("{number:e}"))
    }
}

/// A map where all keys are texts (and not empty, which DynamoDB refuses), a list of pairs otherwise.
fn plain_dict(dict: &Dict) -> AttributeValue {
    let texts = dict.iter().map(|(key, value)| match key {
        Value::Str(text) if !text.is_empty() => Some((text.as_ref().to_owned(), plain(value))),
        _ => None,
    });
    match texts.collect::<Option<HashMap<String, AttributeValue>>>() {
        Some(map) => AttributeValue::M(map),
        None => {
            let pairs = dict.iter().map(|(key, value)| AttributeValue::L(vec![plain(key), plain(value)]));
            AttributeValue::L(pairs.collect())
        }
    }
}

/// A field's value from its plain form; `None` when the attribute cannot be of this type.
pub fn from_plain(field_type: FieldType, attribute: &AttributeValue) -> Option<Value> {
    Some(match (field_type, attribute) {
        (_, AttributeValue::Null(_)) => Value::None,
        (FieldType::Integer, AttributeValue::N(text) | AttributeValue::S(text)) => {
            Value::big(text.parse::<BigInt>().ok().or_else(|| whole(text))?)
        }
        // Blurr's integer fields hold booleans as they are.
        (FieldType::Integer | FieldType::Boolean, AttributeValue::Bool(flag)) => Value::Bool(*flag),
        (FieldType::Float, AttributeValue::N(text) | AttributeValue::S(text)) => Value::Float(text.parse().ok()?),
        (FieldType::String, AttributeValue::S(text)) => Value::str(text),
        (FieldType::DateTime, AttributeValue::S(text)) => Value::DateTime(DateTime::parse_iso(text)?),
        (FieldType::Map, AttributeValue::M(_)) => nested(attribute)?.with_flavor(Flavor::Field),
        (FieldType::Map, AttributeValue::L(pairs)) => Value::Dict(Flavor::Field, Arc::new(dict_of_pairs(pairs)?)),
        (FieldType::List, AttributeValue::L(_)) => nested(attribute)?.with_flavor(Flavor::Field),
        (FieldType::Set, AttributeValue::L(items)) => {
            let set = items.iter().map(nested).collect::<Option<Set>>()?;
            Value::Set(Flavor::Field, Arc::new(set))
        }
        _ => return None,
    })
}

fn dict_of_pairs(pairs: &[AttributeValue]) -> Option<Dict> {
    let read = |pair: &AttributeValue| match pair {
        AttributeValue::L(items) if items.len() == 2 => Some((nested(&items[0])?, nested(&items[1])?)),
        _ => None,
    };
    pairs.iter().map(read).collect()
}

/// A value inside a collection, by the attribute's own type.
fn nested(attribute: &AttributeValue) -> Option<Value> {
    Some(match attribute {
        AttributeValue::Null(_) => Value::None,
        AttributeValue::Bool(flag) => Value::Bool(*flag),
        AttributeValue::S(text) => Value::str(text),
        AttributeValue::N(text) => match text.parse::<BigInt>().ok().or_else(|| whole(text)) {
            Some(number) => Value::big(number),
            None => Value::Float(text.parse().ok()?),
        },
        AttributeValue::L(items) => Value::list(items.iter().map(nested).collect::<Option<Vec<Value>>>()?),
        AttributeValue::M(map) => {
            let mut entries: Vec<(&String, &AttributeValue)> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            Value::dict(
                entries
                    .into_iter()
                    .map(|(key, value)| Some((Value::str(key), nested(value)?)))
                    .collect::<Option<Dict>>()?,
            )
        }
        _ => return None,
    })
}

/// `1e3` and `2.0` are whole: the table keeps no trace of how a number was written.
fn whole(text: &str) -> Option<BigInt> {
    let number: f64 = text.parse().ok()?;
    (number.fract() == 0.0 && number.is_finite()).then(|| format!("{number:.0}").parse().ok()).flatten()
}

/// Whether a field's plain form reads back as the very same value.
pub fn survives(field_type: FieldType, value: &Value) -> bool {
    from_plain(field_type, &plain(value)).is_some_and(|back| exact(&back) == exact(value))
}

/// The exact form, as `dtc_engine::saved` has it.
pub fn exact(value: &Value) -> AttributeValue {
    of_json(&saved::exact(value))
}

fn of_json(json: &Json) -> AttributeValue {
    match json {
        Json::Null => AttributeValue::Null(true),
        Json::Bool(flag) => AttributeValue::Bool(*flag),
        Json::String(text) => AttributeValue::S(text.clone()),
        Json::Number(number) => AttributeValue::N(number.to_string()),
        Json::Array(items) => AttributeValue::L(items.iter().map(of_json).collect()),
        Json::Object(map) => AttributeValue::M(map.iter().map(|(key, value)| (key.clone(), of_json(value))).collect()),
    }
}

/// A field's value from its exact form.
pub fn from_exact(field_type: FieldType, attribute: &AttributeValue) -> Option<Value> {
    saved::field_from_exact(field_type, &to_json(attribute)?)
}

fn to_json(attribute: &AttributeValue) -> Option<Json> {
    Some(match attribute {
        AttributeValue::Null(_) => Json::Null,
        AttributeValue::Bool(flag) => Json::Bool(*flag),
        AttributeValue::S(text) => Json::String(text.clone()),
        AttributeValue::L(items) => Json::Array(items.iter().map(to_json).collect::<Option<_>>()?),
        AttributeValue::M(map) => {
            Json::Object(map.iter().map(|(key, value)| Some((key.clone(), to_json(value)?))).collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(field_type: FieldType, value: Value) -> Value {
        let back = if survives(field_type, &value) {
            from_plain(field_type, &stored(&plain(&value)))
        } else {
            from_exact(field_type, &stored(&exact(&value)))
        };
        back.unwrap_or_else(|| panic!("{value:?} does not come back"))
    }

    /// What DynamoDB makes of numbers: their value, not how they were written.
    fn stored(attribute: &AttributeValue) -> AttributeValue {
        match attribute {
            AttributeValue::N(text) => {
                let number: f64 = text.parse().unwrap();
                AttributeValue::N(if text.contains('e') { format!("{number}") } else { text.clone() })
            }
            AttributeValue::L(items) => AttributeValue::L(items.iter().map(stored).collect()),
            AttributeValue::M(map) => {
                AttributeValue::M(map.iter().map(|(key, value)| (key.clone(), stored(value))).collect())
            }
            other => other.clone(),
        }
    }

    fn comes_back(field_type: FieldType, value: Value) {
        assert_eq!(exact(&field(field_type, value.clone())), exact(&value), "{value:?}");
    }

    #[test]
    fn scalars_come_back() {
        let huge = Value::big("-123456789012345678901234567890123456789012345".parse().unwrap());
        for value in [Value::Int(0), Value::Int(i64::MIN), Value::Bool(true), huge, Value::None] {
            comes_back(FieldType::Integer, value);
        }
        let floats =
            [0.0, 1.0, 0.1, -4.99, 1e22, 1e-300, 1.7976931348623157e308, f64::INFINITY, 5e-324, 123456789.12345679];
        for number in floats {
            comes_back(FieldType::Float, Value::Float(number));
        }
        assert!(matches!(field(FieldType::Float, Value::Float(f64::NAN)), Value::Float(number) if number.is_nan()));
        for text in ["", "ü/:%", "1.0", "2018-03-01"] {
            comes_back(FieldType::String, Value::str(text));
        }
        for text in ["2018-03-01T10:20:30.000001+02:00", "2018-03-01T10:20:30", "1969-12-31T23:59:59+00:00"] {
            comes_back(FieldType::DateTime, Value::DateTime(DateTime::parse_iso(text).unwrap()));
        }
    }

    #[test]
    fn collections_come_back_with_order_and_types() {
        let pairs = |entries: Vec<(Value, Value)>| entries.into_iter().collect::<Dict>();
        let inner = Value::dict(pairs(vec![(Value::str("z"), Value::Float(1.0)), (Value::str("a"), Value::Int(1))]));
        let numbers = pairs(vec![(Value::Int(2), Value::str("two")), (Value::None, inner.clone())]);
        comes_back(FieldType::Map, Value::Dict(Flavor::Field, Arc::new(numbers)));
        comes_back(FieldType::Map, Value::Dict(Flavor::Field, Arc::new(Dict::default())));
        let items = vec![Value::Float(2.0), Value::tuple(vec![Value::Int(1), Value::str("x")]), inner, Value::None];
        comes_back(FieldType::List, Value::List(Flavor::Field, Arc::new(items)));
        let set: Set = [Value::str("b"), Value::str("a"), Value::Float(0.5)].into_iter().collect();
        comes_back(FieldType::Set, Value::Set(Flavor::Field, Arc::new(set)));
    }

    #[test]
    fn the_plain_form_is_what_people_expect() {
        assert_eq!(plain(&Value::Float(4.99)), AttributeValue::N("4.99e0".to_owned()));
        assert_eq!(plain(&Value::Int(0)), AttributeValue::N("0".to_owned()));
        assert_eq!(plain(&Value::str("")), AttributeValue::S(String::new()));
        assert!(survives(FieldType::Float, &Value::Float(3.0)));
        let sorted: Dict =
            [(Value::str("a"), Value::Int(1)), (Value::str("b"), Value::Float(0.5))].into_iter().collect();
        assert!(survives(FieldType::Map, &Value::Dict(Flavor::Field, Arc::new(sorted))));
    }
}
