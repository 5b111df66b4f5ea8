//! Calls: the types of their arguments, and what they return.

use ruff_python_ast::{Expr, ExprCall};

use super::types::{Kinds, Type};
use super::{Inference, Outcome, Seen, returns};
use crate::compile::Meant;
use crate::modules;
use crate::value::Value;
use crate::value::object::Object;

impl Inference<'_> {
    pub(super) fn call(&mut self, call: &ExprCall) -> Seen {
        let (receiver, name) = match &*call.func {
            Expr::Attribute(attribute) if self.meant(attribute.attr.range.start().to_usize()).is_none() => {
                (Some(self.expression(&attribute.value)), attribute.attr.as_str())
            }
            function => {
                self.expression(function);
                (None, "")
            }
        };
        let (arguments, failed) = self.arguments(call);
        let of = match receiver {
            Some(receiver) => returns::method(&receiver.of, name, &arguments),
            None => self.returned(&call.func, &arguments, call.arguments.keywords.is_empty()),
        };
        let mut seen = Seen::from(of);
        if failed {
            seen.outcome = Outcome::Error;
        }
        seen
    }

    /// The arguments' types by place, and whether one always fails.
    fn arguments(&mut self, call: &ExprCall) -> (Vec<Type>, bool) {
        let tests = self.is_called(&call.func, "bool");
        let mut failed = false;
        let mut types = Vec::with_capacity(call.arguments.args.len());
        for argument in &call.arguments.args {
            let seen = match argument {
                Expr::Starred(starred) => {
                    self.expression(&starred.value);
                    Type::ANY.into()
                }
                argument if tests => self.condition(argument),
                argument => self.expression(argument),
            };
            failed |= seen.outcome == Outcome::Error;
            types.push(seen.of);
        }
        for keyword in &call.arguments.keywords {
            failed |= self.expression(&keyword.value).outcome == Outcome::Error;
        }
        (types, failed)
    }

    fn returned(&self, function: &Expr, arguments: &[Type], plain: bool) -> Type {
        let Some(Value::Object(object)) = self.constant(function) else { return Type::ANY };
        let Object::Builtin(builtin) = &**object else { return Type::ANY };
        let home = modules::home(builtin);
        let known = |name: &str| returns::returns(name, arguments);
        match (home.is_empty(), builtin.name) {
            // `default=` and `key=` decide too.
            (true, "min" | "max" | "sum") if !plain => Type::ANY,
            (true, name) => known(name),
            (false, name) => known(&format!("{home}.{name}")),
        }
    }

    fn constant(&self, expression: &Expr) -> Option<&Value> {
        let place = match expression {
            Expr::Name(name) => name.range.start(),
            Expr::Attribute(attribute) => attribute.attr.range.start(),
            _ => return None,
        };
        match self.meant(place.to_usize())? {
            Meant::Constant(value) => Some(value),
            _ => None,
        }
    }

    fn is_called(&self, function: &Expr, name: &str) -> bool {
        let builtin = |value: &Value| match value {
            Value::Object(object) => matches!(&**object, Object::Builtin(builtin) if builtin.name == name),
            _ => false,
        };
        Type::from(Kinds::FUNCTION) == self.constant(function).map_or(Type::ANY, Type::of_value)
            && self.constant(function).is_some_and(builtin)
    }
}
