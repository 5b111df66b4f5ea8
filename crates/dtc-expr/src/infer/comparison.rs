//! Comparisons whose types decide them, or that have no order.

use ruff_python_ast::{CmpOp, Expr, ExprCompare, Number};
use ruff_text_size::{Ranged, TextRange};

use super::arithmetic::to_number;
use super::types::{Kinds, Type, words};
use super::{Cure, Finding, FindingKind, Inference, Outcome, Seen, TextComparison};
use crate::compile::span;
use crate::value::{Order, Value, compare, python_equal};

/// One `left OPERATOR right` of a chain.
struct Pair<'e> {
    left: &'e Expr,
    left_type: Type,
    operator: CmpOp,
    right: &'e Expr,
    right_type: Type,
}

impl Inference<'_> {
    pub(super) fn compare(&mut self, comparison: &ExprCompare) -> Seen {
        let mut left = &*comparison.left;
        let first = self.expression(left);
        let (mut left_type, mut failed) = (first.of, first.outcome == Outcome::Error);
        let mut outcome: Option<Outcome> = None;
        for (operator, right) in comparison.ops.iter().zip(&comparison.comparators) {
            let seen = self.expression(right);
            failed |= seen.outcome == Outcome::Error;
            let pair = Pair { left, left_type, operator: *operator, right, right_type: seen.of };
            let one = self.pair(&pair);
            outcome = Some(match (outcome, one) {
                (None, one) => one,
                (Some(Outcome::True), one) => one,
                (Some(before), one) if before.never_holds() || !one.never_holds() => {
                    if before.never_holds() {
                        before
                    } else {
                        Outcome::Unknown
                    }
                }
                (Some(_), _) => Outcome::False,
            });
            (left, left_type) = (right, pair.right_type);
        }
        let outcome = if failed { Outcome::Error } else { outcome.unwrap_or_default() };
        Seen { of: Kinds::BOOL.into(), outcome }
    }

    fn pair(&mut self, pair: &Pair) -> Outcome {
        if let Some(outcome) = literal_outcome(pair) {
            return outcome;
        }
        if matches!(pair.operator, CmpOp::Eq | CmpOp::NotEq) {
            self.note_text(pair, pair.left, pair.right);
            self.note_text(pair, pair.right, pair.left);
        }
        let (a, b) = (pair.left_type.kinds(), pair.right_type.kinds());
        match pair.operator {
            CmpOp::Is | CmpOp::IsNot if is_literal(pair.left) || is_literal(pair.right) => {
                self.is_literal(pair);
                Outcome::Unknown
            }
            CmpOp::Eq | CmpOp::NotEq | CmpOp::Is | CmpOp::IsNot if can_equal(a, b) => Outcome::Unknown,
            CmpOp::Eq | CmpOp::NotEq | CmpOp::Is | CmpOp::IsNot if self.is_precaution(pair) => Outcome::Unknown,
            CmpOp::Eq | CmpOp::Is => self.decided(pair, false),
            CmpOp::NotEq | CmpOp::IsNot => self.decided(pair, true),
            CmpOp::In | CmpOp::NotIn => self.membership(pair),
            CmpOp::Lt | CmpOp::LtE | CmpOp::Gt | CmpOp::GtE => {
                let (a, b) = (pair.left_type.present(), pair.right_type.present());
                if has_order(a, b) { Outcome::Unknown } else { self.without_order(pair) }
            }
        }
    }

    fn note_text(&mut self, pair: &Pair, field: &Expr, text: &Expr) {
        if let (Some(field), Expr::StringLiteral(literal)) = (self.field(field), text) {
            self.found.text_comparisons.push(TextComparison {
                span: whole(pair),
                field,
                written: span(text.range()),
                text: literal.value.to_str().to_owned(),
                equal: pair.operator == CmpOp::Eq,
            });
        }
    }

    /// To ask whether a value is there at all is wise, whatever the data looked at has; a field's
    /// type is certain.
    fn is_precaution(&self, pair: &Pair) -> bool {
        let nothing = |expression: &Expr| match expression {
            Expr::NoneLiteral(_) => true,
            Expr::StringLiteral(literal) => literal.value.is_empty(),
            _ => false,
        };
        let one = |this: &Expr, other: &Expr| nothing(this) && self.field(other).is_none();
        one(pair.left, pair.right) || one(pair.right, pair.left)
    }

    /// `==` or `!=` of types that are never equal.
    fn decided(&mut self, pair: &Pair, outcome: bool) -> Outcome {
        let (a, b) = (&pair.left_type, &pair.right_type);
        let value = if outcome { "True" } else { "False" };
        let sides = [(pair.left, a), (pair.right, b)].into_iter().filter(|(side, _)| !side.is_none_literal_expr());
        let sides: Vec<String> = sides.map(|(side, of)| self.described(side, of)).collect();
        let label = format!("always `{value}`: {}", sides.join(", "));
        let (help, cure) = self.comparison_cure(pair, true);
        self.found.findings.push(Finding {
            kind: FindingKind::SameOutcome,
            span: whole(pair),
            message: format!("{} never equals {}", sentence(&words(a.kinds())), words(b.kinds())),
            label,
            help,
            cure,
        });
        Outcome::of_bool(outcome)
    }

    fn without_order(&mut self, pair: &Pair) -> Outcome {
        let (a, b) = (&pair.left_type, &pair.right_type);
        let label = format!("{}, {}; this always fails", self.described(pair.left, a), self.described(pair.right, b));
        let (help, cure) = self.comparison_cure(pair, false);
        self.found.findings.push(Finding {
            kind: FindingKind::Operands,
            span: whole(pair),
            message: format!(
                "`{}` does not work with {} and {}",
                pair.operator,
                words(a.present()),
                words(b.present())
            ),
            label,
            help,
            cure,
        });
        Outcome::Error
    }

    fn membership(&mut self, pair: &Pair) -> Outcome {
        let (a, b) = (&pair.left_type, &pair.right_type);
        let held = b.present();
        if held == Kinds::STR && !a.present().overlaps(Kinds::STR.with(Kinds::OTHER)) {
            return self.without_order(pair);
        }
        let numbers = Kinds::NUMBER.with(Kinds::DATETIME).with(Kinds::DATE).with(Kinds::TIMEDELTA);
        if held.only(numbers.with(Kinds::FUNCTION)) {
            return self.without_order(pair);
        }
        let items = b.item();
        let sequence = held == b.kinds() && held.only(Kinds::LIST.with(Kinds::TUPLE).with(Kinds::SET));
        if !sequence || items.kinds().is_empty() || can_equal(a.kinds(), items.kinds()) {
            return Outcome::Unknown;
        }
        let outcome = pair.operator == CmpOp::NotIn;
        let value = if outcome { "True" } else { "False" };
        self.found.findings.push(Finding {
            kind: FindingKind::SameOutcome,
            span: whole(pair),
            message: format!(
                "{} is never among items that are each {}",
                sentence(&words(a.kinds())),
                words(items.kinds())
            ),
            label: format!("always `{value}`: {}", self.described(pair.left, a)),
            help: "write items of the type that is looked for".to_owned(),
            cure: None,
        });
        Outcome::of_bool(outcome)
    }

    fn is_literal(&mut self, pair: &Pair) {
        let sign = if pair.operator == CmpOp::Is { "==" } else { "!=" };
        let between = pair.left.range().end().to_usize()..pair.right.range().start().to_usize();
        let written = self.text.get(between.clone()).unwrap_or_default();
        // Brackets around an operand stand between them too.
        let plain = matches!(written.split_whitespace().collect::<Vec<_>>()[..], ["is"] | ["is", "not"]);
        let place = span(TextRange::new(pair.left.range().start(), pair.right.range().end()));
        let cure = plain.then(|| {
            let start = between.start + (written.len() - written.trim_start().len());
            Cure::replace(&(start..between.start + written.trim_end().len()), sign.to_owned())
        });
        self.found.findings.push(Finding {
            kind: FindingKind::IsLiteral,
            span: place,
            message: format!("`{}` asks whether two are the same object, not the same value", pair.operator),
            label: format!("may be `{}` for equal values", if pair.operator == CmpOp::Is { "False" } else { "True" }),
            help: format!("write `{sign}`"),
            cure,
        });
    }

    /// How the two could be compared. `equality`: by `==` or `!=`.
    fn comparison_cure(&self, pair: &Pair, equality: bool) -> (String, Option<Cure>) {
        if pair.left.is_none_literal_expr() || pair.right.is_none_literal_expr() {
            let help = "a field of this type always has a value: compare with the one that it starts with";
            return (help.to_owned(), None);
        }
        let sides = [
            (pair.left, pair.left_type.present(), pair.right, pair.right_type.present()),
            (pair.right, pair.right_type.present(), pair.left, pair.left_type.present()),
        ];
        for (text, kind, other, wanted) in sides {
            if kind != Kinds::STR {
                continue;
            }
            let part = span(text.range());
            if wanted == Kinds::DATETIME {
                let cure = Cure::around("Wrap in `parse_time(…)`", &part, "parse_time(", ")");
                return ("make a time of the text with `parse_time(…)`".to_owned(), Some(cure));
            }
            if wanted == Kinds::BOOL && equality {
                return self.flag_cure(text, other);
            }
            if let (Expr::StringLiteral(literal), true) = (text, wanted.only(Kinds::NUMBER))
                && is_number(literal.value.to_str())
            {
                let number = literal.value.to_str().to_owned();
                return (format!("compare with the number `{number}`"), Some(Cure::replace(&part, number)));
            }
            if wanted.only(Kinds::NUMBER) && self.path(text).is_some() {
                if let (Expr::NumberLiteral(_), true) = (other, equality) {
                    let literal = span(other.range());
                    let quoted = format!("'{}'", &self.text[literal.clone()]);
                    return (format!("compare with the text `{quoted}`"), Some(Cure::replace(&literal, quoted)));
                }
                return ("make a number of the text with `float(…)`".to_owned(), Some(to_number(&part)));
            }
        }
        ("compare values of one type".to_owned(), None)
    }

    /// `source.won == True` where the data says 'true'.
    fn flag_cure(&self, text: &Expr, other: &Expr) -> (String, Option<Cure>) {
        if let (Expr::BooleanLiteral(literal), Some((variable, path))) = (other, self.path(text)) {
            let seen = self.around.texts(variable, &path);
            let same = |text: &&String| text.eq_ignore_ascii_case(if literal.value { "true" } else { "false" });
            if let Some(found) = seen.iter().find(same) {
                let quoted = format!("'{found}'");
                let cure = Cure::replace(&span(other.range()), quoted.clone());
                return (format!("compare with the text `{quoted}`"), Some(cure));
            }
            return ("compare with a text".to_owned(), None);
        }
        if let (Expr::StringLiteral(literal), true) = (text, self.field(other).is_some()) {
            let value = match literal.value.to_str().to_ascii_lowercase().as_str() {
                "true" | "yes" | "1" => "True",
                "false" | "no" | "0" | "" => "False",
                _ => return ("compare with `True` or `False`".to_owned(), None),
            };
            let cure = Cure::replace(&span(text.range()), value.to_owned());
            return (format!("compare with `{value}`"), Some(cure));
        }
        ("compare values of one type".to_owned(), None)
    }
}

/// Whether a text is a number as Python writes it.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    plain(whole) && plain(fraction) && (whole == "0" || !whole.starts_with('0'))
}

fn whole(pair: &Pair) -> std::ops::Range<usize> {
    span(TextRange::new(pair.left.range().start(), pair.right.range().end()))
}

fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// A comparison of two literals of one type.
fn literal_outcome(pair: &Pair) -> Option<Outcome> {
    let (a, b) = (literal(pair.left)?, literal(pair.right)?);
    let order = match pair.operator {
        CmpOp::Eq if can_equal(pair.left_type.kinds(), pair.right_type.kinds()) => {
            return Some(Outcome::of_bool(python_equal(&a, &b)));
        }
        CmpOp::NotEq if can_equal(pair.left_type.kinds(), pair.right_type.kinds()) => {
            return Some(Outcome::of_bool(!python_equal(&a, &b)));
        }
        CmpOp::Lt => Order::Less,
        CmpOp::LtE => Order::LessEqual,
        CmpOp::Gt => Order::Greater,
        CmpOp::GtE => Order::GreaterEqual,
        _ => return None,
    };
    compare(&a, order, &b).ok().map(Outcome::of_bool)
}

fn literal(expression: &Expr) -> Option<Value> {
    match expression {
        Expr::NumberLiteral(literal) => match &literal.value {
            Number::Int(number) => number.as_i64().map(Value::Int),
            Number::Float(number) => Some(Value::Float(*number)),
            Number::Complex { .. } => None,
        },
        Expr::StringLiteral(literal) => Some(Value::str(literal.value.to_str())),
        Expr::BooleanLiteral(literal) => Some(Value::Bool(literal.value)),
        _ => None,
    }
}

/// What CPython warns of. `True`, `False` and `None` are one object each.
fn is_literal(expression: &Expr) -> bool {
    matches!(
        expression,
        Expr::StringLiteral(_)
            | Expr::NumberLiteral(_)
            | Expr::FString(_)
            | Expr::List(_)
            | Expr::Tuple(_)
            | Expr::Dict(_)
            | Expr::Set(_)
    )
}

/// Kinds that can equal these: numbers and booleans are one family.
fn family(kinds: Kinds) -> Kinds {
    if kinds.overlaps(Kinds::NUMBER) { kinds.with(Kinds::NUMBER) } else { kinds }
}

fn can_equal(a: Kinds, b: Kinds) -> bool {
    let open = a.overlaps(Kinds::OTHER) || b.overlaps(Kinds::OTHER);
    open || a.is_empty() || b.is_empty() || family(a).overlaps(family(b))
}

fn has_order(a: Kinds, b: Kinds) -> bool {
    let orders = |kinds: Kinds| kinds.without(Kinds::NONE.with(Kinds::DICT).with(Kinds::FUNCTION));
    a.overlaps(Kinds::OTHER) || b.overlaps(Kinds::OTHER) || family(orders(a)).overlaps(family(orders(b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_compared() {
        use Kinds as K;
        let cases = [
            (K::INT, K::FLOAT, true, true),
            (K::BOOL, K::INT, true, true),
            (K::STR, K::INT, false, false),
            (K::STR.with(K::INT), K::INT, true, true),
            (K::STR.with(K::NONE), K::INT, false, false),
            (K::STR.with(K::NONE), K::INT.with(K::NONE), true, false),
            (K::DATETIME, K::DATE, false, false),
            (K::DICT, K::DICT, true, false),
            (K::ANY, K::STR, true, true),
            (K::OTHER, K::SET, true, true),
            (K::NONE, K::NONE, true, false),
        ];
        for (a, b, equal, order) in cases {
            assert_eq!((can_equal(a, b), has_order(a, b)), (equal, order), "{a:?} {b:?}");
        }
    }
}
