//! Every construct of an expression, one after another.

use ruff_python_ast as ast;
use ruff_python_ast::{DictItem, Expr, FStringPart, InterpolatedStringElement, InterpolatedStringElements, Number};
use ruff_text_size::Ranged;

use super::types::{Kinds, Type};
use super::{Inference, MAX_DEPTH, Outcome, Seen, returns};
use crate::compile::{Meant, span};

impl Inference<'_> {
    pub(super) fn expression(&mut self, expression: &Expr) -> Seen {
        if self.depth >= MAX_DEPTH {
            return Type::ANY.into();
        }
        self.depth += 1;
        let seen = self.construct(expression);
        self.depth -= 1;
        self.found.parts.push((span(expression.range()), seen.of.clone()));
        seen
    }

    fn construct(&mut self, expression: &Expr) -> Seen {
        match expression {
            Expr::NoneLiteral(_) => Kinds::NONE.into(),
            Expr::BooleanLiteral(literal) => known(Kinds::BOOL, literal.value),
            Expr::NumberLiteral(literal) => number(&literal.value),
            Expr::StringLiteral(literal) => known(Kinds::STR, !literal.value.is_empty()),
            Expr::FString(literal) => self.f_string(literal),
            Expr::Name(name) => self.name(name).into(),
            Expr::Attribute(attribute) => self.attribute(attribute, expression).into(),
            Expr::Subscript(subscript) => self.subscript(subscript, expression),
            Expr::Call(call) => self.call(call),
            Expr::BinOp(operation) => self.binary(operation),
            Expr::UnaryOp(operation) => self.unary(operation),
            Expr::BoolOp(operation) => self.bool_op(operation),
            Expr::Compare(comparison) => self.compare(comparison),
            Expr::If(choice) => self.choice(choice),
            Expr::List(list) => self.display(Kinds::LIST, &list.elts),
            Expr::Tuple(tuple) => self.display(Kinds::TUPLE, &tuple.elts),
            Expr::Set(set) => self.display(Kinds::SET, &set.elts),
            Expr::Dict(dict) => self.dict(&dict.items),
            Expr::ListComp(list) => self.comprehension(Kinds::LIST, None, &list.elt, &list.generators),
            Expr::SetComp(set) => self.comprehension(Kinds::SET, None, &set.elt, &set.generators),
            Expr::DictComp(dict) => self.comprehension(Kinds::DICT, dict.key.as_deref(), &dict.value, &dict.generators),
            Expr::Generator(generator) => self.comprehension(Kinds::OTHER, None, &generator.elt, &generator.generators),
            Expr::Lambda(lambda) => {
                self.expression(&lambda.body);
                Kinds::FUNCTION.into()
            }
            _ => Type::ANY.into(),
        }
    }

    fn display(&mut self, kind: Kinds, items: &[Expr]) -> Seen {
        let (mut holds, mut failed, mut certain) = (None, false, true);
        for item in items {
            let of = match item {
                Expr::Starred(starred) => {
                    certain = false;
                    returns::iterated(&self.expression(&starred.value).of)
                }
                item => {
                    let seen = self.expression(item);
                    failed |= seen.outcome == Outcome::Error;
                    // What is not known may fail.
                    certain &= seen.outcome != Outcome::Unknown;
                    seen.of
                }
            };
            holds = Some(match holds {
                None => of,
                Some(before) => Type::or(before, of),
            });
        }
        let of = match holds {
            Some(item) => Type::holding(kind, item),
            None => kind.into(),
        };
        let outcome = match items.is_empty() {
            _ if failed => Outcome::Error,
            true => Outcome::False,
            // A set may refuse its items.
            false if certain && kind != Kinds::SET => Outcome::True,
            false => Outcome::Unknown,
        };
        Seen { of, outcome }
    }

    fn dict(&mut self, items: &[DictItem]) -> Seen {
        let mut holds: Option<Type> = None;
        for item in items {
            if let Some(key) = &item.key {
                self.expression(key);
            }
            let value = self.expression(&item.value).of;
            let value = if item.key.is_some() { value } else { Type::ANY };
            holds = Some(holds.map_or(value.clone(), |before| before.or(value)));
        }
        holds.map_or_else(|| known(Kinds::DICT, false), |item| Type::holding(Kinds::DICT, item).into())
    }

    fn f_string(&mut self, literal: &ast::ExprFString) -> Seen {
        for part in literal.value.iter() {
            if let FStringPart::FString(inner) = part {
                self.interpolated(&inner.elements);
            }
        }
        Kinds::STR.into()
    }

    fn interpolated(&mut self, elements: &InterpolatedStringElements) {
        for element in elements {
            if let InterpolatedStringElement::Interpolation(value) = element {
                self.expression(&value.expression);
                if let Some(format) = &value.format_spec {
                    self.interpolated(&format.elements);
                }
            }
        }
    }

    fn comprehension(&mut self, kind: Kinds, key: Option<&Expr>, item: &Expr, clauses: &[ast::Comprehension]) -> Seen {
        let guards = self.guards.len();
        for clause in clauses {
            let over = self.expression(&clause.iter).of;
            self.bind(&clause.target, returns::iterated(&over));
            for test in &clause.ifs {
                let reads = self.found.field_reads.len();
                self.condition(test);
                self.guard_since(reads);
            }
        }
        if let Some(key) = key {
            self.expression(key);
        }
        let item = self.expression(item).of;
        self.guards.truncate(guards);
        Type::holding(kind, item).into()
    }

    fn bind(&mut self, target: &Expr, of: Type) {
        match target {
            Expr::Name(name) => {
                if let Some(Meant::Local(slot)) = self.meant(name.range.start().to_usize())
                    && let Some(local) = self.locals.get_mut(usize::from(*slot))
                {
                    *local = of;
                }
            }
            Expr::Tuple(ast::ExprTuple { elts, .. }) | Expr::List(ast::ExprList { elts, .. }) => {
                let item = returns::iterated(&of);
                elts.iter().for_each(|target| self.bind(target, item.clone()));
            }
            _ => {}
        }
    }
}

fn known(kind: Kinds, truth: bool) -> Seen {
    Seen { of: kind.into(), outcome: Outcome::of_bool(truth) }
}

fn number(literal: &Number) -> Seen {
    match literal {
        Number::Int(number) => known(Kinds::INT, number.as_i64() != Some(0)),
        Number::Float(number) => known(Kinds::FLOAT, *number != 0.0),
        Number::Complex { .. } => Type::ANY.into(),
    }
}
