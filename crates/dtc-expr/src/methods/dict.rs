//! Methods of dict, and what a map field adds: `set` and `increment`.

use std::sync::Arc;

use ruff_python_ast::Operator;

use super::Method;
use crate::builtins::collections::{dict_of, from_keys, key_error};
use crate::builtins::{Args, Outcome, hashable};
use crate::error::{EvalError, EvalErrorKind};
use crate::eval::Evaluator;
use crate::operator::{self, check_items};
use crate::value::object::{Object, View};
use crate::value::{Dict, Flavor, Value};

pub(super) const TABLE: &[Method] = &[
    Method::read("get", get),
    Method::read("keys", |_, dict, _| view(dict, View::Keys)),
    Method::read("values", |_, dict, _| view(dict, View::Values)),
    Method::read("items", |_, dict, _| view(dict, View::Items)),
    Method::read("copy", |_, dict, _| Ok(dict.clone().with_flavor(Flavor::Plain))),
    Method::change("pop", pop),
    Method::change("popitem", popitem),
    Method::change("clear", |_, dict, _| {
        entries(dict).map(|(_, entries)| {
            entries.clear();
            Value::None
        })
    }),
    Method::change("update", update),
    Method::change("setdefault", setdefault),
    Method::read("fromkeys", |evaluator, _, args| from_keys(evaluator, args)),
];

/// What only a map field has.
pub(super) const MAP: &[Method] = &[Method::change("set", set), Method::change("increment", increment)];

fn entries(dict: &mut Value) -> Result<(Flavor, &mut Dict), EvalError> {
    match dict {
        Value::Dict(flavor, dict) => Ok((*flavor, Arc::make_mut(dict))),
        other => Err(EvalError::type_error(format!("'{}' object is not a dict", other.type_name()))),
    }
}

fn read(dict: &Value) -> Result<&Arc<Dict>, EvalError> {
    match dict {
        Value::Dict(_, dict) => Ok(dict),
        other => Err(EvalError::type_error(format!("'{}' object is not a dict", other.type_name()))),
    }
}

fn view(dict: &Value, view: View) -> Outcome {
    Ok(Value::object(Object::View(view, read(dict)?.clone())))
}

fn get(_: &mut Evaluator<'_>, dict: &Value, args: Args) -> Outcome {
    let [key, default] = args.bind("get", ["", ""], 1)?;
    let key = key.unwrap_or_default();
    hashable(&key)?;
    Ok(read(dict)?.get(&key).cloned().or(default).unwrap_or_default())
}

fn pop(_: &mut Evaluator<'_>, dict: &mut Value, args: Args) -> Outcome {
    let [key, default] = args.bind("pop", ["", ""], 1)?;
    let key = key.unwrap_or_default();
    hashable(&key)?;
    entries(dict)?.1.shift_remove(&key).or(default).ok_or_else(|| key_error(&key))
}

fn popitem(_: &mut Evaluator<'_>, dict: &mut Value, _: Args) -> Outcome {
    match entries(dict)?.1.pop() {
        Some((key, value)) => Ok(Value::tuple(vec![key, value])),
        None => Err(EvalError::new(EvalErrorKind::KeyError, "'popitem(): dictionary is empty'")),
    }
}

fn update(evaluator: &mut Evaluator<'_>, dict: &mut Value, mut args: Args) -> Outcome {
    let keywords = std::mem::take(&mut args.keywords);
    let [other] = args.bind("update", [""], 0)?;
    let more = other.map_or(Ok(Dict::default()), |other| dict_of(evaluator, other))?;
    let (_, entries) = entries(dict)?;
    entries.extend(more);
    entries.extend(keywords.into_iter().map(|(name, value)| (Value::Str(name), value)));
    check_items(entries.len())?;
    Ok(Value::None)
}

fn setdefault(_: &mut Evaluator<'_>, dict: &mut Value, args: Args) -> Outcome {
    let [key, default] = args.bind("setdefault", ["", ""], 1)?;
    let key = key.unwrap_or_default();
    hashable(&key)?;
    Ok(entries(dict)?.1.entry(key).or_insert_with(|| default.unwrap_or_default()).clone())
}

fn set(_: &mut Evaluator<'_>, dict: &mut Value, args: Args) -> Outcome {
    let [key, value] = args.bind("set", ["key", "value"], 2)?;
    let key = key.unwrap_or_default();
    if key.is_none() {
        return Ok(Value::None);
    }
    hashable(&key)?;
    let (_, entries) = entries(dict)?;
    check_items(entries.len() + 1)?;
    entries.insert(key, value.unwrap_or_default());
    Ok(Value::None)
}

fn increment(_: &mut Evaluator<'_>, dict: &mut Value, args: Args) -> Outcome {
    let [key, by] = args.bind("increment", ["key", "by"], 1)?;
    let (key, by) = (key.unwrap_or_default(), by.unwrap_or(Value::Int(1)));
    if key.is_none() {
        return Ok(Value::None);
    }
    hashable(&key)?;
    let (_, entries) = entries(dict)?;
    let count = operator::binary(entries.get(&key).unwrap_or(&Value::Int(0)), Operator::Add, &by)?;
    check_items(entries.len() + 1)?;
    entries.insert(key, count);
    Ok(Value::None)
}
