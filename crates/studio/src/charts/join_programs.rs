//! The expressions of a join document over raw records: events for its rule, and decisions as policies see them.

use bandit::{Event, EventKind};
use bandit_log::{Logged, Placed};
use dtc_expr::{Functions, Program, Value};
use dtc_io::Projection;
use dtc_lang::document::{Join, Policy, PolicyKind};
use num_traits::ToPrimitive;
use studio_api::ApiError;

use super::expressions::{Compiler, Record};
use crate::error::invalid;

/// Compiled once.
#[derive(Debug)]
pub struct JoinPrograms {
    when: Option<Program>,
    key: Program,
    time: Program,
    decision_when: Program,
    action: Program,
    reward_when: Program,
    reward: Program,
    override_when: Option<Program>,
    activation_when: Option<Program>,
    probability: Option<Program>,
    context: Option<Program>,
}

/// Events in the order of the records, and one `Logged` for each decision among them, with its file and line.
#[derive(Debug, Default)]
pub struct Joinable {
    pub events: Vec<Event>,
    pub decided: Vec<Placed>,
}

/// Whether a policy looks at whole records.
fn reads_records(document: &Join) -> bool {
    let reads = |policy: &Policy| match &policy.kind {
        PolicyKind::Expression(value) | PolicyKind::Column(value) => value.text.contains("source"),
        PolicyKind::File(_) => true,
        _ => false,
    };
    document.policies.iter().any(reads)
}

impl JoinPrograms {
    /// And what to read of records. `name` stands for the document in errors.
    pub fn compile(name: &str, document: &Join, functions: &Functions) -> Result<(JoinPrograms, Projection), ApiError> {
        let scope = dtc_lang::scopes::join(document, functions);
        let mut compiler = Compiler::new(name, &scope);
        let when = document.header.when.as_ref().map(|when| compiler.compile(when));
        let override_when = document.override_when.as_ref().map(|when| compiler.compile(when));
        let activation_when = document.activation_when.as_ref().map(|when| compiler.compile(when));
        let probability = document.probability.as_ref().map(|probability| compiler.compile(probability));
        let context = document.context.as_ref().map(|context| compiler.compile(context));
        if document.probability.is_some() && reads_records(document) {
            compiler.read_all();
        }
        let needed = [
            &document.key,
            &document.time,
            &document.decision_when,
            &document.action,
            &document.reward_when,
            &document.reward_value,
        ];
        let needed: Option<Vec<Program>> = needed.map(|expression| compiler.compile(expression)).into_iter().collect();
        let projection = compiler.finish()?;
        let needed = needed.and_then(|programs| <[Program; 6]>::try_from(programs).ok());
        let [key, time, decision_when, action, reward_when, reward] =
            needed.ok_or_else(|| invalid(format!("{name} has expressions that do not compile.")))?;
        let programs = JoinPrograms {
            when: when.flatten(),
            key,
            time,
            decision_when,
            action,
            reward_when,
            reward,
            override_when: override_when.flatten(),
            activation_when: activation_when.flatten(),
            probability: probability.flatten(),
            context: context.flatten(),
        };
        Ok((programs, projection))
    }

    /// Adds what the record at a file and line says; `None`: it cannot be used.
    pub fn take(&self, place: (usize, u64), record: &mut Record, found: &mut Joinable) -> Option<()> {
        if let Some(when) = &self.when
            && !record.holds(when)?
        {
            return Some(());
        }
        let mut kinds = Vec::new();
        if record.holds(&self.decision_when)? {
            kinds.push(EventKind::Decision(record.text(&self.action)?));
        }
        if record.holds(&self.reward_when)? {
            kinds.push(EventKind::Reward(number(&record.value(&self.reward)?)?));
        }
        if let Some(when) = &self.override_when
            && record.holds(when)?
        {
            kinds.push(EventKind::Override);
        }
        if let Some(when) = &self.activation_when
            && record.holds(when)?
        {
            kinds.push(EventKind::Activation);
        }
        if kinds.is_empty() {
            return Some(());
        }
        let key = record.text(&self.key)?;
        let time_ms = record.millis(&self.time)?;
        for kind in &kinds {
            if let (EventKind::Decision(action), Some(program)) = (kind, &self.probability) {
                let probability = record.value(program).as_ref().and_then(number);
                let context = self.context.as_ref().and_then(|program| record.value(program)).unwrap_or_default();
                found.decided.push((
                    place,
                    Logged {
                        key: key.clone(),
                        time_ms: Some(time_ms),
                        action: action.clone(),
                        probability: probability.unwrap_or(f64::NAN),
                        context,
                        record: record.whole(),
                        ..Logged::default()
                    },
                ));
            }
        }
        found.events.extend(kinds.into_iter().map(|kind| Event { key: key.clone(), time_ms, kind }));
        Some(())
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(number) => Some(*number as f64),
        Value::Big(number) => number.to_f64(),
        Value::Float(number) => Some(*number),
        Value::Bool(number) => Some(f64::from(u8::from(*number))),
        _ => None,
    }
}
