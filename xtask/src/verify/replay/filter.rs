//! Patterns of EventBridge: of a rule on its events, and as filter criteria of a mapping on a record, whose `data` is looked at as JSON. What is no JSON passes
//! no pattern that asks for data.

use anyhow::{Context, Result, bail};
use base64::Engine;
use serde_json::{Map, Value, json};

use super::poller::Record;

/// One pattern; a record passes when any of a mapping's does.
#[derive(Debug, Clone)]
pub struct Filter {
    pattern: Map<String, Value>,
}

impl Filter {
    /// A pattern as it stands in a template, checked: every leaf is a list of values or tests that exist.
    pub fn parse(text: &str) -> Result<Filter> {
        let pattern: Value = serde_json::from_str(text).with_context(|| format!("the filter `{text}` is no JSON"))?;
        let Value::Object(pattern) = pattern else { bail!("the filter `{text}` is no object") };
        check(&pattern, &[])?;
        Ok(Filter { pattern })
    }

    /// The pattern of a rule, which knows more than filters do.
    pub fn of_rule(pattern: Value) -> Result<Filter> {
        let Value::Object(pattern) = pattern else { bail!("the pattern {pattern} is no object") };
        check(&pattern, &["wildcard"])?;
        Ok(Filter { pattern })
    }

    pub fn matches_event(&self, event: &Value) -> bool {
        object(&self.pattern, event.as_object())
    }

    pub fn matches(&self, record: &Record) -> bool {
        let data: Value = serde_json::from_slice(&record.data)
            .unwrap_or_else(|_| Value::String(base64::engine::general_purpose::STANDARD.encode(&record.data)));
        let event = json!({"data": data, "partitionKey": record.partition_key, "sequenceNumber": record.sequence});
        object(&self.pattern, event.as_object())
    }
}

const TESTS: [&str; 8] =
    ["prefix", "suffix", "anything-but", "numeric", "exists", "equals-ignore-case", "wildcard", "cidr"];

/// `also` names tests that are judged beside those of every filter.
fn check(pattern: &Map<String, Value>, also: &[&str]) -> Result<()> {
    for (key, value) in pattern {
        match value {
            Value::Object(inner) => check(inner, also)?,
            Value::Array(items) if key == "$or" => {
                for item in items {
                    check(item.as_object().context("the members of $or are objects")?, also)?;
                }
            }
            Value::Array(items) => {
                for item in items.iter().filter_map(Value::as_object) {
                    let test = item.keys().next().map(String::as_str).unwrap_or_default();
                    if !TESTS.contains(&test) {
                        bail!("`{key}` asks for `{test}`, which no filter knows");
                    }
                    if matches!(test, "wildcard" | "cidr") && !also.contains(&test) {
                        bail!("`{key}` asks for `{test}`, which the replay cannot judge");
                    }
                }
            }
            _ => bail!("`{key}` must be a list of values, not {value}"),
        }
    }
    Ok(())
}

fn object(pattern: &Map<String, Value>, event: Option<&Map<String, Value>>) -> bool {
    pattern.iter().all(|(key, wanted)| match wanted {
        Value::Array(choices) if key == "$or" => {
            choices.iter().any(|choice| choice.as_object().is_some_and(|choice| object(choice, event)))
        }
        Value::Object(inner) => object(inner, event.and_then(|event| event.get(key)?.as_object())),
        Value::Array(choices) => choices.iter().any(|choice| leaf(choice, event.and_then(|event| event.get(key)))),
        _ => false,
    })
}

/// Whether a value is what one member of a leaf's list asks for; of a list, one member must be.
fn leaf(wanted: &Value, found: Option<&Value>) -> bool {
    if let Some(exists) = wanted.get("exists") {
        return found.is_some() == (exists == true);
    }
    match found {
        Some(Value::Array(items)) => items.iter().any(|item| one(wanted, item)),
        Some(value) => one(wanted, value),
        None => false,
    }
}

fn one(wanted: &Value, found: &Value) -> bool {
    let Some((test, operand)) = wanted.as_object().and_then(|tests| tests.iter().next()) else {
        return match (wanted.as_f64(), found.as_f64()) {
            (Some(wanted), Some(found)) => wanted == found,
            _ => wanted == found,
        };
    };
    let texts = found.as_str().zip(operand.as_str());
    match test.as_str() {
        "prefix" => texts.is_some_and(|(found, start)| found.starts_with(start)),
        "suffix" => texts.is_some_and(|(found, end)| found.ends_with(end)),
        "wildcard" => texts.is_some_and(|(found, pattern)| is_like(found, pattern)),
        "equals-ignore-case" => texts.is_some_and(|(found, other)| found.to_lowercase() == other.to_lowercase()),
        "anything-but" => match operand {
            Value::Array(items) => !items.iter().any(|item| one(item, found)),
            other => !one(other, found),
        },
        "numeric" => found.as_f64().is_some_and(|found| numeric(operand, found)),
        _ => false,
    }
}

/// Whether a text is like a pattern in which `*` is any text and a backslash makes the next character mean itself.
fn is_like(text: &str, pattern: &str) -> bool {
    let mut characters = pattern.chars();
    let Some(first) = characters.next() else { return text.is_empty() };
    match first {
        '*' => {
            let rest = characters.as_str();
            let ends = text.char_indices().map(|(place, _)| place).chain([text.len()]);
            ends.into_iter().any(|place| is_like(&text[place..], rest))
        }
        first => {
            let meant = if first == '\\' { characters.next().unwrap_or(first) } else { first };
            text.strip_prefix(meant).is_some_and(|rest| is_like(rest, characters.as_str()))
        }
    }
}

/// `[">", 0, "<=", 5]`
fn numeric(operand: &Value, found: f64) -> bool {
    let parts = operand.as_array().map_or(&[][..], Vec::as_slice);
    !parts.is_empty()
        && parts.chunks(2).all(|pair| match (pair[0].as_str(), pair.get(1).and_then(Value::as_f64)) {
            (Some("="), Some(number)) => found == number,
            (Some("<"), Some(number)) => found < number,
            (Some("<="), Some(number)) => found <= number,
            (Some(">"), Some(number)) => found > number,
            (Some(">="), Some(number)) => found >= number,
            _ => false,
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Filter, Record};

    fn passes(pattern: &str, data: &str) -> bool {
        let record =
            Record { sequence: "1".into(), partition_key: "k".into(), data: data.as_bytes().to_vec(), arrived: 0 };
        Filter::parse(pattern).unwrap().matches(&record)
    }

    #[test]
    fn values_and_tests() {
        let event = r#"{"kind": "shown", "price": 2.5, "tags": ["a", "b"], "user": {"id": "u1"}}"#;
        for pattern in [
            r#"{"data": {"kind": ["shown", "bought"]}}"#,
            r#"{"data": {"kind": [{"prefix": "sh"}], "price": [{"numeric": [">", 2, "<=", 2.5]}]}}"#,
            r#"{"data": {"tags": ["b"], "user": {"id": [{"suffix": "1"}]}}}"#,
            r#"{"data": {"missing": [{"exists": false}], "kind": [{"anything-but": ["x"]}]}}"#,
            r#"{"data": {"$or": [{"kind": ["x"]}, {"price": [2.5]}]}, "partitionKey": ["k"]}"#,
        ] {
            assert!(passes(pattern, event), "{pattern}");
        }
        for pattern in
            [r#"{"data": {"kind": ["x"]}}"#, r#"{"data": {"missing": ["x"]}}"#, r#"{"data": {"kind": {"id": ["x"]}}}"#]
        {
            assert!(!passes(pattern, event), "{pattern}");
        }
        assert!(!passes(r#"{"data": {"kind": ["shown"]}}"#, "no JSON"));
    }

    #[test]
    fn wildcards_are_for_rules() {
        let rule = |pattern: &str| Filter::of_rule(json!({"key": [{"wildcard": pattern}]})).unwrap();
        for (pattern, key, fits) in [
            ("a*c", "abc", true),
            ("a*c", "ac", true),
            ("a*c", "acd", false),
            ("a\\*", "a*", true),
            ("a\\*", "ab", false),
        ] {
            assert_eq!(rule(pattern).matches_event(&json!({"key": key})), fits, "{pattern} {key}");
        }
        assert!(Filter::parse(r#"{"data": {"key": [{"wildcard": "a*"}]}}"#).is_err());
    }

    #[test]
    fn what_no_service_would_take_is_refused() {
        for (pattern, told) in [
            ("kind: shown", "is no JSON"),
            ("[1]", "is no object"),
            (r#"{"data": {"kind": "shown"}}"#, "`kind` must be a list"),
            (r#"{"data": {"kind": [{"like": "x"}]}}"#, "`kind` asks for `like`"),
        ] {
            assert!(format!("{:#}", Filter::parse(pattern).unwrap_err()).contains(told), "{pattern}");
        }
    }
}
