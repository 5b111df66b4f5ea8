//! How conditions come out, and texts that stand where truth is asked.

use ruff_python_ast::{BoolOp, Expr, ExprBoolOp, ExprIf};
use ruff_text_size::Ranged;

use super::types::{Kinds, Type};
use super::{Cure, Finding, FindingKind, Inference, Seen};
use crate::compile::span;

/// How an expression comes out as a condition, for every event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Outcome {
    #[default]
    Unknown,
    True,
    False,
    /// It fails, which counts as false.
    Error,
}

impl Outcome {
    pub(super) fn of_type(of: &Type) -> Outcome {
        if of.kinds() == Kinds::NONE {
            Outcome::False
        } else if of.kinds().only(Kinds::FUNCTION) {
            Outcome::True
        } else {
            Outcome::Unknown
        }
    }

    pub(super) fn of_bool(truth: bool) -> Outcome {
        if truth { Outcome::True } else { Outcome::False }
    }

    /// Whether no event ever satisfies it.
    pub fn never_holds(self) -> bool {
        matches!(self, Outcome::False | Outcome::Error)
    }

    pub(super) fn not(self) -> Outcome {
        match self {
            Outcome::True => Outcome::False,
            Outcome::False => Outcome::True,
            other => other,
        }
    }

    /// Of what is computed from a part: an error goes on.
    pub(super) fn after(self, part: Outcome) -> Outcome {
        if part == Outcome::Error { Outcome::Error } else { self }
    }
}

fn junction(operator: BoolOp, before: Outcome, next: Outcome) -> Outcome {
    match (operator, before, next) {
        (_, Outcome::Error, _) => Outcome::Error,
        (BoolOp::And, Outcome::True, next) | (BoolOp::Or, Outcome::False, next) => next,
        (BoolOp::And, Outcome::False, _) => Outcome::False,
        (BoolOp::Or, Outcome::True, _) => Outcome::True,
        // Whatever came before, it does not become true.
        (BoolOp::And, Outcome::Unknown, next) if next.never_holds() => Outcome::False,
        _ => Outcome::Unknown,
    }
}

impl Inference<'_> {
    /// A part of which only the truth counts.
    pub(super) fn condition(&mut self, expression: &Expr) -> Seen {
        let seen = self.expression(expression);
        self.text_truth(expression, &seen.of);
        seen
    }

    pub(super) fn bool_op(&mut self, operation: &ExprBoolOp) -> Seen {
        let guards = self.guards.len();
        let mut result: Option<Seen> = None;
        let last = operation.values.len().saturating_sub(1);
        for (place, value) in operation.values.iter().enumerate() {
            let reads = self.found.field_reads.len();
            let seen = self.expression(value);
            if place < last {
                self.text_truth(value, &seen.of);
            }
            self.guard_since(reads);
            result = Some(match result {
                None => seen,
                Some(before) => Seen {
                    outcome: junction(operation.op, before.outcome, seen.outcome),
                    of: passed_on(operation.op, before.of).or(seen.of),
                },
            });
        }
        self.guards.truncate(guards);
        result.unwrap_or(Type::ANY.into())
    }

    pub(super) fn choice(&mut self, choice: &ExprIf) -> Seen {
        let (guards, reads) = (self.guards.len(), self.found.field_reads.len());
        let test = self.condition(&choice.test);
        self.guard_since(reads);
        let then = self.expression(&choice.body);
        let otherwise = self.expression(&choice.orelse);
        self.guards.truncate(guards);
        let outcome = match test.outcome {
            Outcome::True => then.outcome,
            Outcome::False => otherwise.outcome,
            Outcome::Error => Outcome::Error,
            Outcome::Unknown if then.outcome == otherwise.outcome => then.outcome,
            Outcome::Unknown => Outcome::Unknown,
        };
        Seen { of: then.of.or(otherwise.of), outcome }
    }

    /// The fields that were read since then have been asked for.
    pub(super) fn guard_since(&mut self, reads: usize) {
        let asked = self.found.field_reads[reads..].iter().map(|read| read.field);
        self.guards.extend(asked);
    }

    /// A text such as 'false' is true, as every text is that is not empty.
    fn text_truth(&mut self, expression: &Expr, of: &Type) {
        if of.present() != Kinds::STR {
            return;
        }
        let Some((variable, path)) = self.path(expression) else { return };
        let texts = self.around.texts(variable, &path);
        let told: Vec<(&String, Option<bool>)> = texts.iter().map(|text| (text, meaning(text))).collect();
        let Some((no, _)) = told.iter().find(|(_, meaning)| *meaning == Some(false)) else { return };
        if told.iter().any(|(_, meaning)| meaning.is_none()) {
            return;
        }
        let part = span(expression.range());
        let yes = told.iter().find(|(_, meaning)| *meaning == Some(true)).map(|(text, _)| (*text).clone());
        let yes = yes.or_else(|| opposite(no).map(str::to_owned));
        // `not x == 'true'` and `x == 'true' and y` bind as they are meant.
        let compared = |yes: &String| {
            let title = format!("Compare with `'{yes}'`");
            Cure { title, edits: vec![(part.end..part.end, format!(" == '{yes}'"))] }
        };
        let cure = yes.as_ref().map(compared);
        self.found.findings.push(Finding {
            kind: FindingKind::TextTruth,
            message: format!("{} is a text, and the text '{no}' counts as true", self.shown(expression)),
            label: "every text is true that is not empty".to_owned(),
            help: match &yes {
                Some(yes) => format!("compare it: `{} == '{yes}'`", self.shown(expression).trim_matches('`')),
                None => "compare it with the text that means yes".to_owned(),
            },
            span: part,
            cure,
        });
    }
}

/// `a or b` gives `a` only where it is true, so never its `None`; `a and b` may give anything of `a`.
fn passed_on(operator: BoolOp, of: Type) -> Type {
    match operator {
        BoolOp::And => of,
        BoolOp::Or if of.kinds() == Kinds::NONE || of.is_any() => of,
        BoolOp::Or => of.without_none(),
    }
}

/// What a text means as an answer.
fn meaning(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Some(true),
        "false" | "no" | "0" => Some(false),
        _ => None,
    }
}

fn opposite(no: &str) -> Option<&'static str> {
    Some(match no {
        "false" => "true",
        "False" => "True",
        "FALSE" => "TRUE",
        "no" => "yes",
        "No" => "Yes",
        "0" => "1",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_by_their_parts() {
        use Outcome::{Error, False, True, Unknown};
        let cases = [
            (BoolOp::And, True, True, True),
            (BoolOp::And, Unknown, False, False),
            (BoolOp::And, False, Unknown, False),
            (BoolOp::And, Unknown, Error, False),
            (BoolOp::And, Error, True, Error),
            (BoolOp::Or, False, Error, Error),
            (BoolOp::Or, Unknown, True, Unknown),
            (BoolOp::Or, True, Error, True),
            (BoolOp::Or, False, False, False),
        ];
        for (operator, before, next, expected) in cases {
            assert_eq!(junction(operator, before, next), expected, "{before:?} {operator:?} {next:?}");
        }
    }
}
