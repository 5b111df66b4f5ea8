//! A join document's expressions over one raw event: what the join service takes from its sources.

use std::io::Cursor;

use dtc_expr::{Functions, Program, Value};
use dtc_io::{Projection, Records};
use dtc_lang::document::Join;
use serde_json::Map;
use studio_api::ApiError;

use super::expressions::{Compiler, Record};
use crate::error::invalid;

/// What a raw event is to a join.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JoinEventKind {
    Decision,
    Reward,
    Override,
    Activation,
}

/// With `key`, and by its kind `action`, `probability`, `context`, or `reward`.
pub type JoinEvent = (JoinEventKind, Map<String, serde_json::Value>);

/// Compiled once; the time of an event is the service's to know.
#[derive(Debug)]
pub struct JoinEvents {
    when: Option<Program>,
    key: Program,
    decision_when: Program,
    action: Program,
    probability: Option<Program>,
    context: Option<Program>,
    reward_when: Program,
    reward: Program,
    override_when: Option<Program>,
    activation_when: Option<Program>,
    mode: dtc_expr::Mode,
}

impl JoinEvents {
    /// `name` stands for the document in errors.
    pub fn compile(name: &str, document: &Join, functions: &Functions) -> Result<JoinEvents, ApiError> {
        let scope = dtc_lang::scopes::join(document, functions);
        let mut compiler = Compiler::new(name, &scope);
        let optional = [
            &document.header.when,
            &document.probability,
            &document.context,
            &document.override_when,
            &document.activation_when,
        ];
        let optional = optional.map(|expression| expression.as_ref().and_then(|one| compiler.compile(one)));
        let needed =
            [&document.key, &document.decision_when, &document.action, &document.reward_when, &document.reward_value];
        let needed: Option<Vec<Program>> = needed.map(|expression| compiler.compile(expression)).into_iter().collect();
        compiler.finish()?;
        let needed = needed.and_then(|programs| <[Program; 5]>::try_from(programs).ok());
        let [key, decision_when, action, reward_when, reward] =
            needed.ok_or_else(|| invalid(format!("{name} has expressions that do not compile.")))?;
        let [when, probability, context, override_when, activation_when] = optional;
        let mode = document.header.mode;
        Ok(JoinEvents {
            when,
            key,
            decision_when,
            action,
            probability,
            context,
            reward_when,
            reward,
            override_when,
            activation_when,
            mode,
        })
    }

    /// What a record of JSON says: nothing, or several events. An error says why it cannot be used.
    pub fn read(&self, json: &[u8]) -> Result<Vec<JoinEvent>, String> {
        let input = Box::new(Cursor::new(json.to_vec()));
        let records = Records::from_reader("the event", input, None, &Projection::All, self.mode);
        let mut found = Vec::new();
        for read in records.map_err(|error| error.to_string())? {
            let read = read.map_err(|bad| bad.reason)?;
            let mut record = Record::new();
            record.set(read.value);
            self.of(&mut record, &mut found)?;
        }
        Ok(found)
    }

    fn of(&self, record: &mut Record, found: &mut Vec<JoinEvent>) -> Result<(), String> {
        let holds = |record: &mut Record, when: &Program, what: &str| {
            record.holds(when).ok_or_else(|| format!("`When` of {what} fails on it"))
        };
        if let Some(when) = &self.when
            && !holds(record, when, "the document")?
        {
            return Ok(());
        }
        let mut kinds = Vec::new();
        if holds(record, &self.decision_when, "the decision")? {
            kinds.push((JoinEventKind::Decision, self.decision(record)?));
        }
        if holds(record, &self.reward_when, "the reward")? {
            let reward = json(record.value(&self.reward), "`Value` of the reward")?;
            kinds.push((JoinEventKind::Reward, Map::from_iter([("reward".to_owned(), reward)])));
        }
        for (when, what, kind) in [
            (&self.override_when, "the override", JoinEventKind::Override),
            (&self.activation_when, "the activation", JoinEventKind::Activation),
        ] {
            if let Some(when) = when
                && holds(record, when, what)?
            {
                kinds.push((kind, Map::new()));
            }
        }
        if kinds.is_empty() {
            return Ok(());
        }
        let key = record.text(&self.key).ok_or("`Key` gives no text")?;
        for (kind, mut fields) in kinds {
            fields.insert("key".to_owned(), serde_json::Value::from(key.as_str()));
            found.push((kind, fields));
        }
        Ok(())
    }

    fn decision(&self, record: &mut Record) -> Result<Map<String, serde_json::Value>, String> {
        let mut fields = Map::new();
        fields.insert("action".to_owned(), json(record.value(&self.action), "`Action`")?);
        for (name, shown, program) in
            [("probability", "`Probability`", &self.probability), ("context", "`Context`", &self.context)]
        {
            if let Some(program) = program {
                fields.insert(name.to_owned(), json(record.value(program), shown)?);
            }
        }
        Ok(fields)
    }
}

fn json(value: Option<Value>, what: &str) -> Result<serde_json::Value, String> {
    let value = value.ok_or_else(|| format!("{what} fails on it"))?;
    let text = value.to_json().map_err(|error| format!("{what} is nothing that JSON can hold: {error}"))?;
    serde_json::from_str(&text).map_err(|_| format!("{what} is nothing that JSON can hold: {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "Type: ProductML:DTC:Join
Version: '2018-03-01'
Name: rewards
Key: source.id
Time: parse_time(source.time)
Decision:
  When: source.event == 'shown'
  Action: source.offer
  Probability: float(source.p)
  Context: source.features
Reward:
  When: source.event == 'bought'
  Value: float(source.amount) / 100
Override:
  When: source.event == 'taken back'
";

    fn events(text: &str) -> Result<String, String> {
        let (document, faults) = dtc_lang::check(DOCUMENT, &dtc_lang::Project::default());
        assert!(faults.is_empty(), "{faults:?}");
        let Some(dtc_lang::Document::Join(document)) = document else { panic!("it is a join document") };
        let events =
            JoinEvents::compile("join.dtc.yaml", &document, &Functions::default()).map_err(|error| error.message)?;
        let found = events.read(text.as_bytes())?;
        Ok(found
            .iter()
            .map(|(kind, fields)| format!("{kind:?} {}", serde_json::Value::Object(fields.clone())))
            .collect())
    }

    #[test]
    fn raw_events_become_what_the_service_takes() {
        let decision =
            r#"{"id": 7, "event": "shown", "offer": "a", "p": "0.25", "features": {"plan": "free", "n": [1]}}"#;
        let said = r#"Decision {"action":"a","probability":0.25,"context":{"plan":"free","n":[1]},"key":"7"}"#;
        assert_eq!(events(decision).as_deref(), Ok(said));
        let reward = r#"{"id": "x", "event": "bought", "amount": 250}"#;
        assert_eq!(events(reward).as_deref(), Ok(r#"Reward {"reward":2.5,"key":"x"}"#));
        assert_eq!(events(r#"{"id": "x", "event": "taken back"}"#).as_deref(), Ok(r#"Override {"key":"x"}"#));
        assert_eq!(events(r#"{"event": "else"}"#).as_deref(), Ok(""));
    }

    #[test]
    fn what_cannot_be_used_says_why() {
        let cases = [
            (r#"{"event": "bought", "amount": 1}"#, "`Key` gives no text"),
            (r#"{"id": 1, "event": "bought", "amount": "much"}"#, "`Value` of the reward fails on it"),
            (r#"{"id": 1, "event": "shown", "offer": "a", "p": "nan"}"#, "`Probability` is nothing that JSON can hold"),
        ];
        for (text, reason) in cases {
            let said = events(text).unwrap_err();
            assert!(said.contains(reason), "{text}: {said}");
        }
        assert!(events("{\"id\": 1,").is_err());
    }
}
