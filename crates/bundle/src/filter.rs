//! Whether Lambda would hand an event over: a source's filter on the event as JSON. For the proof, which holds only events that
//! the function gets to see.

use dtc_lang::cloud::pattern::{Literal, Pattern, Test};
use serde_json::Value;

/// Whether the event fits; `None`: the field is not there.
pub fn fits(pattern: &Pattern, event: Option<&Value>) -> bool {
    match pattern {
        Pattern::Fields(fields) => fields.iter().all(|(name, below)| match below {
            Pattern::Either(_) if name == "$or" => fits(below, event),
            below => fits(below, event.and_then(|event| event.get(name))),
        }),
        Pattern::Either(patterns) => patterns.iter().any(|pattern| fits(pattern, event)),
        Pattern::Values(tests) => tests.iter().any(|test| match (test, event) {
            (Test::Exists(there), event) => event.is_some() == *there,
            // Of a list, one member must fit.
            (test, Some(Value::Array(items))) => items.iter().any(|item| holds(test, item)),
            (test, Some(value)) => holds(test, value),
            (_, None) => false,
        }),
    }
}

fn holds(test: &Test, value: &Value) -> bool {
    let text = value.as_str();
    match test {
        Test::Is(literal) => equals(literal, value),
        Test::Prefix(start) => text.is_some_and(|text| text.starts_with(start)),
        Test::Suffix(end) => text.is_some_and(|text| text.ends_with(end)),
        Test::IgnoreCase(other) => text.is_some_and(|text| text.to_lowercase() == other.to_lowercase()),
        Test::Exists(there) => *there,
        Test::Not(literals) => !literals.iter().any(|literal| equals(literal, value)),
        Test::NotPrefix(start) => text.is_none_or(|text| !text.starts_with(start)),
        Test::Numeric(all) => value.as_f64().is_some_and(|number| {
            all.iter().all(|(operator, limit)| {
                let Ok(limit) = limit.parse::<f64>() else { return false };
                match *operator {
                    "<" => number < limit,
                    "<=" => number <= limit,
                    ">" => number > limit,
                    ">=" => number >= limit,
                    _ => number == limit,
                }
            })
        }),
    }
}

fn equals(literal: &Literal, value: &Value) -> bool {
    match (literal, value) {
        (Literal::Text(text), Value::String(value)) => text == value,
        (Literal::Number(number), value) => value.as_f64().is_some_and(|value| number.parse() == Ok(value)),
        (Literal::Bool(flag), Value::Bool(value)) => flag == value,
        (Literal::Null, Value::Null) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn events_pass_as_lambda_lets_them() {
        let is = |text: &str| Test::Is(Literal::Text(text.to_owned()));
        let pattern = Pattern::Fields(vec![
            ("kind".to_owned(), Pattern::Values(vec![is("play"), Test::Prefix("buy_".to_owned())])),
            (
                "$or".to_owned(),
                Pattern::Either(vec![
                    Pattern::Fields(vec![(
                        "level".to_owned(),
                        Pattern::Values(vec![Test::Numeric(vec![(">", "0".to_owned()), ("<=", "5".to_owned())])]),
                    )]),
                    Pattern::Fields(vec![("vip".to_owned(), Pattern::Values(vec![Test::Exists(true)]))]),
                ]),
            ),
        ]);
        let cases = [
            (json!({"kind": "play", "level": 3}), true),
            (json!({"kind": ["stop", "buy_now"], "vip": null}), true),
            (json!({"kind": "play", "level": 6}), false),
            (json!({"kind": "stop", "level": 3}), false),
            (json!({"level": 3}), false),
        ];
        for (event, passes) in cases {
            assert_eq!(fits(&pattern, Some(&event)), passes, "{event}");
        }
    }
}
