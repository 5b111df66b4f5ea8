//! Methods that would change a copy: values are never shared, so the change would be lost.
//!
//! Changes of fields, variables and locals, and of what keys lead to inside them, are made there
//! (`eval/reach.rs`). What is left is refused here where it can be seen.

use std::ops::Range;

use super::Compiler;
use crate::methods::Member;
use crate::node::{Element, Node};
use crate::scope::VariableId;
use crate::value::Value;
use crate::value::object::Object;

/// Functions that hand out the items they are given.
const PASSING: [&str; 9] = ["enumerate", "zip", "reversed", "sorted", "list", "tuple", "iter", "map", "filter"];
/// Functions that choose an item.
const CHOOSING: [&str; 3] = ["max", "min", "next"];

impl Compiler<'_> {
    /// Before a call of `receiver.member(…)`.
    pub(super) fn check_change(&mut self, receiver: &Node, member: &Member, at: Range<usize>) {
        if !member.changes {
            return;
        }
        // What changes a part of an event must find the event itself.
        if let Some(variable) = root_variable(receiver) {
            self.reads.whole.insert(variable);
        }
        let chosen = matches!(receiver, Node::Call(call) if is_one_of(&call.callee, &CHOOSING));
        if self.is_lent(receiver) || (chosen && self.is_kept(receiver)) {
            let message = format!("`{}` would change a copy, and the change be lost", member.name);
            self.unsupported(at, &message, "make a new value, e.g. `[x + [1] for x in …]`, and set the field to it");
        }
    }

    /// `field.append` without a call.
    pub(super) fn check_unbound_change(&mut self, node: &Node, at: Range<usize>) {
        if let Node::Attribute(receiver, member) = node
            && member.changes
            && matches!(&**receiver, Node::Field(..))
        {
            let help = format!("call it: `….{}(…)`", member.name);
            self.unsupported(at, "a method that changes a field cannot be passed on", &help);
        }
    }

    /// The fields that the receiver of a changing method can be part of: where `eval/reach.rs` follows.
    pub(super) fn note_changed(&mut self, receiver: &Node) {
        match receiver {
            Node::Field(group, field) => {
                self.reads.changed.insert((*group, *field));
            }
            Node::Attribute(object, _) => self.note_changed(object),
            Node::Index(operands) => self.note_changed(&operands.0),
            Node::If(parts) => [&parts.1, &parts.2].into_iter().for_each(|node| self.note_changed(node)),
            Node::And(nodes) | Node::Or(nodes) => nodes.iter().for_each(|node| self.note_changed(node)),
            Node::MethodCall(call) => self.note_changed(&call.receiver),
            _ => {}
        }
    }

    /// A name of a comprehension that goes through something kept, or a part of it.
    fn is_lent(&self, node: &Node) -> bool {
        match node {
            Node::Local(slot) => self.lent.contains(slot),
            Node::Attribute(object, _) => self.is_lent(object),
            Node::Index(operands) => self.is_lent(&operands.0),
            _ => false,
        }
    }

    /// Is it part of a field, a variable or an event?
    pub(super) fn is_kept(&self, node: &Node) -> bool {
        match node {
            Node::Field(..) | Node::Variable(_) | Node::VariableMember(..) | Node::Cell(_) | Node::Path(..) => true,
            Node::Local(slot) => self.lent.contains(slot),
            Node::Attribute(object, _) => self.is_kept(object),
            Node::Index(operands) => self.is_kept(&operands.0),
            Node::Slice(parts) => self.is_kept(&parts.0),
            Node::MethodCall(call) => self.is_kept(&call.receiver),
            Node::Call(call) if is_one_of(&call.callee, &PASSING) || is_one_of(&call.callee, &CHOOSING) => {
                call.arguments.positional.iter().any(|element| match element {
                    Element::One(node) | Element::Spread(node) => self.is_kept(node),
                })
            }
            Node::If(parts) => self.is_kept(&parts.1) || self.is_kept(&parts.2),
            Node::And(nodes) | Node::Or(nodes) => nodes.iter().any(|node| self.is_kept(node)),
            _ => false,
        }
    }
}

/// The variable whose part a node may be.
fn root_variable(node: &Node) -> Option<VariableId> {
    match node {
        Node::Variable(id) | Node::VariableMember(id, ..) => Some(*id),
        Node::Attribute(object, _) => root_variable(object),
        Node::Index(operands) => root_variable(&operands.0),
        Node::MethodCall(call) => root_variable(&call.receiver),
        Node::If(parts) => root_variable(&parts.1).or_else(|| root_variable(&parts.2)),
        Node::And(nodes) | Node::Or(nodes) => nodes.iter().find_map(root_variable),
        _ => None,
    }
}

fn is_one_of(callee: &Node, names: &[&str]) -> bool {
    let Node::Const(Value::Object(object)) = callee else { return false };
    matches!(&**object, Object::Builtin(builtin) if builtin.module.is_empty() && names.contains(&builtin.name))
}
