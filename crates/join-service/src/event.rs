//! Events as clients write them (JSON) and as the log holds them (bytes).

use bandit::EventKind;
use serde_json::{Map, Value};

use crate::options::Limits;

/// An event without its time, which is that of its arrival.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub key: String,
    pub kind: EventKind<Payload>,
}

/// A decision's action, probability and context: the members of a JSON object, without its braces.
pub type Payload = Box<[u8]>;

/// What an address takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Intake {
    Decision,
    Reward,
    Override,
    Activation,
}

/// Why an event is refused, and for which field.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// Place of the event in the request, from 1.
    pub event: usize,
    pub field: String,
    pub reason: String,
}

/// The events of a request: one JSON object, or several, one a line.
pub fn read(intake: Intake, body: &[u8], limits: &Limits) -> Result<Vec<Event>, Refusal> {
    let mut events = Vec::new();
    for value in serde_json::Deserializer::from_slice(body).into_iter::<Value>() {
        let event = events.len() + 1;
        let refused = |field: &str, reason: String| Refusal { event, field: field.to_owned(), reason };
        let value = value.map_err(|error| refused("", format!("not JSON: {error}")))?;
        let Value::Object(fields) = value else {
            return Err(refused("", "an event is a JSON object".to_owned()));
        };
        if events.len() == limits.events {
            return Err(refused("", format!("there are more than {} events; send several requests", limits.events)));
        }
        events.push(one(intake, fields, limits, true).map_err(|(field, reason)| refused(&field, reason))?);
    }
    if events.is_empty() {
        return Err(Refusal { event: 1, field: String::new(), reason: "the request is empty".to_owned() });
    }
    Ok(events)
}

/// A field and what is wrong with it.
pub type Wrong = (String, String);

/// An event whose decision may lack a probability: where a document states none.
pub fn lenient(intake: Intake, fields: Map<String, Value>, limits: &Limits) -> Result<Event, Wrong> {
    one(intake, fields, limits, false)
}

fn one(intake: Intake, mut fields: Map<String, Value>, limits: &Limits, strict: bool) -> Result<Event, Wrong> {
    let wrong = |field: &str, reason: &str| (field.to_owned(), reason.to_owned());
    let key = match fields.remove("key") {
        Some(Value::String(key)) if key.trim().is_empty() => return Err(wrong("key", "it is blank")),
        Some(Value::String(key)) if key.len() > limits.key => {
            return Err(("key".to_owned(), format!("it is longer than {} bytes", limits.key)));
        }
        Some(Value::String(key)) => key,
        Some(Value::Number(key)) => key.to_string(),
        Some(_) => return Err(wrong("key", "it is a text")),
        None => return Err(wrong("key", "it is missing")),
    };
    let kind = match intake {
        Intake::Decision => EventKind::Decision(decision(&mut fields, limits, strict)?),
        Intake::Reward => match fields.remove("reward") {
            Some(Value::Number(reward)) => match reward.as_f64().filter(|reward| reward.is_finite()) {
                Some(reward) => EventKind::Reward(reward),
                None => return Err(wrong("reward", "it is no finite number")),
            },
            Some(_) => return Err(wrong("reward", "it is a number")),
            None => return Err(wrong("reward", "it is missing")),
        },
        Intake::Override => EventKind::Override,
        Intake::Activation => EventKind::Activation,
    };
    match fields.keys().next() {
        Some(field) => Err((field.clone(), "there is no such field here".to_owned())),
        None => Ok(Event { key, kind }),
    }
}

fn decision(fields: &mut Map<String, Value>, limits: &Limits, strict: bool) -> Result<Payload, Wrong> {
    let wrong = |field: &str, reason: &str| (field.to_owned(), reason.to_owned());
    let action = match fields.remove("action") {
        Some(action @ (Value::String(_) | Value::Number(_))) => action,
        Some(_) => return Err(wrong("action", "it is a text or a number")),
        None => return Err(wrong("action", "it is missing")),
    };
    let probability = match fields.remove("probability") {
        Some(Value::Number(number)) if number.as_f64().is_some_and(|p| p > 0.0 && p <= 1.0) => Value::Number(number),
        None | Some(Value::Null) if !strict => Value::Null,
        Some(_) => return Err(wrong("probability", "it is a number above 0 and up to 1")),
        None => return Err(wrong("probability", "it is missing; log that of the action that was taken")),
    };
    let context = fields.remove("context").unwrap_or(Value::Null);
    let text = format!(r#""action":{action},"probability":{probability},"context":{context}"#);
    if text.len() > limits.decision {
        return Err(("context".to_owned(), format!("the decision is longer than {} bytes as JSON", limits.decision)));
    }
    Ok(text.into_bytes().into())
}
