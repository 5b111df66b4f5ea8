//! Names and the members of what they mean: slots, or a fault with "did you mean".

use std::ops::Range;
use std::sync::Arc;

use ruff_python_ast::{Expr, ExprAttribute, ExprName};
use ruff_text_size::Ranged;

use super::{Compiler, Meant, elsewhere, nearest, span};
use crate::error::CompileErrorKind;
use crate::field_type::FieldType;
use crate::methods::{Kind, Member};
use crate::modules::dates::CLOCK;
use crate::node::{Access, Node};
use crate::scope::{Group, Meaning, Members};
use crate::value::Value;
use crate::value::object::Object;

/// What stands before a `.` or `[`.
pub(super) enum Base {
    Group(Arc<Group>, String),
    Namespace(Arc<Members>, String),
    Node(Node, Option<FieldType>),
}

impl Compiler<'_> {
    fn local(&mut self, name: &str) -> Option<u16> {
        let place = self.locals.iter().rposition(|(known, _)| known == name)?;
        let slot = self.locals[place].1;
        for frame in &mut self.frames {
            if place < frame.outside {
                frame.slots.insert(slot);
            }
        }
        Some(slot)
    }

    pub(super) fn name(&mut self, expression: &ExprName, called: bool) -> Node {
        let at = span(expression.range());
        match self.base_name(&expression.id, at.clone(), called) {
            Base::Node(node, _) => {
                if let Node::Variable(id) = &node {
                    self.reads.whole.insert(*id);
                }
                node
            }
            Base::Group(group, name) => {
                let example = group.field_names().find(|field| !field.starts_with('_')).unwrap_or("field").to_owned();
                self.unsupported(
                    at,
                    &format!("`{name}` is an aggregate, not a value"),
                    &format!("name one of its fields, e.g. `{name}.{example}`"),
                )
            }
            Base::Namespace(_, name) => self.unsupported(
                at,
                &format!("`{name}` is a document, not a value"),
                "name an aggregate and a field in it",
            ),
        }
    }

    fn base_name(&mut self, name: &str, at: Range<usize>, called: bool) -> Base {
        if let Some(slot) = self.local(name) {
            self.note(at.start, Meant::Local(slot));
            return Base::Node(Node::Local(slot), None);
        }
        let meaning = self.scope.meaning(name, called);
        if let Some(meaning) = &meaning {
            self.note_name(name, meaning, at.clone());
        }
        match meaning {
            Some(Meaning::Variable(id)) => {
                self.note(at.start, Meant::Variable(id));
                Base::Node(Node::Variable(id), None)
            }
            Some(Meaning::Group(group)) => Base::Group(group, name.to_owned()),
            Some(Meaning::Namespace(members)) => Base::Namespace(members, name.to_owned()),
            Some(Meaning::Field(group, field, kind)) => {
                self.reads.fields.insert((group, field));
                self.note(at.start, Meant::Field(group, field, kind));
                Base::Node(Node::Field(group, field), Some(kind))
            }
            Some(Meaning::Value(value)) => {
                self.note(at.start, Meant::Constant(value.clone()));
                Base::Node(Node::Const(value), None)
            }
            None => {
                self.unknown_name(name, at);
                Base::Node(Node::Const(Value::None), None)
            }
        }
    }

    fn unknown_name(&mut self, name: &str, at: Range<usize>) {
        if let Some(help) = elsewhere::name(name) {
            self.unsupported(at, &format!("`{name}` is not supported"), help);
            return;
        }
        let mut known = self.scope.names();
        known.extend(self.locals.iter().map(|(name, _)| Arc::from(name.as_str())));
        let near = match name {
            "true" => Some("True"),
            "false" => Some("False"),
            "null" | "none" | "nil" => Some("None"),
            _ => nearest(name, known.iter().map(|name| &**name)),
        };
        let replacement = near.map(str::to_owned);
        let fault = self.fault(CompileErrorKind::UnknownName, at, format!("nothing is called `{name}` here"));
        fault.help = Some(match &replacement {
            Some(near) => format!("did you mean `{near}`?"),
            None => "name a field as `aggregate.field`, or import the name".to_owned(),
        });
        fault.replacement = replacement;
    }

    /// What `expression` is as the left side of `.name` or `['name']`.
    pub(super) fn base(&mut self, expression: &Expr) -> Base {
        match expression {
            Expr::Name(name) => self.base_name(&name.id, span(name.range()), false),
            Expr::Attribute(attribute) => {
                let base = self.base(&attribute.value);
                self.member(base, &attribute.attr, span(attribute.attr.range()), Access::Attribute)
            }
            Expr::Subscript(subscript) if matches!(&*subscript.slice, Expr::StringLiteral(_)) => {
                let Expr::StringLiteral(key) = &*subscript.slice else {
                    return Base::Node(self.expression(expression), None);
                };
                let base = self.base(&subscript.value);
                let key_span = span(key.range());
                self.member(base, key.value.to_str(), key_span, Access::Item)
            }
            other => Base::Node(self.expression(other), None),
        }
    }

    /// `base.name` or `base['name']`; `at` is where the name stands.
    fn member(&mut self, base: Base, name: &str, at: Range<usize>, access: Access) -> Base {
        self.note_member(&base, name, at.clone());
        match base {
            Base::Group(group, group_name) => match group.field(name) {
                Some((field, kind)) => {
                    self.reads.fields.insert((group.id, field));
                    self.note(at.start, Meant::Field(group.id, field, kind));
                    Base::Node(Node::Field(group.id, field), Some(kind))
                }
                None => {
                    self.unknown_field(&group, &group_name, name, at, access);
                    Base::Node(Node::Const(Value::None), None)
                }
            },
            Base::Namespace(members, namespace) => {
                let path = format!("{namespace}.{name}");
                if let Some((_, group)) = members.iter().find(|(known, _)| **known == *name) {
                    return Base::Group(group.clone(), path);
                }
                let near = nearest(name, members.iter().map(|(known, _)| &**known)).map(str::to_owned);
                let fault =
                    self.fault(CompileErrorKind::UnknownName, at, format!("`{namespace}` has no aggregate `{name}`"));
                fault.help = near.as_ref().map(|near| format!("did you mean `{near}`?"));
                fault.replacement = near.map(|near| written(&near, access));
                Base::Node(Node::Const(Value::None), None)
            }
            Base::Node(Node::Variable(_), _) if access == Access::Attribute && elsewhere::dunder(name).is_some() => {
                let help = elsewhere::dunder(name).unwrap_or_default();
                Base::Node(self.unsupported(at, &format!("`{name}` is not supported"), help), None)
            }
            Base::Node(Node::Variable(id), _) => {
                let member = Member::new(name);
                // A dict's own method may look at every key.
                if access == Access::Attribute && member.method(Kind::Dict).is_some() {
                    self.reads.whole.insert(id);
                } else {
                    self.reads.members.insert((id, member.name.clone()));
                }
                Base::Node(Node::VariableMember(id, member, access), None)
            }
            Base::Node(node, kind) => Base::Node(self.value_member(node, kind, name, at, access), None),
        }
    }

    fn value_member(
        &mut self,
        node: Node,
        kind: Option<FieldType>,
        name: &str,
        at: Range<usize>,
        access: Access,
    ) -> Node {
        if access == Access::Attribute
            && let Some(help) = elsewhere::dunder(name)
        {
            return self.unsupported(at, &format!("`{name}` is not supported"), help);
        }
        if access == Access::Item {
            return Node::Index(Box::new((node, Node::Const(Value::str(name)))));
        }
        if let Node::Const(value) = &node
            && let Some(found) = self.constant_member(value, name, at.clone())
        {
            return found;
        }
        if let Some(kind) = kind.and_then(method_kind)
            && Member::new(name).method(kind).is_none()
            && Member::new(name).property.is_none()
        {
            let near = nearest(name, kind.method_names()).map(str::to_owned);
            let fault =
                self.fault(CompileErrorKind::UnknownMember, at, format!("the field's type has no method `{name}`"));
            fault.help = near.as_ref().map(|near| format!("did you mean `{near}`?"));
            fault.replacement = near;
        }
        Node::Attribute(Box::new(node), Member::new(name))
    }

    /// A member of a module or type is known when compiling.
    fn constant_member(&mut self, value: &Value, name: &str, at: Range<usize>) -> Option<Node> {
        let Value::Object(object) = value else { return None };
        let (owner, found, known): (String, Option<Value>, Vec<&str>) = match &**object {
            Object::Module(module) => {
                (format!("module `{}`", module.name), module.member(name), module.member_names().collect())
            }
            Object::Builtin(builtin) => {
                let found = builtin.member(name);
                let method = Kind::named(builtin.name).is_some_and(|kind| Member::new(name).method(kind).is_some());
                if found.is_none() && (method || Member::new(name).property.is_some()) {
                    return None;
                }
                if found.is_none() && CLOCK.contains(&name) {
                    return Some(self.unsupported(
                        at,
                        "an expression cannot ask the clock: a run would depend on when it happens",
                        "use `time`, the event's own time",
                    ));
                }
                (format!("`{}`", builtin.name), found, builtin.member_names().collect())
            }
            _ => return None,
        };
        if let Some(found) = found {
            self.note(at.start, Meant::Constant(found.clone()));
            return Some(Node::Const(found));
        }
        let path =
            if let Object::Module(module) = &**object { format!("{}.{name}", module.name) } else { String::new() };
        if let Some(help) = elsewhere::module(&path).or_else(|| elsewhere::method(name)) {
            return Some(self.unsupported(at, &format!("`{name}` is not supported"), help));
        }
        let near = nearest(name, known).map(str::to_owned);
        let fault = self.fault(CompileErrorKind::UnknownMember, at, format!("{owner} has no `{name}`"));
        fault.help = near.as_ref().map(|near| format!("did you mean `{near}`?"));
        fault.replacement = near;
        Some(Node::Const(Value::None))
    }

    fn unknown_field(&mut self, group: &Group, group_name: &str, name: &str, at: Range<usize>, access: Access) {
        let near = nearest(name, group.field_names()).map(str::to_owned);
        let fields: Vec<&str> = group.field_names().filter(|field| !field.starts_with('_')).collect();
        let help = match &near {
            Some(near) => format!("did you mean `{near}`?"),
            None if fields.is_empty() => format!("`{group_name}` has no fields"),
            None => format!("`{group_name}` has {}", fields.join(", ")),
        };
        let fault = self.fault(CompileErrorKind::UnknownField, at, format!("`{group_name}` has no field `{name}`"));
        fault.help = Some(help);
        fault.replacement = near.map(|near| written(&near, access));
    }

    pub(super) fn attribute(&mut self, expression: &ExprAttribute) -> Node {
        let base = self.base(&expression.value);
        let at = span(expression.attr.range());
        let member = self.member(base, &expression.attr, at, Access::Attribute);
        let node = self.as_value(member, span(expression.range()));
        self.check_unbound_change(&node, span(expression.range()));
        node
    }

    /// A base that must be a value by itself.
    pub(super) fn as_value(&mut self, base: Base, at: Range<usize>) -> Node {
        match base {
            Base::Node(node, _) => {
                if let Node::Variable(id) = &node {
                    self.reads.whole.insert(*id);
                }
                node
            }
            Base::Group(_, name) => {
                self.unsupported(at, &format!("`{name}` is an aggregate, not a value"), "name one of its fields")
            }
            Base::Namespace(_, name) => {
                self.unsupported(at, &format!("`{name}` is a document, not a value"), "name an aggregate and a field")
            }
        }
    }
}

/// As it is to stand in the text: a key keeps its quotes.
fn written(name: &str, access: Access) -> String {
    match access {
        Access::Attribute => name.to_owned(),
        Access::Item => Value::str(name).repr(),
    }
}

/// Types whose values always have that type's methods. A datetime field can be `None`, and scalars
/// too are checked: a misspelt method never works on them.
fn method_kind(kind: FieldType) -> Option<Kind> {
    Some(match kind {
        FieldType::String => Kind::Str,
        FieldType::DateTime => Kind::DateTime,
        FieldType::Map => Kind::Map,
        FieldType::List => Kind::List,
        FieldType::Set => Kind::Set,
        FieldType::Integer | FieldType::Float | FieldType::Boolean => return None,
    })
}
