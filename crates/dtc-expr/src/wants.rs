//! Which parts of an event's fields a program looks at, so that a reader can leave out the others.

use std::collections::BTreeMap;
use std::sync::Arc;

use ruff_python_ast::UnaryOp;

use crate::compile::Program;
use crate::methods::{Kind, Member};
use crate::node::{Access, Element, Node};
use crate::scope::VariableId;
use crate::value::Value;
use crate::value::object::Object;

/// What is wanted of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Want {
    Whole,
    Parts(Parts),
}

/// What is wanted of an object or list; other values are whole in any case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parts {
    pub fields: BTreeMap<Arc<str>, Want>,
    /// Of each item of a list. `None`: only that it is there.
    pub items: Option<Box<Want>>,
    /// Whether the number of an object's fields counts.
    pub counted: bool,
}

impl Want {
    /// Adds what somebody else wants.
    pub fn merge(&mut self, other: Want) {
        let Want::Parts(parts) = self else { return };
        let Want::Parts(more) = other else {
            *self = Want::Whole;
            return;
        };
        parts.counted |= more.counted;
        for (name, want) in more.fields {
            match parts.fields.get_mut(&name) {
                Some(known) => known.merge(want),
                None => drop(parts.fields.insert(name, want)),
            }
        }
        match (&mut parts.items, more.items) {
            (Some(known), Some(more)) => known.merge(*more),
            (known @ None, more) => *known = more,
            (Some(_), None) => {}
        }
    }

    /// Whether a value read for this holds all that `other` wants.
    pub fn covers(&self, other: &Want) -> bool {
        match (self, other) {
            (Want::Whole, _) => true,
            (Want::Parts(_), Want::Whole) => false,
            (Want::Parts(has), Want::Parts(wants)) => {
                let fields = wants.fields.iter();
                let items = match (&has.items, &wants.items) {
                    (_, None) => true,
                    (None, Some(_)) => false,
                    (Some(has), Some(wants)) => has.covers(wants),
                };
                (has.counted || !wants.counted)
                    && items
                    && fields.into_iter().all(|(name, want)| has.fields.get(name).is_some_and(|has| has.covers(want)))
            }
        }
    }
}

impl Program {
    /// What the program looks at of `source.NAME`, by name. `source` must be read by names alone.
    pub fn wants(&self, source: VariableId) -> BTreeMap<Arc<str>, Want> {
        let mut wants = BTreeMap::new();
        // Visiting children wants them to be changeable; nothing is changed.
        let mut root = self.root.as_ref().clone();
        look(&mut root, Want::Whole, source, &mut wants);
        wants
    }
}

fn look(node: &mut Node, want: Want, source: VariableId, wants: &mut BTreeMap<Arc<str>, Want>) {
    match node {
        Node::VariableMember(variable, member, _) if *variable == source => match wants.get_mut(&member.name) {
            Some(known) => known.merge(want),
            None => drop(wants.insert(member.name.clone(), want)),
        },
        Node::Attribute(object, member) if is_part(object, source) => {
            let want = match is_method(member) {
                true => Want::Whole,
                false => part(member.name.clone(), want),
            };
            look(object, want, source, wants);
        }
        Node::Index(operands) if is_part(&operands.0, source) => {
            let want = match &operands.1 {
                Node::Const(Value::Str(name)) => part(name.clone(), want),
                key if is_number(key) => Want::Parts(Parts { items: Some(Box::new(want)), ..Parts::default() }),
                _ => Want::Whole,
            };
            look(&mut operands.0, want, source, wants);
            look(&mut operands.1, Want::Whole, source, wants);
        }
        Node::Call(call) if is_len(&call.callee) => match &mut *call.arguments.positional {
            [Element::One(counted)] if is_part(counted, source) => {
                look(counted, Want::Parts(Parts { counted: true, ..Parts::default() }), source, wants);
            }
            _ => call.arguments.each_mut(&mut |child| look(child, Want::Whole, source, wants)),
        },
        node => node.each_child_mut(&mut |child| look(child, Want::Whole, source, wants)),
    }
}

fn part(name: Arc<str>, want: Want) -> Want {
    Want::Parts(Parts { fields: BTreeMap::from([(name, want)]), ..Parts::default() })
}

/// A part of an event that names and numbers lead to.
fn is_part(node: &Node, source: VariableId) -> bool {
    match node {
        Node::VariableMember(variable, member, access) => {
            *variable == source && (*access == Access::Item || !is_method(member))
        }
        Node::Attribute(object, _) => is_part(object, source),
        Node::Index(operands) => is_part(&operands.0, source),
        _ => false,
    }
}

/// A method of dicts or lists looks at all of it.
pub(crate) fn is_method(member: &Arc<Member>) -> bool {
    member.method(Kind::Dict).is_some() || member.method(Kind::List).is_some()
}

/// `0`, `-1`.
fn is_number(key: &Node) -> bool {
    match key {
        Node::Const(value) => matches!(value, Value::Int(_)),
        Node::Unary(UnaryOp::USub, number) => is_number(number),
        _ => false,
    }
}

pub(crate) fn is_len(callee: &Node) -> bool {
    let Node::Const(Value::Object(object)) = callee else { return false };
    matches!(&**object, Object::Builtin(builtin) if builtin.module.is_empty() && builtin.name == "len")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile::compile;
    use crate::scope::Scope;

    fn wanted(text: &str) -> String {
        let mut scope = Scope::new();
        scope.add_variable("source", VariableId(0));
        let wants = compile(text, &scope).unwrap().wants(VariableId(0));
        wants.iter().map(|(name, want)| format!("{name}{}", shown(want))).collect::<Vec<_>>().join(" ")
    }

    fn shown(want: &Want) -> String {
        let Want::Parts(parts) = want else { return String::new() };
        let fields: Vec<String> = parts.fields.iter().map(|(name, want)| format!("{name}{}", shown(want))).collect();
        let items = parts.items.as_ref().map(|want| format!("[{}]", shown(want))).unwrap_or_default();
        format!("{{{}}}{items}{}", fields.join(" "), if parts.counted { "#" } else { "" })
    }

    #[test]
    fn paths_are_wanted_as_far_as_they_are_written() {
        assert_eq!(wanted("source.a.b.c + source.a.d"), "a{b{c} d}");
        assert_eq!(wanted("source['a']['b c']"), "a{b c}");
        assert_eq!(wanted("source.l[0].sku"), "l{}[{sku}]");
        assert_eq!(wanted("len(source.l) + source.l[-1].n"), "l{}[{n}]#");
        assert_eq!(wanted("len(source.l)"), "l{}#");
        assert_eq!(wanted("sum(x.n for x in source.l)"), "l");
        assert_eq!(wanted("source.a.keys() or source.b.c"), "a b{c}");
        assert_eq!(wanted("source.a[source.k].n"), "a k");
        assert_eq!(wanted("source.a.b if source.a else 0"), "a");
        assert_eq!(wanted("source.t.upper()"), "t");
    }
}
