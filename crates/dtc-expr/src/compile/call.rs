//! Calls: functions, methods, and the place that a changing method writes back to.

use std::sync::Arc;

use ruff_python_ast::{Expr, ExprCall};
use ruff_text_size::Ranged;

use super::{Compiler, elsewhere, span};
use crate::error::CompileErrorKind;
use crate::methods::Member;
use crate::node::{Access, Arguments, Call, MethodCall, Node};
use crate::value::Value;
use crate::value::object::Object;

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
        let mut arguments = self.arguments(call);
        if let Node::Const(Value::Object(object)) = &callee
            && let Object::Builtin(builtin) = &**object
        {
            self.check_arguments(builtin, call);
            Self::place_arguments(builtin, &mut arguments);
            self.literal_pattern(builtin, call, &mut arguments);
        }
        match callee {
            Node::Attribute(receiver, member) => {
                let at = span(call.func.range());
                self.check_change(&receiver, &member, at.clone());
                self.check_method(&member, at);
                self.method_call(*receiver, member, arguments)
            }
            Node::VariableMember(id, member, Access::Attribute) => {
                self.check_method(&member, span(call.func.range()));
                self.method_call(Node::Variable(id), member, arguments)
            }
            Node::Const(value) => {
                self.check_callable(&value, call);
                Node::Call(Box::new(Call { callee: Node::Const(value), arguments }))
            }
            callee => Node::Call(Box::new(Call { callee, arguments })),
        }
    }

    /// Methods that Python's types have and ours have not.
    fn check_method(&mut self, member: &Member, at: std::ops::Range<usize>) {
        if let Some(help) = elsewhere::method(&member.name) {
            self.unsupported(at, &format!("`{}` is not supported", member.name), help);
        }
    }

    fn method_call(&mut self, receiver: Node, member: Arc<Member>, arguments: Arguments) -> Node {
        if member.changes {
            self.note_changed(&receiver);
        }
        Node::MethodCall(Box::new(MethodCall { receiver, member, arguments }))
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
