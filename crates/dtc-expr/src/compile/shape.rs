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
