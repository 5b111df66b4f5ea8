//! Methods of set.

use std::sync::Arc;

use ruff_python_ast::Operator;

use super::Method;
use crate::builtins::collections::{key_error, set_of};
use crate::builtins::{Args, Outcome, hashable};
use crate::error::{EvalError, EvalErrorKind};
use crate::eval::Evaluator;
use crate::operator::{check_items, combine_sets};
use crate::value::{Flavor, Set, Value};

pub(super) const TABLE: &[Method] = &[
    Method::change("add", add),
    Method::change("discard", |_, set, args| {
        let item = member(args.one("discard")?)?;
        items(set)?.1.shift_remove(&item);
        Ok(Value::None)
    }),
    Method::change("remove", |_, set, args| {
        let item = member(args.one("remove")?)?;
        if items(set)?.1.shift_remove(&item) { Ok(Value::None) } else { Err(key_error(&item)) }
    }),
    Method::change("pop", |_, set, _| {
        let empty = || EvalError::new(EvalErrorKind::KeyError, "'pop from an empty set'");
        items(set)?.1.shift_remove_index(0).ok_or_else(empty)
    }),
    Method::change("clear", |_, set, _| {
        items(set)?.1.clear();
        Ok(Value::None)
    }),
    Method::change("update", |evaluator, set, args| merge(evaluator, set, args, Operator::BitOr)),
    Method::change("difference_update", |e, set, args| merge(e, set, args, Operator::Sub)),
    Method::change("intersection_update", |e, set, args| merge(e, set, args, Operator::BitAnd)),
    Method::change("symmetric_difference_update", |e, set, args| {
        merge(e, set, Args::of([args.one("symmetric_difference_update")?]), Operator::BitXor)
    }),
    Method::read("copy", |_, set, _| Ok(set.clone().with_flavor(Flavor::Plain))),
    Method::read("union", |e, set, args| merged(e, set, args, Operator::BitOr)),
    Method::read("difference", |e, set, args| merged(e, set, args, Operator::Sub)),
    Method::read("intersection", |e, set, args| merged(e, set, args, Operator::BitAnd)),
    Method::read("symmetric_difference", |e, set, args| {
        merged(e, set, Args::of([args.one("symmetric_difference")?]), Operator::BitXor)
    }),
    Method::read("issubset", |e, set, args| {
        let other = other(e, args, "issubset")?;
        Ok(Value::Bool(read(set).iter().all(|item| other.contains(item))))
    }),
    Method::read("issuperset", |e, set, args| {
        let other = other(e, args, "issuperset")?;
        Ok(Value::Bool(other.iter().all(|item| read(set).contains(item))))
    }),
    Method::read("isdisjoint", |e, set, args| {
        let other = other(e, args, "isdisjoint")?;
        Ok(Value::Bool(!other.iter().any(|item| read(set).contains(item))))
    }),
];

/// What may be an item; a set may be asked for, though it is never in.
fn member(item: Value) -> Outcome {
    if !matches!(item, Value::Set(..)) {
        hashable(&item)?;
    }
    Ok(item)
}

fn items(set: &mut Value) -> Result<(Flavor, &mut Set), EvalError> {
    match set {
        Value::Set(flavor, set) => Ok((*flavor, Arc::make_mut(set))),
        other => Err(EvalError::type_error(format!("'{}' object is not a set", other.type_name()))),
    }
}

fn read(set: &Value) -> Arc<Set> {
    match set {
        Value::Set(_, set) => set.clone(),
        _ => Arc::default(),
    }
}

fn other(evaluator: &mut Evaluator<'_>, args: Args, name: &str) -> Result<Set, EvalError> {
    let value = args.one(name)?;
    set_of(evaluator.collect(value)?)
}

fn add(_: &mut Evaluator<'_>, set: &mut Value, args: Args) -> Outcome {
    let item = args.one("add")?;
    let (flavor, items) = items(set)?;
    // A set field does not take what is missing.
    if !(flavor == Flavor::Field && item.is_none()) {
        hashable(&item)?;
        check_items(items.len() + 1)?;
        items.insert(item);
    }
    Ok(Value::None)
}

fn merge(evaluator: &mut Evaluator<'_>, set: &mut Value, args: Args, operator: Operator) -> Outcome {
    let mut result = (*read(set)).clone();
    for value in args.positional {
        result = combine_sets(&result, operator, &set_of(evaluator.collect(value)?)?);
    }
    *items(set)?.1 = result;
    Ok(Value::None)
}

fn merged(evaluator: &mut Evaluator<'_>, set: &Value, args: Args, operator: Operator) -> Outcome {
    let mut copy = set.clone().with_flavor(Flavor::Plain);
    merge(evaluator, &mut copy, args, operator)?;
    Ok(copy)
}
