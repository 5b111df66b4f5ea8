//! Where a value lives, so that a method that changes it changes it there: a field, a local or a
//! variable, and the keys that lead from it into its collections.

use std::sync::Arc;

use super::access::{item, member_of, place_in};
use super::{Evaluator, Result};
use crate::error::EvalError;
use crate::methods::{Kind, Member};
use crate::node::{Access, Node};
use crate::scope::{FieldId, GroupId, VariableId};
use crate::value::{Flavor, Value};

/// The place that a value is part of.
#[derive(Debug, Clone)]
pub(super) struct Home {
    root: Root,
    keys: Vec<Value>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Root {
    Local(u16),
    Variable(VariableId),
    Field(GroupId, FieldId),
}

impl Home {
    fn at(root: Root) -> Option<Home> {
        Some(Home { root, keys: Vec::new() })
    }

    pub(super) fn within(mut self, key: Value) -> Home {
        self.keys.push(key);
        self
    }

    pub(super) fn is_field(&self) -> bool {
        self.keys.is_empty() && matches!(self.root, Root::Field(..))
    }
}

impl Evaluator<'_> {
    /// A value with its home, if it has one.
    pub(super) fn reach(&mut self, node: &Node) -> Result<(Value, Option<Home>)> {
        match node {
            Node::Local(slot) => Ok((self.eval(node)?, Home::at(Root::Local(*slot)))),
            Node::Variable(id) => Ok((self.eval(node)?, Home::at(Root::Variable(*id)))),
            Node::Field(group, field) => Ok((self.eval(node)?, Home::at(Root::Field(*group, *field)))),
            Node::VariableMember(id, member, access) => {
                let base = self.variable(*id)?.clone();
                self.member_at(&base, Home::at(Root::Variable(*id)), member, *access)
            }
            Node::Attribute(object, member) => {
                let (base, home) = self.reach(object)?;
                self.member_at(&base, home, member, Access::Attribute)
            }
            Node::Index(operands) => {
                let (base, home) = self.reach(&operands.0)?;
                let key = self.eval(&operands.1)?;
                let value = item(&base, &key)?;
                Ok((value, home.map(|home| home.within(key))))
            }
            Node::If(parts) => {
                let chosen = if self.truth(&parts.0)? { &parts.1 } else { &parts.2 };
                self.reach(chosen)
            }
            Node::And(nodes) => self.reach_junction(nodes, false),
            Node::Or(nodes) => self.reach_junction(nodes, true),
            Node::MethodCall(call) => self.method_call_at(call),
            other => Ok((self.eval(other)?, None)),
        }
    }

    fn reach_junction(&mut self, nodes: &[Node], stop: bool) -> Result<(Value, Option<Home>)> {
        let mut reached = (Value::None, None);
        for node in nodes {
            reached = self.reach(node)?;
            if reached.0.is_truthy() == stop {
                break;
            }
        }
        Ok(reached)
    }

    fn member_at(
        &mut self,
        base: &Value,
        home: Option<Home>,
        member: &Arc<Member>,
        access: Access,
    ) -> Result<(Value, Option<Home>)> {
        let value = member_of(base, member, access)?;
        let is_key = match base {
            Value::Dict(flavor, _) => {
                access == Access::Item || (*flavor == Flavor::Record && member.method(Kind::Dict).is_none())
            }
            _ => false,
        };
        let home = home.filter(|_| is_key);
        Ok((value, home.map(|home| home.within(Value::Str(member.name.clone())))))
    }

    /// Takes the value out of its home, changes it and puts it back. Without a second reference
    /// the change happens in place, not on a copy.
    pub(super) fn change_at<T>(
        &mut self,
        home: &Home,
        change: impl FnOnce(&mut Self, &mut Value) -> Result<T>,
    ) -> Result<T> {
        let mut root = std::mem::take(self.at_root(home.root)?);
        let result = match descend(&mut root, &home.keys) {
            Some(place) => {
                let mut value = std::mem::take(place);
                let result = change(self, &mut value);
                *place = value;
                result
            }
            None => Err(EvalError::type_error("the value cannot be changed here")),
        };
        *self.at_root(home.root)? = root;
        result
    }

    fn at_root(&mut self, root: Root) -> Result<&mut Value> {
        let slot = match root {
            Root::Local(slot) => self.locals.get_mut(usize::from(slot)),
            Root::Variable(id) => self.frame.variables.get_mut(usize::from(id.0)).and_then(Option::as_mut),
            Root::Field(group, field) => {
                self.frame.groups.get_mut(usize::from(group.0)).and_then(|fields| fields.get_mut(usize::from(field.0)))
            }
        };
        slot.ok_or_else(|| EvalError::type_error("the value cannot be changed here"))
    }
}

/// The part that the keys lead to.
fn descend<'v>(value: &'v mut Value, keys: &[Value]) -> Option<&'v mut Value> {
    let Some((key, rest)) = keys.split_first() else { return Some(value) };
    let inner = match value {
        Value::Dict(_, dict) => Arc::make_mut(dict).get_mut(key)?,
        Value::List(_, items) | Value::Tuple(items) => {
            let place = place_in(key, items.len())?;
            Arc::make_mut(items).get_mut(place)?
        }
        _ => return None,
    };
    descend(inner, rest)
}
