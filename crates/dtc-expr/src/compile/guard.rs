//! Comparisons of one cell with a constant: they never fail, and many conditions begin with the same few.

use std::sync::Arc;

use crate::node::{Comparison, Node};
use crate::value::{Value, python_equal};

/// `source.NAME == constant`, or `!=`.
#[derive(Debug, Clone)]
pub struct Guard {
    pub slot: u16,
    equal: bool,
    constant: Value,
}

impl Guard {
    pub(super) fn of(node: &Node) -> Option<Guard> {
        let Node::Compare(parts) = node else { return None };
        let equal = match parts.1 {
            Comparison::Equal => true,
            Comparison::NotEqual => false,
            _ => return None,
        };
        let (slot, constant) = match (&parts.0, &parts.2) {
            (Node::Cell(slot), Node::Const(constant)) | (Node::Const(constant), Node::Cell(slot)) => (*slot, constant),
            _ => return None,
        };
        matches!(constant, Value::Str(_) | Value::Int(_) | Value::Bool(_) | Value::None).then(|| Guard {
            slot,
            equal,
            constant: constant.clone(),
        })
    }

    /// The text that the cell is compared with.
    pub fn text(&self) -> Option<&Arc<str>> {
        match &self.constant {
            Value::Str(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it holds for the cell's value.
    pub fn holds(&self, value: &Value) -> bool {
        python_equal(value, &self.constant) == self.equal
    }

    /// Whether the other one asks the same.
    pub fn same(&self, other: &Guard) -> bool {
        let kind = std::mem::discriminant;
        self.slot == other.slot
            && self.equal == other.equal
            && kind(&self.constant) == kind(&other.constant)
            && self.constant == other.constant
    }
}
