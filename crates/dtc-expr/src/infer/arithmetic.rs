//! Operators: operands that do not fit each other, and divisors that can be zero.

use std::ops::Range;

use ruff_python_ast::{Expr, ExprBinOp, ExprUnaryOp, Number, Operator, UnaryOp};
use ruff_text_size::Ranged;

use super::types::{Kinds, Type, words};
use super::{Cure, Division, Finding, FindingKind, Inference, Outcome, Seen, operators};
use crate::compile::span;

impl Inference<'_> {
    pub(super) fn binary(&mut self, operation: &ExprBinOp) -> Seen {
        let left = self.expression(&operation.left);
        let right = self.expression(&operation.right);
        let failed = Outcome::Unknown.after(left.outcome).after(right.outcome);
        match operators::binary(&left.of, operation.op, &right.of) {
            Some(of) => {
                self.repetition(operation, &left.of, &right.of);
                let divides = self.division(operation, &left.of, &right.of);
                let outcome = if divides { Outcome::Error } else { failed };
                Seen { of, outcome }
            }
            None => {
                self.bad_operands(operation, &left.of, &right.of);
                Seen { of: Type::ANY, outcome: Outcome::Error }
            }
        }
    }

    pub(super) fn unary(&mut self, operation: &ExprUnaryOp) -> Seen {
        if operation.op == UnaryOp::Not {
            let operand = self.condition(&operation.operand);
            return Seen { of: Kinds::BOOL.into(), outcome: operand.outcome.not() };
        }
        let operand = self.expression(&operation.operand);
        let truth = match operand.outcome {
            // The sign of a number does not change whether it is 0.
            known if operation.op != UnaryOp::Invert => known,
            other => Outcome::Unknown.after(other),
        };
        if let Some(of) = operators::unary(operation.op, &operand.of) {
            return Seen { of, outcome: truth };
        }
        let part = span(operation.operand.range());
        let sign = operation.op.as_str();
        let text = operand.of.present() == Kinds::STR;
        self.found.findings.push(Finding {
            kind: FindingKind::Operands,
            span: span(operation.range),
            message: format!("`{sign}` does not work with {}", words(operand.of.present())),
            label: format!("{}; this always fails", self.described(&operation.operand, &operand.of)),
            help: if text { "make it a number with `float(…)`" } else { "use a number" }.to_owned(),
            cure: text.then(|| to_number(&part)),
        });
        Seen { of: Type::ANY, outcome: Outcome::Error }
    }

    fn bad_operands(&mut self, operation: &ExprBinOp, left: &Type, right: &Type) {
        let (a, b) = (left.present(), right.present());
        let sign = if operation.op == Operator::Pow { "**" } else { operation.op.as_str() };
        let label = format!(
            "{}, {}; this always fails",
            self.described(&operation.left, left),
            self.described(&operation.right, right)
        );
        let (help, cure) = self.operand_cure(operation, a, b);
        self.found.findings.push(Finding {
            kind: FindingKind::Operands,
            span: span(operation.range),
            message: format!("`{sign}` does not work with {} and {}", words(a), words(b)),
            label,
            help,
            cure,
        });
    }

    /// `source.amount * 2` where the amount is a text: Python repeats it.
    fn repetition(&mut self, operation: &ExprBinOp, left: &Type, right: &Type) {
        let sides = [(&*operation.left, left, right), (&*operation.right, right, left)];
        for (text, of, count) in sides {
            let repeats = operation.op == Operator::Mult && of.present() == Kinds::STR;
            if !repeats || !count.present().only(Kinds::WHOLE) || self.path(text).is_none() {
                continue;
            }
            self.found.findings.push(Finding {
                kind: FindingKind::Operands,
                span: span(operation.range),
                message: "`*` repeats the text instead of multiplying".to_owned(),
                label: self.described(text, of),
                help: "make a number of the text with `float(…)`".to_owned(),
                cure: Some(to_number(&span(text.range()))),
            });
        }
    }

    /// A text from an event meets a number: a number is meant. A written text meets one: a text is.
    fn operand_cure(&self, operation: &ExprBinOp, a: Kinds, b: Kinds) -> (String, Option<Cure>) {
        let sides = [(&*operation.left, a, &*operation.right, b), (&*operation.right, b, &*operation.left, a)];
        for (text, kind, other, number) in sides {
            if kind != Kinds::STR || !number.only(Kinds::NUMBER) {
                continue;
            }
            let (text_part, other_part) = (span(text.range()), span(other.range()));
            if self.path(text).is_some() {
                return ("make a number of the text with `float(…)`".to_owned(), Some(to_number(&text_part)));
            }
            let written = matches!(text, Expr::StringLiteral(_) | Expr::FString(_));
            if written && operation.op == Operator::Add {
                let cure = Cure::around("Wrap in `str(…)`", &other_part, "str(", ")");
                return ("make a text of the number with `str(…)`".to_owned(), Some(cure));
            }
            return ("use `float(…)` for a number, `str(…)` for a text".to_owned(), None);
        }
        let help = match (a, b) {
            (Kinds::DATETIME, kinds) | (kinds, Kinds::DATETIME) if kinds.only(Kinds::NUMBER) => {
                "add a `timedelta(seconds=…)`, or take `.timestamp()` for a number"
            }
            (Kinds::DATETIME, Kinds::STR) | (Kinds::STR, Kinds::DATETIME) => "make a time of the text: `parse_time(…)`",
            (Kinds::TIMEDELTA, _) | (_, Kinds::TIMEDELTA) => "take `.total_seconds()` for a number",
            (Kinds::LIST, kinds) | (kinds, Kinds::LIST) if kinds.only(Kinds::NUMBER) => {
                "take one item with `[0]`, or reduce the list: `sum(…)`, `len(…)`"
            }
            _ => "convert one of them so that both are of one type",
        };
        (help.to_owned(), None)
    }

    /// Whether the division always fails; doubtful ones are noted.
    fn division(&mut self, operation: &ExprBinOp, left: &Type, right: &Type) -> bool {
        let divides = match operation.op {
            Operator::Div | Operator::FloorDiv => true,
            // A text's `%` fills it in.
            Operator::Mod => left.present().only(Kinds::NUMBER),
            _ => false,
        };
        if !divides || !right.present().only(Kinds::NUMBER) {
            return false;
        }
        let divisor = span(operation.right.range());
        if is_zero(&operation.right) {
            self.found.findings.push(Finding {
                kind: FindingKind::ZeroDivision,
                span: divisor,
                message: "A division by zero".to_owned(),
                label: "this always fails".to_owned(),
                help: "divide by something else".to_owned(),
                cure: None,
            });
            return true;
        }
        if let Some(field) = self.field(converted(&operation.right))
            && !self.guards.contains(&field)
        {
            self.found.divisions.push(Division { span: span(operation.range), divisor, field });
        }
        false
    }
}

pub(super) fn to_number(part: &Range<usize>) -> Cure {
    Cure::around("Wrap in `float(…)`", part, "float(", ")")
}

/// What `float(…)` and `int(…)` convert: zero stays zero.
fn converted(expression: &Expr) -> &Expr {
    if let Expr::Call(call) = expression
        && let Expr::Name(name) = &*call.func
        && matches!(name.id.as_str(), "float" | "int")
        && let [only] = &*call.arguments.args
    {
        return only;
    }
    expression
}

fn is_zero(expression: &Expr) -> bool {
    match expression {
        Expr::NumberLiteral(literal) => match &literal.value {
            Number::Int(number) => number.as_i64() == Some(0),
            Number::Float(number) => *number == 0.0,
            Number::Complex { .. } => false,
        },
        Expr::BooleanLiteral(literal) => !literal.value,
        _ => false,
    }
}
