//! Calls: functions, methods, and the place that a changing method writes back to.

use std::sync::Arc;

use ruff_python_ast::{Expr, ExprCall};
use ruff_text_size::Ranged;

use super::{Compiler, span};
use crate::error::CompileErrorKind;
use crate::methods::Member;
use crate::node::{Access, Arguments, Call, MethodCall, Node, Place};
use crate::value::Value;
use crate::value::object::Object;

/// Methods after which a field's collection goes on: `s.l.append(x).append(y)`.
const CHAINED: [&str; 15] = [
    "append",
    "extend",
    "insert",
    "remove",
    "clear",
    "sort",
    "reverse",
    "update",
    "set",
    "increment",
    "add",
    "discard",
    "difference_update",
    "intersection_update",
    "symmetric_difference_update",
];

impl Compiler<'_> {
    pub(super) fn call(&mut self, call: &ExprCall) -> Node {
        let callee = match &*call.func {
            Expr::Name(name) => self.name(name, true),
            Expr::Attribute(_) => {
                let base = self.base(&call.func);
                self.as_value(base, span(call.func.range()))
            }
            other => self.expression(other),
        };
        let arguments = self.arguments(call);
        match callee {
            Node::Attribute(receiver, member) => self.method_call(*receiver, member, arguments),
            Node::VariableMember(id, member, Access::Attribute) => {
                self.method_call(Node::Variable(id), member, arguments)
            }
            Node::Const(value) => {
                self.check_callable(&value, call);
                Node::Call(Box::new(Call { callee: Node::Const(value), arguments }))
            }
            callee => Node::Call(Box::new(Call { callee, arguments })),
        }
    }

    fn method_call(&mut self, receiver: Node, member: Arc<Member>, arguments: Arguments) -> Node {
        let place = place(&receiver);
        Node::MethodCall(Box::new(MethodCall { receiver, member, arguments, place }))
    }

    /// A module or a plain value cannot be called; unknown names have been reported already.
    fn check_callable(&mut self, value: &Value, call: &ExprCall) {
        let Value::Object(object) = value else {
            if !value.is_none() {
                let message = format!("a {} cannot be called", value.type_name());
                self.fault(CompileErrorKind::UnknownMember, span(call.func.range()), message);
            }
            return;
        };
        if let Object::Module(module) = &**object {
            let name = module.name;
            let fault = self.fault(
                CompileErrorKind::UnknownMember,
                span(call.func.range()),
                format!("`{name}` is a module and cannot be called"),
            );
            fault.help = module.member_names().next().map(|first| format!("call what is in it, e.g. `{first}`"));
        }
    }

    fn arguments(&mut self, call: &ExprCall) -> Arguments {
        let positional = self.elements(&call.arguments.args);
        let keywords = call
            .arguments
            .keywords
            .iter()
            .map(|keyword| {
                let name = keyword.arg.as_ref().map(|name| Arc::from(name.as_str()));
                (name, self.expression(&keyword.value))
            })
            .collect();
        Arguments { positional, keywords }
    }
}

/// Where a receiver lives, if it can be written back.
fn place(receiver: &Node) -> Option<Place> {
    match receiver {
        Node::Local(slot) => Some(Place::Local(*slot)),
        Node::Variable(id) => Some(Place::Variable(*id)),
        Node::Field(group, field) => Some(Place::Field(*group, *field)),
        Node::MethodCall(call) if CHAINED.contains(&&*call.member.name) => {
            call.place.filter(|place| matches!(place, Place::Field(..)))
        }
        _ => None,
    }
}
