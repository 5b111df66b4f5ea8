//! What can be told of a program by its form alone.

use ruff_python_ast::Operator;

use super::Program;
use crate::node::Node;
use crate::scope::{FieldId, GroupId};
use crate::value::Value;

impl Program {
    /// The value of a program that is a literal.
    pub fn constant(&self) -> Option<&Value> {
        match &*self.root {
            Node::Const(value) => Some(value),
            _ => None,
        }
    }

    /// The field that the program is, and nothing else.
    pub fn sole_field(&self) -> Option<(GroupId, FieldId)> {
        field(&self.root)
    }

    /// The texts that a program chooses from by conditions: `'a' if x else 'b'`. `None` where another
    /// value can come out.
    pub fn texts(&self) -> Option<Vec<&str>> {
        let mut texts = Vec::new();
        let mut open = vec![&*self.root];
        while let Some(node) = open.pop() {
            match node {
                Node::Const(Value::Str(text)) => texts.push(&**text),
                // The old value is kept.
                Node::Const(Value::None) => {}
                Node::If(choice) => open.extend([&choice.1, &choice.2]),
                _ => return None,
            }
        }
        Some(texts)
    }

    /// The field of `field + 1` or another positive number: what holds it grows with every run.
    pub fn grown_field(&self) -> Option<(GroupId, FieldId)> {
        let Node::Binary(Operator::Add, operands) = &*self.root else { return None };
        match &**operands {
            (node, Node::Const(step)) | (Node::Const(step), node) if is_positive(step) => field(node),
            _ => None,
        }
    }
}

fn field(node: &Node) -> Option<(GroupId, FieldId)> {
    match node {
        Node::Field(group, field) => Some((*group, *field)),
        _ => None,
    }
}

fn is_positive(value: &Value) -> bool {
    match value {
        Value::Int(number) => *number > 0,
        Value::Float(number) => *number > 0.0,
        _ => false,
    }
}
