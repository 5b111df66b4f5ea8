//! Attributes, items, slices and `in`; where an event's missing key gives `None`.

use std::sync::Arc;

use super::{Evaluator, Result};
use crate::builtins::collections::{key_error, length, like_receiver};
use crate::builtins::{hashable, index};
use crate::error::{EvalError, EvalErrorKind};
use crate::methods::{self, Kind, Member};
use crate::node::{Access, Node};
use crate::value::object::{Object, Range};
use crate::value::{Flavor, Value};

/// `object.name`, or `object['name']` with a constant name.
pub(super) fn member_of(object: &Value, member: &Arc<Member>, access: Access) -> Result {
    match object {
        Value::Dict(Flavor::Record, dict) if access == Access::Item || member.method(Kind::Dict).is_none() => {
            Ok(dict.get(&*member.name).map_or(Value::None, reached))
        }
        _ if access == Access::Item => item(object, &Value::Str(member.name.clone())),
        _ => attribute(object, member),
    }
}

/// An attribute by a name that only the run knows (`'{0.hour}'.format(time)`).
pub(crate) fn attribute_of(object: &Value, name: &str) -> Result {
    member_of(object, &Member::new(name), Access::Attribute)
}

/// The part of an event that an attribute or index reached is treated like the event.
fn reached(value: &Value) -> Value {
    match value {
        Value::Dict(Flavor::Plain, dict) => Value::Dict(Flavor::Record, dict.clone()),
        Value::List(Flavor::Plain, items) => Value::List(Flavor::Record, items.clone()),
        other => other.clone(),
    }
}

/// As `member_of` where the value can stay where it is; the flavor of what is found does not count.
pub(super) fn borrow_member<'v>(object: &'v Value, member: &Member, access: Access) -> Option<&'v Value> {
    match object {
        Value::Dict(Flavor::Record, dict) if access == Access::Item || member.method(Kind::Dict).is_none() => {
            Some(dict.get(&*member.name).unwrap_or(&super::NONE))
        }
        _ => None,
    }
}

fn attribute(object: &Value, member: &Arc<Member>) -> Result {
    if let Some(property) = member.property
        && let Some(value) = methods::property(object, property)
    {
        return Ok(value);
    }
    if Kind::of(object).is_some_and(|kind| member.method(kind).is_some()) {
        return Ok(Value::object(Object::Method(object.clone(), member.clone())));
    }
    if let Value::Object(inner) = object {
        match &**inner {
            Object::Builtin(builtin) => {
                if let Some(found) = builtin.member(&member.name) {
                    return Ok(found);
                }
                if Kind::named(builtin.name).is_some_and(|kind| member.method(kind).is_some()) {
                    return Ok(Value::object(Object::Unbound(builtin, member.clone())));
                }
                return Err(EvalError::new(
                    EvalErrorKind::AttributeError,
                    format!("type object '{}' has no attribute '{}'", builtin.qualified_name(), member.name),
                ));
            }
            Object::Module(module) => {
                return module.member(&member.name).ok_or_else(|| {
                    EvalError::new(
                        EvalErrorKind::AttributeError,
                        format!("module '{}' has no attribute '{}'", module.name, member.name),
                    )
                });
            }
            _ => {}
        }
    }
    Err(EvalError::no_attribute(object.type_name(), &member.name))
}

/// A place in a sequence, if the key is one.
pub(super) fn place_in(key: &Value, length: usize) -> Option<usize> {
    place(index(key).ok()?, length)
}

/// A place counted from the end when negative.
fn place(position: i64, length: usize) -> Option<usize> {
    let length = i64::try_from(length).ok()?;
    let place = if position < 0 { position.checked_add(length)? } else { position };
    if (0..length).contains(&place) { usize::try_from(place).ok() } else { None }
}

fn out_of_range(kind: &str) -> EvalError {
    EvalError::new(EvalErrorKind::IndexError, format!("{kind} index out of range"))
}

fn sequence_index(object: &Value, key: &Value) -> Result<i64> {
    index(key).map_err(|_| {
        let name = match object {
            Value::Str(_) => "string",
            other => other.type_name(),
        };
        EvalError::type_error(format!("{name} indices must be integers or slices, not {}", key.type_name()))
    })
}

/// `object[key]`.
pub(crate) fn item(object: &Value, key: &Value) -> Result {
    match object {
        Value::Dict(flavor, dict) => {
            hashable(key)?;
            match dict.get(key) {
                Some(value) if *flavor == Flavor::Record => Ok(reached(value)),
                Some(value) => Ok(value.clone()),
                None if *flavor == Flavor::Record => Ok(Value::None),
                None if *flavor == Flavor::Counter => Ok(Value::Int(0)),
                None => Err(key_error(key)),
            }
        }
        Value::List(flavor, items) => {
            let place = place(sequence_index(object, key)?, items.len()).ok_or_else(|| out_of_range("list"))?;
            Ok(if *flavor == Flavor::Record { reached(&items[place]) } else { items[place].clone() })
        }
        Value::Tuple(items) => {
            let place = place(sequence_index(object, key)?, items.len()).ok_or_else(|| out_of_range("tuple"))?;
            Ok(items[place].clone())
        }
        Value::Str(text) => {
            let position = sequence_index(object, key)?;
            let place = place(position, length(object).unwrap_or(0)).ok_or_else(|| out_of_range("string"))?;
            let found = if text.is_ascii() {
                text.get(place..=place).map(str::to_owned)
            } else {
                text.chars().nth(place).map(String::from)
            };
            found.map(Value::from).ok_or_else(|| out_of_range("string"))
        }
        Value::Object(inner) => match &**inner {
            Object::Range(range) => {
                let count = usize::try_from(range.len()).unwrap_or(usize::MAX);
                let place = place(sequence_index(object, key)?, count).ok_or_else(|| out_of_range("range object"))?;
                Ok(Value::Int(range.at(place as u64)))
            }
            Object::Match(matched) => crate::methods::group(matched, key),
            _ => Err(not_subscriptable(object)),
        },
        _ => Err(not_subscriptable(object)),
    }
}

fn not_subscriptable(object: &Value) -> EvalError {
    EvalError::type_error(format!("'{}' object is not subscriptable", object.type_name()))
}

/// `needle in haystack` where it needs no iteration; `None` otherwise.
pub(super) fn contains(haystack: &Value, needle: &Value) -> Option<Result<bool>> {
    Some(match haystack {
        Value::Str(text) => match needle {
            Value::Str(part) => Ok(text.contains(&**part)),
            other => Err(EvalError::type_error(format!(
                "'in <string>' requires string as left operand, not {}",
                other.type_name()
            ))),
        },
        Value::Tuple(items) | Value::List(_, items) => Ok(items.contains(needle)),
        Value::Dict(_, dict) => hashable(needle).map(|()| dict.contains_key(needle)),
        Value::Set(_, set) => hashable(needle).map(|()| set.contains(needle)),
        Value::Object(object) => match &**object {
            Object::Range(range) => Ok(match needle {
                Value::Int(number) => range.contains(*number),
                Value::Bool(flag) => range.contains(i64::from(*flag)),
                Value::Float(number) if number.fract() == 0.0 => range.contains(*number as i64),
                _ => false,
            }),
            _ => return None,
        },
        other => Err(EvalError::type_error(format!("argument of type '{}' is not iterable", other.type_name()))),
    })
}

impl Evaluator<'_> {
    pub(super) fn contains(&mut self, haystack: &Value, needle: &Value) -> Result<bool> {
        if let Some(answer) = contains(haystack, needle) {
            return answer;
        }
        let mut found = false;
        self.for_each(haystack.clone(), &mut |_, item| {
            found = item == *needle;
            Ok(if found { std::ops::ControlFlow::Break(()) } else { std::ops::ControlFlow::Continue(()) })
        })?;
        Ok(found)
    }

    pub(super) fn index(&mut self, object: &Node, key: &Node) -> Result {
        if let (Some(object), Some(key)) = (self.operand(object), self.operand(key))
            && !matches!(*object, Value::Dict(..) | Value::List(Flavor::Plain, _))
        {
            return item(&object, &key);
        }
        let object = self.eval(object)?;
        let key = self.eval(key)?;
        item(&object, &key)
    }

    pub(super) fn slice(&mut self, object: &Node, bounds: &[Option<Node>; 3]) -> Result {
        let object = self.eval(object)?;
        let mut numbers = [None; 3];
        for (number, node) in numbers.iter_mut().zip(bounds) {
            if let Some(node) = node {
                let value = self.eval(node)?;
                if !value.is_none() {
                    *number = Some(index(&value).map_err(|_| {
                        EvalError::type_error("slice indices must be integers or None or have an __index__ method")
                    })?);
                }
            }
        }
        if numbers[2] == Some(0) {
            return Err(EvalError::value_error("slice step cannot be zero"));
        }
        slice(&object, numbers)
    }
}

/// Start, stop and step as Python clips them to a length.
fn clip([start, stop, step]: [Option<i64>; 3], length: i64) -> Range {
    let step = step.unwrap_or(1);
    let (low, high) = if step < 0 { (-1, length - 1) } else { (0, length) };
    let clip = |bound: Option<i64>, default: i64| match bound {
        None => default,
        Some(bound) if bound < 0 => bound.saturating_add(length).max(low),
        Some(bound) => bound.min(high),
    };
    let (first, last) = if step < 0 { (high, low) } else { (low, high) };
    Range { start: clip(start, first), stop: clip(stop, last), step }
}

fn slice(object: &Value, bounds: [Option<i64>; 3]) -> Result {
    let Some(count) = length(object) else { return Err(not_subscriptable(object)) };
    let range = clip(bounds, i64::try_from(count).unwrap_or(i64::MAX));
    let places = || (0..range.len()).filter_map(|place| usize::try_from(range.at(place)).ok());
    match object {
        Value::List(flavor, items) => {
            Ok(Value::List(*flavor, Arc::new(places().map(|place| items[place].clone()).collect())))
        }
        Value::Tuple(items) => Ok(Value::tuple(places().map(|place| items[place].clone()).collect())),
        Value::Str(text) if text.is_ascii() => {
            let bytes = text.as_bytes();
            Ok(Value::from(places().map(|place| char::from(bytes[place])).collect::<String>()))
        }
        Value::Str(text) => {
            let characters: Vec<char> = text.chars().collect();
            Ok(Value::from(places().map(|place| characters[place]).collect::<String>()))
        }
        Value::Object(inner) => match &**inner {
            Object::Range(whole) => Ok(Value::object(Object::Range(Range {
                start: whole.start.saturating_add(range.start.saturating_mul(whole.step)),
                stop: whole.start.saturating_add(range.stop.saturating_mul(whole.step)),
                step: whole.step.saturating_mul(range.step),
            }))),
            _ => Err(not_subscriptable(object)),
        },
        _ => Err(match object {
            Value::Dict(..) => EvalError::type_error("unhashable type: 'slice'"),
            _ => not_subscriptable(object),
        }),
    }
}

/// The flavor that a method's result takes from its receiver.
pub(super) fn flavored(receiver: &Value, result: Value) -> Value {
    let flavor = match receiver {
        Value::List(flavor, _) | Value::Dict(flavor, _) | Value::Set(flavor, _) => *flavor,
        _ => Flavor::Plain,
    };
    if std::mem::discriminant(receiver) == std::mem::discriminant(&result) {
        like_receiver(flavor, result)
    } else {
        result
    }
}
