//! Expressions over numbers and texts alone, evaluated by reference: nothing is counted, made or dropped.
//! Gives what `Program::eval` gives, or gives up where that would do more; it never fails.

use std::sync::Arc;

use ruff_python_ast::{Operator, UnaryOp};

use crate::builtins::numbers::{parse_float, small_integer};
use crate::frame::Frame;
use crate::node::{Call, Comparison, Element, Node};
use crate::rows::equal_bytes;
use crate::value::object::Object;
use crate::value::{Order, Value};

/// A value that is not shared, or a look at a text.
#[derive(Debug, Clone, Copy)]
pub enum Scalar<'v> {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(&'v Arc<str>),
    /// Of an event, shared with nobody.
    Cell(&'v str),
}

/// Integers up to here are floats too.
const EXACT: i64 = 1 << 53;

/// Functions of numbers and texts that are known here.
const CALLED: [&str; 4] = ["float", "int", "max", "min"];

impl<'v> Scalar<'v> {
    #[inline]
    pub(crate) fn of(value: &'v Value) -> Option<Scalar<'v>> {
        Some(match value {
            Value::None => Scalar::None,
            Value::Bool(flag) => Scalar::Bool(*flag),
            Value::Int(number) => Scalar::Int(*number),
            Value::Float(number) => Scalar::Float(*number),
            Value::Str(text) => Scalar::Text(text),
            _ => return None,
        })
    }

    pub(crate) fn is_truthy(self) -> bool {
        match self {
            Scalar::None => false,
            Scalar::Bool(flag) => flag,
            Scalar::Int(number) => number != 0,
            Scalar::Float(number) => number != 0.0,
            Scalar::Text(text) => !text.is_empty(),
            Scalar::Cell(text) => !text.is_empty(),
        }
    }

    pub fn to_value(self) -> Value {
        match self {
            Scalar::None => Value::None,
            Scalar::Bool(flag) => Value::Bool(flag),
            Scalar::Int(number) => Value::Int(number),
            Scalar::Float(number) => Value::Float(number),
            Scalar::Text(text) => Value::Str(text.clone()),
            Scalar::Cell(text) => Value::str(text),
        }
    }

    #[inline]
    pub fn text(self) -> Option<&'v str> {
        match self {
            Scalar::Text(text) => Some(text),
            Scalar::Cell(text) => Some(text),
            _ => None,
        }
    }

    /// A number as a float, where that is exact.
    #[inline]
    fn float(self) -> Option<f64> {
        match self {
            Scalar::Float(number) => Some(number),
            Scalar::Int(number) if (-EXACT..=EXACT).contains(&number) => Some(number as f64),
            _ => None,
        }
    }
}

/// Whether every node is one that [`scalar`] knows.
pub(crate) fn is_scalar(node: &Node) -> bool {
    match node {
        Node::Const(value) => Scalar::of(value).is_some(),
        Node::Cell(_) | Node::Path(..) | Node::Field(..) => true,
        Node::Binary(operator, operands) => {
            matches!(operator, Operator::Add | Operator::Sub | Operator::Mult | Operator::Div)
                && is_scalar(&operands.0)
                && is_scalar(&operands.1)
        }
        Node::Compare(operands) => {
            !matches!(operands.1, Comparison::In | Comparison::NotIn)
                && is_scalar(&operands.0)
                && is_scalar(&operands.2)
        }
        Node::And(nodes) | Node::Or(nodes) => nodes.iter().all(is_scalar),
        Node::If(parts) => is_scalar(&parts.0) && is_scalar(&parts.1) && is_scalar(&parts.2),
        Node::Unary(operator, operand) => matches!(operator, UnaryOp::Not | UnaryOp::USub) && is_scalar(operand),
        Node::Call(call) => called(call).is_some_and(|(_, arguments)| arguments.iter().all(is_scalar_element)),
        _ => false,
    }
}

/// The value of a node; `None` says nothing about it.
pub(crate) fn scalar<'v>(node: &'v Node, frame: &'v Frame) -> Option<Scalar<'v>> {
    match node {
        Node::Const(value) => Scalar::of(value),
        Node::Cell(slot) | Node::Path(slot, _) => frame.row.scalar(usize::from(*slot)),
        Node::Field(group, field) => Scalar::of(frame.groups.get(usize::from(group.0))?.get(usize::from(field.0))?),
        Node::Binary(operator, operands) => {
            arithmetic(scalar(&operands.0, frame)?, *operator, scalar(&operands.1, frame)?)
        }
        Node::Compare(operands) => {
            compare(scalar(&operands.0, frame)?, operands.1, scalar(&operands.2, frame)?).map(Scalar::Bool)
        }
        Node::And(nodes) => junction(nodes, frame, false),
        Node::Or(nodes) => junction(nodes, frame, true),
        Node::If(parts) => {
            let chosen = if scalar(&parts.0, frame)?.is_truthy() { &parts.1 } else { &parts.2 };
            scalar(chosen, frame)
        }
        Node::Unary(operator, operand) => match (operator, scalar(operand, frame)?) {
            (UnaryOp::Not, value) => Some(Scalar::Bool(!value.is_truthy())),
            (UnaryOp::USub, Scalar::Int(number)) => number.checked_neg().map(Scalar::Int),
            (UnaryOp::USub, Scalar::Float(number)) => Some(Scalar::Float(-number)),
            _ => None,
        },
        Node::Call(call) => call_of(call, frame),
        _ => None,
    }
}

fn junction<'v>(nodes: &'v [Node], frame: &'v Frame, stop: bool) -> Option<Scalar<'v>> {
    let mut value = Scalar::None;
    for node in nodes {
        value = scalar(node, frame)?;
        if value.is_truthy() == stop {
            break;
        }
    }
    Some(value)
}

fn call_of<'v>(call: &'v Call, frame: &'v Frame) -> Option<Scalar<'v>> {
    let (name, arguments) = called(call)?;
    let value = |element: &'v Element| match element {
        Element::One(node) => scalar(node, frame),
        Element::Spread(_) => None,
    };
    let (first, others) = arguments.split_first()?;
    let mut best = value(first)?;
    match name {
        "float" => return float(best),
        "int" => return int(best),
        _ => {}
    }
    let order = if name == "max" { Order::Greater } else { Order::Less };
    for other in others {
        let other = value(other)?;
        if compare(other, Comparison::Order(order), best)? {
            best = other;
        }
    }
    Some(best)
}

/// A call of one of the known functions: of one argument, or of two and more to choose from.
#[inline]
fn called(call: &Call) -> Option<(&'static str, &[Element])> {
    let (Node::Const(Value::Object(callee)), []) = (&call.callee, &*call.arguments.keywords) else {
        return None;
    };
    let arguments = &*call.arguments.positional;
    match &**callee {
        Object::Builtin(builtin) if builtin.module.is_empty() && CALLED.contains(&builtin.name) => {
            let chooses = matches!(builtin.name, "max" | "min");
            ((arguments.len() == 1) != chooses && !arguments.is_empty()).then_some((builtin.name, arguments))
        }
        _ => None,
    }
}

fn is_scalar_element(element: &Element) -> bool {
    matches!(element, Element::One(node) if is_scalar(node))
}

#[inline]
fn float(value: Scalar<'_>) -> Option<Scalar<'_>> {
    match value.text() {
        Some(text) => parse_float(text).map(Scalar::Float),
        None => value.float().map(Scalar::Float),
    }
}

#[inline]
fn int(value: Scalar<'_>) -> Option<Scalar<'_>> {
    match value {
        Scalar::Int(_) => Some(value),
        Scalar::Float(number) if number.abs() <= EXACT as f64 => Some(Scalar::Int(number as i64)),
        _ => value.text().and_then(small_integer).map(Scalar::Int),
    }
}

#[inline]
fn arithmetic<'v>(left: Scalar<'v>, operator: Operator, right: Scalar<'v>) -> Option<Scalar<'v>> {
    if let (Scalar::Int(a), Scalar::Int(b)) = (left, right) {
        match operator {
            Operator::Add => return a.checked_add(b).map(Scalar::Int),
            Operator::Sub => return a.checked_sub(b).map(Scalar::Int),
            Operator::Mult => return a.checked_mul(b).map(Scalar::Int),
            _ => {}
        }
    }
    let (a, b) = (left.float()?, right.float()?);
    let number = match operator {
        Operator::Add => a + b,
        Operator::Sub => a - b,
        Operator::Mult => a * b,
        Operator::Div if b != 0.0 => a / b,
        _ => return None,
    };
    Some(Scalar::Float(number))
}

#[inline]
fn compare(left: Scalar<'_>, comparison: Comparison, right: Scalar<'_>) -> Option<bool> {
    match comparison {
        Comparison::Equal => equal(left, right),
        Comparison::NotEqual => equal(left, right).map(|equal| !equal),
        Comparison::Is | Comparison::IsNot => {
            let none = |value| matches!(value, Scalar::None);
            let same = (none(left) || none(right)).then(|| none(left) && none(right))?;
            Some(same == (comparison == Comparison::Is))
        }
        Comparison::Order(order) => {
            let found = match (left, right) {
                (Scalar::Int(a), Scalar::Int(b)) => Some(a.cmp(&b)),
                _ => match (left.text(), right.text()) {
                    (Some(a), Some(b)) => Some(a.cmp(b)),
                    // A NaN is in no order.
                    _ => left.float()?.partial_cmp(&right.float()?),
                },
            };
            Some(found.is_some_and(|found| order.holds(found)))
        }
        Comparison::In | Comparison::NotIn => None,
    }
}

#[inline]
fn equal(left: Scalar<'_>, right: Scalar<'_>) -> Option<bool> {
    if let (Scalar::Text(a), Scalar::Text(b)) = (left, right)
        && Arc::ptr_eq(a, b)
    {
        return Some(true);
    }
    if let (Some(a), Some(b)) = (left.text(), right.text()) {
        return Some(equal_bytes(a.as_bytes(), b.as_bytes()));
    }
    Some(match (left, right) {
        (Scalar::Int(a), Scalar::Int(b)) => a == b,
        (Scalar::Bool(a), Scalar::Bool(b)) => a == b,
        (Scalar::None, Scalar::None) => true,
        (Scalar::None, _) | (_, Scalar::None) => false,
        _ if left.text().is_some() || right.text().is_some() => false,
        _ => left.float()? == right.float()?,
    })
}
