//! A policy: which probability it gives to each action that a decision offered.

mod expression;
mod table;

use std::fmt;
use std::path::Path;

use dtc_expr::Functions;

pub use table::PolicyTable;

use self::expression::Expression;
use crate::log::{Decision, Log};
use crate::value::number;

#[derive(Debug)]
pub struct Policy {
    pub name: String,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Logged,
    Uniform,
    Constant(String),
    Expression(Box<Expression>),
    /// The probability with which the policy takes the logged action stands in the record.
    Column(String),
    /// The same by an expression over `source`.
    Probability(Box<Expression>),
    Table(PolicyTable),
}

/// What keeps a policy from being made or asked, in a sentence with its cure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyError(pub String);

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a policy says about a decision.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// The probability of the logged action; of the others nothing is known.
    OfLogged(f64),
    /// One an offered action, in the order of `Asked::offered`.
    All(Vec<f64>),
}

/// A decision, and the actions that it offered.
#[derive(Clone, Copy)]
pub struct Asked<'l> {
    pub log: &'l Log,
    pub decision: &'l Decision,
    pub offered: &'l [usize],
}

/// The forms that `of_text` takes.
const FORMS: &str =
    "logged, uniform, constant:ACTION, expression:EXPRESSION, column:NAME, file:FILE, rhai:FILE#FUNCTION";

impl Policy {
    pub fn logged() -> Policy {
        Policy { name: "logged".to_owned(), kind: Kind::Logged }
    }

    pub fn uniform() -> Policy {
        Policy { name: "uniform".to_owned(), kind: Kind::Uniform }
    }

    pub fn constant(action: &str) -> Policy {
        Policy { name: format!("always {action}"), kind: Kind::Constant(action.to_owned()) }
    }

    pub fn column(name: &str) -> Policy {
        Policy { name: name.to_owned(), kind: Kind::Column(name.to_owned()) }
    }

    /// An expression over `context`, `actions`, `source` and perhaps `action`: with `action` its value is that action's
    /// probability; without, it is the action that is chosen, or a map of actions and probabilities.
    pub fn expression(
        text: &str,
        imports: &[(String, Vec<String>)],
        functions: &Functions,
    ) -> Result<Policy, PolicyError> {
        let expression = Expression::compile(text, imports, functions).map_err(PolicyError)?;
        Ok(Policy { name: text.to_owned(), kind: Kind::Expression(Box::new(expression)) })
    }

    /// The probability with which the policy takes the logged action, by an expression over `source`.
    pub fn probability(
        text: &str,
        imports: &[(String, Vec<String>)],
        functions: &Functions,
    ) -> Result<Policy, PolicyError> {
        let expression = Expression::compile(text, imports, functions).map_err(PolicyError)?;
        Ok(Policy { name: text.to_owned(), kind: Kind::Probability(Box::new(expression)) })
    }

    pub fn table(name: &str, table: PolicyTable) -> Policy {
        Policy { name: name.to_owned(), kind: Kind::Table(table) }
    }

    pub fn named(self, name: &str) -> Policy {
        Policy { name: name.to_owned(), ..self }
    }

    /// E.g. `uniform`, `constant:a`, `cautious=expression:'a' if context.level < 3 else 'b'`.
    pub fn of_text(text: &str) -> Result<Policy, PolicyError> {
        let (kind, rest) = text.split_once(':').unwrap_or((text, ""));
        let (name, kind) = match kind.split_once('=') {
            Some((name, kind)) => (Some(name.trim()), kind.trim()),
            None => (None, kind.trim()),
        };
        let rest = rest.trim();
        let given = |what: &str| match rest {
            "" => Err(PolicyError(format!("`{text}` names no {what}; policies are {FORMS}"))),
            rest => Ok(rest),
        };
        let policy = match kind {
            "logged" => Policy::logged(),
            "uniform" => Policy::uniform(),
            "constant" => Policy::constant(given("action")?),
            "expression" => Policy::expression(given("expression")?, &[], &Functions::default())?,
            "column" => Policy::column(given("column")?),
            "file" => Policy::table(rest, PolicyTable::read(Path::new(given("file")?))?),
            "rhai" => Policy::script(given("script and function")?)?,
            _ => return Err(PolicyError(format!("there is no policy `{text}`; policies are {FORMS}"))),
        };
        Ok(match name.filter(|name| !name.is_empty()) {
            Some(name) => policy.named(name),
            None => policy,
        })
    }

    /// `FILE#FUNCTION`: the function takes the context and the list of actions, and gives an action or a map of
    /// probabilities.
    fn script(place: &str) -> Result<Policy, PolicyError> {
        let (file, function) = place
            .rsplit_once('#')
            .ok_or_else(|| PolicyError(format!("`rhai:{place}` names no function; write rhai:{place}#NAME")))?;
        let text = std::fs::read_to_string(file)
            .map_err(|error| PolicyError(format!("the script {file} cannot be read: {error}")))?;
        let (functions, faults) = Functions::compile(&[("policy".to_owned(), text)]);
        if let Some(fault) = faults.first() {
            return Err(PolicyError(format!("{file}:{}:{}: {}", fault.line, fault.column, fault.message)));
        }
        if !functions.names("policy").unwrap_or_default().iter().any(|name| name == function) {
            let names = functions.names("policy").unwrap_or_default().join(", ");
            return Err(PolicyError(format!("{file} has no function `{function}`; it has {names}")));
        }
        let imports = [("functions/policy".to_owned(), vec![function.to_owned()])];
        Ok(Policy::expression(&format!("{function}(context, actions)"), &imports, &functions)?.named(function))
    }

    /// Before it is asked: whether the log has what it takes.
    pub fn suits(&self, log: &Log) -> Result<(), PolicyError> {
        match &self.kind {
            Kind::Constant(action) if !log.actions.iter().any(|known| known == action) => {
                let mut known = log.actions.clone();
                known.truncate(12);
                Err(PolicyError(format!("the log has no action `{action}`; it has {}", known.join(", "))))
            }
            Kind::Column(name) => {
                let lacks = |decision: &Decision| {
                    crate::value::fields(&decision.record).is_none_or(|r| !r.contains_key(name.as_str()))
                };
                match log.decisions.first() {
                    Some(first) if lacks(first) => Err(PolicyError(format!(
                        "{}: there is no column `{name}`; it is to hold the policy's probability of the logged action",
                        log.place(first)
                    ))),
                    _ => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    /// The error is a sentence without a place.
    pub fn ask(&self, asked: Asked<'_>) -> Result<Answer, String> {
        let Asked { log, decision, offered } = asked;
        let certain = |name: &str| {
            offered.iter().map(|action| if log.actions[*action] == name { 1.0 } else { 0.0 }).collect::<Vec<f64>>()
        };
        match &self.kind {
            Kind::Logged => Ok(logged(decision, offered)),
            Kind::Uniform => Ok(Answer::All(vec![1.0 / offered.len() as f64; offered.len()])),
            Kind::Constant(name) => Ok(Answer::All(certain(name))),
            Kind::Expression(expression) => expression.ask(asked).map(Answer::All),
            Kind::Column(name) => {
                let value = crate::value::fields(&decision.record).and_then(|record| record.get(name.as_str()));
                match value.and_then(number) {
                    Some(p) if (0.0..=1.0).contains(&p) => Ok(Answer::OfLogged(p)),
                    _ => Err(format!(
                        "`{name}` is {}, not a probability between 0 and 1",
                        value.map_or("missing".to_owned(), crate::value::shown)
                    )),
                }
            }
            Kind::Probability(expression) => expression.of_logged(asked).map(Answer::OfLogged),
            Kind::Table(table) => table.ask(asked),
        }
    }

    /// Whether a table's `q_logged` and `q_pi` are of this policy: they go with the column `pi_e`.
    pub fn has_own_model(&self) -> bool {
        matches!(&self.kind, Kind::Column(name) if name == "pi_e")
    }

    /// Whether it is the one that chose the logged actions.
    pub fn is_logged(&self) -> bool {
        matches!(self.kind, Kind::Logged)
    }
}

fn logged(decision: &Decision, offered: &[usize]) -> Answer {
    let of = |action: &usize| decision.offered.iter().find(|(known, _)| known == action).and_then(|(_, p)| *p);
    match offered.iter().map(of).collect() {
        Some(all) => Answer::All(all),
        None => Answer::OfLogged(decision.probability),
    }
}
