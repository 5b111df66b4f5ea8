//! sum, min, max, any, all, range, enumerate, zip, map, filter, iter, next.

use std::ops::ControlFlow;
use std::sync::atomic::AtomicUsize;

use ruff_python_ast::Operator;

use super::{Args, Builtin, Outcome, index, not_iterable, stop_iteration};
use crate::error::EvalError;
use crate::eval::Evaluator;
use crate::operator::{self, check_items};
use crate::value::object::{Items, Object, Range};
use crate::value::{Order, Value, compare};

pub(super) static TABLE: &[Builtin] = &[
    Builtin::function("sum", sum),
    Builtin::function("min", |evaluator, args| extreme(evaluator, args, "min", Order::Less)),
    Builtin::function("max", |evaluator, args| extreme(evaluator, args, "max", Order::Greater)),
    Builtin::function("any", |evaluator, args| seek(evaluator, args.one("any")?, true)),
    Builtin::function("all", |evaluator, args| seek(evaluator, args.one("all")?, false)),
    Builtin::class("range", "", range, &[]),
    Builtin::class("enumerate", "", enumerate, &[]),
    Builtin::class("zip", "", zip, &[]),
    Builtin::class("map", "", map, &[]),
    Builtin::class("filter", "", filter, &[]),
    Builtin::function("iter", |evaluator, args| iter(evaluator, args.one("iter")?)),
    Builtin::function("next", next),
];

fn sum(evaluator: &mut Evaluator<'_>, args: Args) -> Outcome {
    let [iterable, start] = args.bind("sum", ["", "start"], 1)?;
    let mut total = start.unwrap_or(Value::Int(0));
    if matches!(total, Value::Str(_)) {
        return Err(EvalError::type_error("sum() can't sum strings [use ''.join(seq) instead]"));
    }
    evaluator.for_each(iterable.unwrap_or_default(), &mut |_, item| {
        total = operator::binary(&total, Operator::Add, &item)?;
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(total)
}

fn extreme(evaluator: &mut Evaluator<'_>, args: Args, name: &str, order: Order) -> Outcome {
    let (mut key, mut default) = (None, None);
    for (keyword, value) in args.keywords {
        match &*keyword {
            "key" => key = Some(value).filter(|value| !value.is_none()),
            "default" => default = Some(value),
            other => {
                return Err(EvalError::type_error(format!("'{other}' is an invalid keyword argument for {name}()")));
            }
        }
    }
    let several = args.positional.len() > 1;
    if several && default.is_some() {
        return Err(EvalError::type_error(format!(
            "Cannot specify a default for {name}() with multiple positional arguments"
        )));
    }
    if several && key.is_none() {
        let mut best = args.positional[0].clone();
        for item in &args.positional[1..] {
            if compare(item, order, &best)? {
                best = item.clone();
            }
        }
        return Ok(best);
    }
    let mut items = args.positional;
    let iterable = match items.len() {
        0 => return Err(EvalError::type_error(format!("{name} expected at least 1 argument, got 0"))),
        1 => items.remove(0),
        _ => Value::list(items.into_vec()),
    };
    let mut best: Option<(Value, Value)> = None;
    evaluator.for_each(iterable, &mut |evaluator, item| {
        let by = match &key {
            Some(key) => evaluator.call(key, Args::of([item.clone()]))?,
            None => item.clone(),
        };
        if match &best {
            Some((known, _)) => compare(&by, order, known)?,
            None => true,
        } {
            best = Some((by, item));
        }
        Ok(ControlFlow::Continue(()))
    })?;
    best.map(|(_, item)| item)
        .or(default)
        .ok_or_else(|| EvalError::value_error(format!("{name}() arg is an empty sequence")))
}

/// `any` and `all`: stops at the first item whose truth is `wanted`.
fn seek(evaluator: &mut Evaluator<'_>, iterable: Value, wanted: bool) -> Outcome {
    let mut found = !wanted;
    evaluator.for_each(iterable, &mut |_, item| {
        if item.is_truthy() == wanted {
            found = wanted;
            return Ok(ControlFlow::Break(()));
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(Value::Bool(found))
}

fn range(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    args.no_keywords("range")?;
    let [first, second, third] = args.bind("range", ["", "", ""], 1)?;
    let first = index(&first.unwrap_or_default())?;
    let (start, stop) = match second {
        Some(stop) => (first, index(&stop)?),
        None => (0, first),
    };
    let step = third.map_or(Ok(1), |step| index(&step))?;
    if step == 0 {
        return Err(EvalError::value_error("range() arg 3 must not be zero"));
    }
    Ok(Value::object(Object::Range(Range { start, stop, step })))
}

fn enumerate(evaluator: &mut Evaluator<'_>, args: Args) -> Outcome {
    let [iterable, start] = args.bind("enumerate", ["iterable", "start"], 1)?;
    let mut number = start.unwrap_or(Value::Int(0));
    index(&number)?;
    let mut items = Vec::new();
    for item in evaluator.collect(iterable.unwrap_or_default())? {
        let next = operator::binary(&number, Operator::Add, &Value::Int(1))?;
        items.push(Value::tuple(vec![number, item]));
        number = next;
    }
    Ok(Value::object(Object::iterator("enumerate", items)))
}

fn zip(evaluator: &mut Evaluator<'_>, args: Args) -> Outcome {
    let strict = args.keywords.iter().any(|(name, value)| &**name == "strict" && value.is_truthy());
    if let Some(other) = args.positional.iter().find(|value| !is_iterable(value)) {
        return Err(not_iterable(other));
    }
    let shortest = args.positional.iter().filter_map(super::collections::length).min();
    let mut columns = Vec::new();
    for value in args.positional {
        columns.push(evaluator.collect_up_to(value, shortest.filter(|_| !strict))?.into_iter());
    }
    let mut rows = Vec::new();
    loop {
        let row: Vec<Value> = columns.iter_mut().map_while(Iterator::next).collect();
        if columns.is_empty() || row.len() < columns.len() {
            if strict && (!row.is_empty() || columns.iter_mut().any(|column| column.len() > 0)) {
                return Err(EvalError::value_error("zip() arguments have different lengths"));
            }
            return Ok(Value::object(Object::iterator("zip", rows)));
        }
        rows.push(Value::tuple(row));
    }
}

fn is_iterable(value: &Value) -> bool {
    match value {
        Value::Tuple(_) | Value::List(..) | Value::Set(..) | Value::Dict(..) | Value::Str(_) => true,
        Value::Object(object) => matches!(
            &**object,
            Object::Range(_)
                | Object::View(..)
                | Object::Iterator(_)
                | Object::Generator(..)
                | Object::Mapped(..)
                | Object::Filtered(..)
        ),
        _ => false,
    }
}

fn map(evaluator: &mut Evaluator<'_>, args: Args) -> Outcome {
    args.no_keywords("map")?;
    let mut given = args.positional.into_iter();
    let function = given.next().unwrap_or_default();
    let mut iterables: Vec<Value> = given.collect();
    match iterables.len() {
        0 => Err(EvalError::type_error("map() must have at least two arguments.")),
        1 => {
            let source = iter(evaluator, iterables.remove(0))?;
            Ok(Value::object(Object::Mapped(function, source)))
        }
        _ => {
            let rows = zip(evaluator, Args::of(iterables))?;
            let mut results = Vec::new();
            evaluator.for_each(rows, &mut |evaluator, row| {
                let arguments = evaluator.collect(row)?;
                results.push(evaluator.call(&function, Args::of(arguments))?);
                Ok(ControlFlow::Continue(()))
            })?;
            Ok(Value::object(Object::iterator("map", results)))
        }
    }
}

fn filter(evaluator: &mut Evaluator<'_>, args: Args) -> Outcome {
    args.no_keywords("filter")?;
    let [function, iterable] = args.bind("filter", ["", ""], 2)?;
    let source = iter(evaluator, iterable.unwrap_or_default())?;
    Ok(Value::object(Object::Filtered(function.unwrap_or_default(), source)))
}

/// An iterator over a value; iterators are their own.
pub(crate) fn iter(evaluator: &mut Evaluator<'_>, value: Value) -> Outcome {
    if let Value::Object(object) = &value
        && matches!(&**object, Object::Iterator(_) | Object::Generator(..) | Object::Mapped(..) | Object::Filtered(..))
    {
        return Ok(value);
    }
    let type_name = match &value {
        Value::List(..) => "list_iterator",
        Value::Tuple(_) => "tuple_iterator",
        Value::Str(_) => "str_iterator",
        _ => "iterator",
    };
    let items = evaluator.collect(value)?;
    check_items(items.len())?;
    Ok(Value::object(Object::Iterator(Items { type_name, items, position: AtomicUsize::new(0) })))
}

fn next(evaluator: &mut Evaluator<'_>, args: Args) -> Outcome {
    let [iterator, default] = args.bind("next", ["", ""], 1)?;
    let iterator = iterator.unwrap_or_default();
    let is_iterator = matches!(&iterator, Value::Object(object) if matches!(&**object,
        Object::Iterator(_) | Object::Generator(..) | Object::Mapped(..) | Object::Filtered(..)));
    if !is_iterator {
        return Err(EvalError::type_error(format!("'{}' object is not an iterator", iterator.type_name())));
    }
    let mut found = None;
    evaluator.for_each(iterator, &mut |_, item| {
        found = Some(item);
        Ok(ControlFlow::Break(()))
    })?;
    found.or(default).ok_or_else(stop_iteration)
}
