//! Expressions to nodes, one construct after another.

use ruff_python_ast::{BoolOp, CmpOp, Expr, ExprBoolOp, ExprCompare, ExprSubscript};
use ruff_text_size::Ranged;

use super::names::Base;
use super::{Compiler, MAX_DEPTH, span};
use crate::node::{Comparison, Element, Node};
use crate::value::{Order, Value};

impl Compiler<'_> {
    pub(super) fn expression(&mut self, expression: &Expr) -> Node {
        if self.depth >= MAX_DEPTH {
            return self.unsupported(
                span(expression.range()),
                "the expression is nested too deeply",
                "split it into several fields",
            );
        }
        self.depth += 1;
        let node = self.lower(expression);
        self.depth -= 1;
        node
    }

    fn lower(&mut self, expression: &Expr) -> Node {
        match expression {
            Expr::NoneLiteral(_) => Node::Const(Value::None),
            Expr::BooleanLiteral(literal) => Node::Const(Value::Bool(literal.value)),
            Expr::NumberLiteral(literal) => self.number(literal),
            Expr::StringLiteral(literal) => Node::Const(Value::str(literal.value.to_str())),
            Expr::FString(literal) => self.f_string(literal),
            Expr::Name(name) => self.name(name, false),
            Expr::Attribute(attribute) => self.attribute(attribute),
            Expr::Subscript(subscript) => self.subscript(subscript, expression),
            Expr::Call(call) => self.call(call),
            Expr::BinOp(operation) => {
                let left = self.expression(&operation.left);
                let right = self.expression(&operation.right);
                Node::Binary(operation.op, Box::new((left, right)))
            }
            Expr::UnaryOp(operation) => {
                let operand = self.expression(&operation.operand);
                Node::Unary(operation.op, Box::new(operand))
            }
            Expr::BoolOp(operation) => self.junction(operation),
            Expr::Compare(comparison) => self.comparison(comparison),
            Expr::If(choice) => {
                let test = self.expression(&choice.test);
                let then = self.expression(&choice.body);
                let otherwise = self.expression(&choice.orelse);
                Node::If(Box::new((test, then, otherwise)))
            }
            Expr::List(list) => Node::List(self.elements(&list.elts)),
            Expr::Tuple(tuple) => Node::Tuple(self.elements(&tuple.elts)),
            Expr::Set(set) => Node::Set(self.elements(&set.elts)),
            Expr::Dict(dict) => {
                let pairs = dict.items.iter().map(|item| {
                    let key = item.key.as_ref().map(|key| self.expression(key));
                    (key, self.expression(&item.value))
                });
                Node::Dict(pairs.collect())
            }
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => {
                self.comprehension(expression)
            }
            Expr::Lambda(lambda) => self.lambda(lambda),
            other => self.refuse(other),
        }
    }

    fn refuse(&mut self, expression: &Expr) -> Node {
        let (what, help) = match expression {
            Expr::Named(_) => ("`:=` is not supported", "put the value into a field of its own"),
            Expr::Await(_) => ("`await` is not supported", "expressions run at once"),
            Expr::Yield(_) | Expr::YieldFrom(_) => ("`yield` is not supported", "use a comprehension"),
            Expr::BytesLiteral(_) => ("bytes are not supported", "use a text: remove the `b`"),
            Expr::TString(_) => ("template strings are not supported", "use an f-string: `f\"…\"`"),
            Expr::EllipsisLiteral(_) => ("`...` is not supported", "write a value"),
            Expr::Starred(_) => ("`*` cannot stand here", "spread inside a list or a call"),
            Expr::Slice(_) => ("a slice cannot stand here", "use it inside `[ ]`"),
            _ => ("this is not supported", "write a Python expression"),
        };
        self.unsupported(span(expression.range()), what, help)
    }

    pub(super) fn elements(&mut self, elements: &[Expr]) -> Box<[Element]> {
        elements
            .iter()
            .map(|element| match element {
                Expr::Starred(starred) => Element::Spread(self.expression(&starred.value)),
                other => Element::One(self.expression(other)),
            })
            .collect()
    }

    fn junction(&mut self, operation: &ExprBoolOp) -> Node {
        let nodes = operation.values.iter().map(|value| self.expression(value)).collect();
        match operation.op {
            BoolOp::And => Node::And(nodes),
            BoolOp::Or => Node::Or(nodes),
        }
    }

    fn comparison(&mut self, comparison: &ExprCompare) -> Node {
        let left = self.expression(&comparison.left);
        let mut rest: Vec<(Comparison, Node)> = comparison
            .ops
            .iter()
            .zip(comparison.comparators.iter())
            .map(|(operator, right)| (lower_comparison(*operator), self.expression(right)))
            .collect();
        if rest.len() == 1
            && let Some((operator, right)) = rest.pop()
        {
            return Node::Compare(Box::new((left, operator, right)));
        }
        Node::Chain(Box::new((left, rest)))
    }

    fn subscript(&mut self, subscript: &ExprSubscript, whole: &Expr) -> Node {
        match &*subscript.slice {
            Expr::StringLiteral(_) => {
                let base = self.base(whole);
                self.as_value(base, span(whole.range()))
            }
            Expr::Slice(slice) => {
                let object = self.expression(&subscript.value);
                let bounds = [&slice.lower, &slice.upper, &slice.step]
                    .map(|bound| bound.as_ref().map(|bound| self.expression(bound)));
                Node::Slice(Box::new((object, bounds)))
            }
            key => {
                let object = match self.base(&subscript.value) {
                    Base::Group(_, name) => {
                        return self.unsupported(
                            span(key.range()),
                            "the name of a field must be written out",
                            &format!("write `{name}.field` or `{name}['field']`"),
                        );
                    }
                    base => self.as_value(base, span(subscript.value.range())),
                };
                let key = self.expression(key);
                Node::Index(Box::new((object, key)))
            }
        }
    }
}

fn lower_comparison(operator: CmpOp) -> Comparison {
    match operator {
        CmpOp::Eq => Comparison::Equal,
        CmpOp::NotEq => Comparison::NotEqual,
        CmpOp::Lt => Comparison::Order(Order::Less),
        CmpOp::LtE => Comparison::Order(Order::LessEqual),
        CmpOp::Gt => Comparison::Order(Order::Greater),
        CmpOp::GtE => Comparison::Order(Order::GreaterEqual),
        CmpOp::Is => Comparison::Is,
        CmpOp::IsNot => Comparison::IsNot,
        CmpOp::In => Comparison::In,
        CmpOp::NotIn => Comparison::NotIn,
    }
}
