//! DynamoDB's JSON as people read it.

use serde_json::Value;

/// An attribute as JSON: `{"N": "1.5"}` is 1.5. Sets, which no row of ours has, stay as they are.
pub fn plain(attribute: &Value) -> Value {
    let Some((kind, value)) = attribute.as_object().and_then(|map| map.iter().next()) else { return Value::Null };
    match kind.as_str() {
        "N" => value.as_str().and_then(|text| serde_json::from_str(text).ok()).unwrap_or(Value::Null),
        "NULL" => Value::Null,
        "L" => value.as_array().map_or(Value::Null, |items| items.iter().map(plain).collect()),
        "M" => value
            .as_object()
            .map_or(Value::Null, |map| map.iter().map(|(key, value)| (key.clone(), plain(value))).collect()),
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::plain;

    #[test]
    fn attributes_as_json() {
        let attribute = json!({"M": {"a": {"L": [{"N": "1.5"}, {"NULL": true}, {"BOOL": false}]}, "b": {"S": "x"}}});
        assert_eq!(plain(&attribute), json!({"a": [1.5, null, false], "b": "x"}));
    }
}
