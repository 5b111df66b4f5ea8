//! Policies by expression, functions of Rhai among them.

use dtc_expr::{Dict, Flavor, Frame, Functions, Program, Scope, Value, VariableId, compile};

use super::Asked;
use crate::log::Decision;
use crate::value::{number, shown, text};

const CONTEXT: VariableId = VariableId(0);
const ACTIONS: VariableId = VariableId(1);
const SOURCE: VariableId = VariableId(2);
const ACTION: VariableId = VariableId(3);

#[derive(Debug)]
pub struct Expression {
    program: Program,
    /// Whether it is asked once for each action.
    by_action: bool,
}

impl Expression {
    pub fn compile(text: &str, imports: &[(String, Vec<String>)], functions: &Functions) -> Result<Expression, String> {
        let mut scope = Scope::new();
        for (module, names) in imports {
            scope.add_import(module, names, functions)?;
        }
        for (name, place) in [("context", CONTEXT), ("actions", ACTIONS), ("source", SOURCE)] {
            scope.add_variable(name, place);
        }
        if let Ok(program) = compile(text, &scope) {
            return Ok(Expression { program, by_action: false });
        }
        scope.add_variable("action", ACTION);
        match compile(text, &scope) {
            Ok(program) => Ok(Expression { program, by_action: true }),
            Err(errors) => {
                let said = errors.first().map(|error| match &error.help {
                    Some(help) => format!("{}; {help}", error.message),
                    None => error.message.clone(),
                });
                let said = said.unwrap_or_default();
                Err(format!("`{text}`: {said}. It may use context, action, actions and source"))
            }
        }
    }

    /// One probability an offered action. Probabilities of other actions are not there, so that the sum tells.
    pub fn ask(&self, asked: Asked<'_>) -> Result<Vec<f64>, String> {
        let Asked { log, decision, offered } = asked;
        let names = || offered.iter().map(|action| Value::str(&log.actions[*action]));
        let mut frame = frame_of(decision);
        frame.variables[usize::from(ACTIONS.0)] = Some(Value::list(names().collect()));
        if self.by_action {
            let probability = |name: Value| {
                frame.variables[usize::from(ACTION.0)] = Some(name.clone());
                let value = self.value(&mut frame)?;
                let p = number(&value).filter(|p| (0.0..=1.0).contains(p));
                p.ok_or_else(|| format!("it gives {} for `{}`, not a probability", shown(&value), name.to_text()))
            };
            return names().map(probability).collect();
        }
        let value = self.value(&mut frame)?;
        if let Value::Dict(_, given) = &value {
            let found = |name: Value| match given.get(&name).or_else(|| given.get(&as_number(&name)?)) {
                None => Ok(0.0),
                Some(p) => number(p)
                    .filter(|p| (0.0..=1.0).contains(p))
                    .ok_or_else(|| format!("it gives {} for `{}`, not a probability", shown(p), name.to_text())),
            };
            return names().map(found).collect();
        }
        let chosen = text(&value).ok_or_else(|| {
            format!("it gives {}, neither an action nor a map of actions and probabilities", shown(&value))
        })?;
        if !log.actions.contains(&chosen) {
            return Err(format!(
                "it chooses `{chosen}`, which is no action of the log: nothing tells what that is worth"
            ));
        }
        Ok(offered.iter().map(|action| if log.actions[*action] == chosen { 1.0 } else { 0.0 }).collect())
    }

    /// The probability of the logged action, as the expression gives it.
    pub fn of_logged(&self, Asked { log, decision, .. }: Asked<'_>) -> Result<f64, String> {
        let mut frame = frame_of(decision);
        frame.variables[usize::from(ACTION.0)] = log.actions.get(decision.action).map(|name| Value::str(name));
        let value = self.value(&mut frame)?;
        let p = number(&value).filter(|p| (0.0..=1.0).contains(p));
        p.ok_or_else(|| format!("it gives {}, not a probability between 0 and 1", shown(&value)))
    }

    fn value(&self, frame: &mut Frame) -> Result<Value, String> {
        self.program.eval(frame).map_err(|error| format!("it fails: {}", error.message))
    }
}

/// Actions of a log are texts; a map may have them as numbers.
fn as_number(name: &Value) -> Option<Value> {
    name.as_str()?.parse().ok().map(Value::Int)
}

fn frame_of(decision: &Decision) -> Frame {
    let mut frame = Frame { variables: vec![None; 4], groups: Vec::new(), ..Frame::default() };
    let context = match &decision.context {
        Value::None => Value::record(Dict::default()),
        context => context.clone().with_flavor(Flavor::Record),
    };
    frame.variables[usize::from(CONTEXT.0)] = Some(context);
    frame.variables[usize::from(SOURCE.0)] = Some(decision.record.clone().with_flavor(Flavor::Record));
    frame
}
