//! Calls: built-ins, methods (with write-back of what they change), lambdas, user functions.

use std::sync::Arc;

use super::access::{flavored, member_of};
use super::reach::Home;
use super::{Evaluator, MAX_HEIGHT, Result};
use crate::builtins::Args;
use crate::error::EvalError;
use crate::methods::{Action, Kind, Member};
use crate::node::{Access, Arguments, Call, Element, Lambda, MethodCall, Node};
use crate::value::object::{Closure, Object};
use crate::value::{Flavor, Value};

/// Methods whose result was an item, not the collection.
const TAKING: [&str; 3] = ["pop", "popitem", "setdefault"];

impl Evaluator<'_> {
    pub(super) fn call_node(&mut self, call: &Call) -> Result {
        self.step()?;
        if let Node::Const(Value::Object(object)) = &call.callee
            && let Object::Builtin(builtin) = &**object
        {
            let arguments = self.arguments(&call.arguments)?;
            return (builtin.call)(self, arguments);
        }
        let callee = self.eval(&call.callee)?;
        let arguments = self.arguments(&call.arguments)?;
        self.call(&callee, arguments)
    }

    /// Calls a value, as `map` or `sorted(key=…)` do.
    pub(crate) fn call(&mut self, callee: &Value, arguments: Args) -> Result {
        self.step()?;
        let Value::Object(object) = callee else { return Err(not_callable(callee)) };
        match &**object {
            Object::Builtin(builtin) => (builtin.call)(self, arguments),
            Object::Lambda(closure) => self.call_lambda(closure, arguments),
            Object::User(function) => function.call(arguments),
            Object::Method(receiver, member) => {
                let mut receiver = receiver.clone();
                self.call_method(&mut receiver, member, arguments)
            }
            Object::Unbound(builtin, member) => {
                let mut arguments = arguments;
                if arguments.positional.is_empty() {
                    return Err(EvalError::type_error(format!(
                        "unbound method {}.{}() needs an argument",
                        builtin.name, member.name
                    )));
                }
                let mut receiver = arguments.positional.remove(0);
                if receiver.type_name() != builtin.qualified_name() {
                    return Err(EvalError::type_error(format!(
                        "descriptor '{}' for '{}' objects doesn't apply to a '{}' object",
                        member.name,
                        builtin.name,
                        receiver.type_name()
                    )));
                }
                self.call_method(&mut receiver, member, arguments)
            }
            _ => Err(not_callable(callee)),
        }
    }

    fn arguments(&mut self, arguments: &Arguments) -> Result<Args> {
        let mut args = Args::default();
        for element in &arguments.positional {
            match element {
                Element::One(node) => args.positional.push(self.eval(node)?),
                Element::Spread(node) => {
                    let value = self.eval(node)?;
                    args.positional.extend(self.collect(value)?);
                }
            }
        }
        for (name, node) in &arguments.keywords {
            let value = self.eval(node)?;
            match (name, value) {
                (Some(name), value) => args.keywords.push((name.clone(), value)),
                (None, Value::Dict(_, dict)) => {
                    for (key, value) in dict.iter() {
                        let Value::Str(name) = key else {
                            return Err(EvalError::type_error("keywords must be strings"));
                        };
                        args.keywords.push((name.clone(), value.clone()));
                    }
                }
                (None, other) => {
                    return Err(EvalError::type_error(format!(
                        "argument after ** must be a mapping, not {}",
                        other.type_name()
                    )));
                }
            }
        }
        Ok(args)
    }

    pub(super) fn method_call(&mut self, call: &MethodCall) -> Result {
        if call.member.changes {
            return Ok(self.method_call_at(call)?.0);
        }
        self.step()?;
        let mut receiver = self.eval(&call.receiver)?;
        if Kind::of(&receiver).and_then(|kind| call.member.method(kind)).is_none() {
            return self.call_attribute(&receiver, call);
        }
        let arguments = self.arguments(&call.arguments)?;
        self.call_method(&mut receiver, &call.member, arguments)
    }

    /// An attribute that is no method: of a module, a type, or a key that holds something to call.
    fn call_attribute(&mut self, receiver: &Value, call: &MethodCall) -> Result {
        let callee = member_of(receiver, &call.member, Access::Attribute)?;
        let arguments = self.arguments(&call.arguments)?;
        self.call(&callee, arguments)
    }

    /// Calls a method where its receiver lives, and says where the result lives.
    pub(super) fn method_call_at(&mut self, call: &MethodCall) -> Result<(Value, Option<Home>)> {
        self.step()?;
        let (mut receiver, home) = self.reach(&call.receiver)?;
        let found = Kind::of(&receiver).and_then(|kind| Some((kind, call.member.method(kind)?)));
        let Some((kind, method)) = found else {
            return Ok((self.call_attribute(&receiver, call)?, None));
        };
        let arguments = self.arguments(&call.arguments)?;
        call.member.check(kind, &arguments)?;
        let key = arguments.positional.first().cloned();
        match (method.action, home) {
            (Action::Change(change), Some(home)) => {
                drop(receiver);
                let result = self.change_at(&home, |evaluator, receiver| {
                    let result = change(evaluator, receiver, arguments)?;
                    Ok(changed(receiver, result))
                })?;
                // A field's collection goes on: `s.l.append(x).append(y)`.
                let goes_on = home.is_field() && is_field(&result) && !TAKING.contains(&method.name);
                let home = match key {
                    Some(key) if method.name == "setdefault" => Some(home.within(key)),
                    _ => Some(home).filter(|_| goes_on),
                };
                Ok((result, home))
            }
            (_, home) => {
                let is_key = method.name == "get"
                    && matches!((&receiver, &key), (Value::Dict(_, dict), Some(key)) if dict.contains_key(key));
                let home = home.zip(key).filter(|_| is_key).map(|(home, key)| home.within(key));
                Ok((self.call_method(&mut receiver, &call.member, arguments)?, home))
            }
        }
    }

    fn call_method(&mut self, receiver: &mut Value, member: &Arc<Member>, arguments: Args) -> Result {
        let found = Kind::of(receiver).and_then(|kind| Some((kind, member.method(kind)?)));
        let Some((kind, method)) = found else {
            return Err(EvalError::no_attribute(receiver.type_name(), &member.name));
        };
        member.check(kind, &arguments)?;
        match method.action {
            Action::Read(read) => {
                let result = read(self, receiver, arguments)?;
                Ok(flavored(receiver, result))
            }
            Action::Change(change) => {
                let result = change(self, receiver, arguments)?;
                Ok(changed(receiver, result))
            }
        }
    }

    pub(super) fn lambda(&mut self, lambda: &Arc<Lambda>, defaults: &[(u16, Node)]) -> Result {
        let mut captured = self.capture(&lambda.captures);
        for (slot, node) in defaults {
            captured.push((*slot, self.eval(node)?));
        }
        Ok(Value::object(Object::Lambda(Closure { code: lambda.clone(), captured })))
    }

    pub(super) fn capture(&self, slots: &[u16]) -> Vec<(u16, Value)> {
        slots.iter().map(|slot| (*slot, self.locals[usize::from(*slot)].clone())).collect()
    }

    fn call_lambda(&mut self, closure: &Closure<Lambda>, arguments: Args) -> Result {
        let lambda = &closure.code;
        self.height += lambda.height;
        if self.height > MAX_HEIGHT {
            return Err(EvalError::limit("maximum recursion depth exceeded"));
        }
        let given = bind_parameters(lambda, arguments)?;
        let mut saved = Vec::with_capacity(closure.captured.len() + given.len());
        for (slot, value) in closure.captured.iter().cloned().chain(given) {
            let place = &mut self.locals[usize::from(slot)];
            saved.push((slot, std::mem::replace(place, value)));
        }
        let result = self.eval(&lambda.body);
        for (slot, value) in saved.into_iter().rev() {
            self.locals[usize::from(slot)] = value;
        }
        self.height -= lambda.height;
        result
    }
}

fn not_callable(value: &Value) -> EvalError {
    EvalError::type_error(format!("'{}' object is not callable", value.type_name()))
}

/// A field's collection gives itself where Python's method gives nothing.
fn changed(receiver: &Value, result: Value) -> Value {
    if is_field(receiver) && result.is_none() { receiver.clone() } else { flavored(receiver, result) }
}

fn is_field(value: &Value) -> bool {
    matches!(value, Value::List(Flavor::Field, _) | Value::Dict(Flavor::Field, _) | Value::Set(Flavor::Field, _))
}

fn bind_parameters(lambda: &Lambda, arguments: Args) -> Result<Vec<(u16, Value)>> {
    if arguments.positional.len() > lambda.parameters.len() {
        return Err(EvalError::type_error(format!(
            "<lambda>() takes {} positional argument{} but {} were given",
            lambda.parameters.len(),
            if lambda.parameters.len() == 1 { "" } else { "s" },
            arguments.positional.len()
        )));
    }
    let mut bound: Vec<(u16, Value)> =
        lambda.parameters.iter().zip(arguments.positional).map(|(parameter, value)| (parameter.slot, value)).collect();
    for (name, value) in arguments.keywords {
        let Some(parameter) = lambda.parameters.iter().find(|parameter| parameter.name == name) else {
            return Err(EvalError::type_error(format!("<lambda>() got an unexpected keyword argument '{name}'")));
        };
        if bound.iter().any(|(slot, _)| *slot == parameter.slot) {
            return Err(EvalError::type_error(format!("<lambda>() got multiple values for argument '{name}'")));
        }
        bound.push((parameter.slot, value));
    }
    for parameter in &lambda.parameters {
        if !parameter.optional && !bound.iter().any(|(slot, _)| *slot == parameter.slot) {
            return Err(EvalError::type_error(format!(
                "<lambda>() missing 1 required positional argument: '{}'",
                parameter.name
            )));
        }
    }
    Ok(bound)
}
