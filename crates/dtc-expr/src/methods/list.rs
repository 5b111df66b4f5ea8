//! Methods of list and tuple.

use std::sync::Arc;

use super::Method;
use crate::builtins::collections::sort;
use crate::builtins::{Args, Outcome, index};
use crate::error::{EvalError, EvalErrorKind};
use crate::eval::Evaluator;
use crate::operator::check_items;
use crate::value::{Flavor, Value};

pub(super) const LIST: &[Method] = &[
    Method::change("append", append),
    Method::change("extend", extend),
    Method::change("insert", insert),
    Method::change("remove", remove),
    Method::change("pop", pop),
    Method::change("clear", |_, list, _| {
        items(list).map(|(_, items)| {
            items.clear();
            Value::None
        })
    }),
    Method::change("sort", sort_in_place),
    Method::change("reverse", |_, list, _| {
        items(list).map(|(_, items)| {
            items.reverse();
            Value::None
        })
    }),
    Method::read("copy", |_, list, _| Ok(list.clone().with_flavor(Flavor::Plain))),
    Method::read("count", count),
    Method::read("index", find),
];

pub(super) const TUPLE: &[Method] = &[Method::read("count", count), Method::read("index", find)];

fn items(list: &mut Value) -> Result<(Flavor, &mut Vec<Value>), EvalError> {
    match list {
        Value::List(flavor, items) => Ok((*flavor, Arc::make_mut(items))),
        other => Err(EvalError::type_error(format!("'{}' object is not a list", other.type_name()))),
    }
}

fn read(list: &Value) -> &[Value] {
    match list {
        Value::List(_, items) | Value::Tuple(items) => items,
        _ => &[],
    }
}

fn append(_: &mut Evaluator<'_>, list: &mut Value, args: Args) -> Outcome {
    let item = args.one("append")?;
    let (flavor, items) = items(list)?;
    // A list field does not take what is missing.
    if !(flavor == Flavor::Field && item.is_none()) {
        check_items(items.len() + 1)?;
        items.push(item);
    }
    Ok(Value::None)
}

fn extend(evaluator: &mut Evaluator<'_>, list: &mut Value, args: Args) -> Outcome {
    let more = evaluator.collect(args.one("extend")?)?;
    let (_, items) = items(list)?;
    check_items(items.len() + more.len())?;
    items.extend(more);
    Ok(Value::None)
}

fn insert(_: &mut Evaluator<'_>, list: &mut Value, args: Args) -> Outcome {
    let [at, item] = args.bind("insert", ["", ""], 2)?;
    let (at, item) = (index(&at.unwrap_or_default())?, item.unwrap_or_default());
    let (flavor, items) = items(list)?;
    if flavor == Flavor::Field && item.is_none() {
        return Ok(Value::None);
    }
    check_items(items.len() + 1)?;
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let place = if at < 0 { at.saturating_add(length).max(0) } else { at.min(length) };
    items.insert(usize::try_from(place).unwrap_or(0), item);
    Ok(Value::None)
}

fn remove(_: &mut Evaluator<'_>, list: &mut Value, args: Args) -> Outcome {
    let item = args.one("remove")?;
    let (_, items) = items(list)?;
    match items.iter().position(|known| *known == item) {
        Some(place) => {
            items.remove(place);
            Ok(Value::None)
        }
        None => Err(EvalError::value_error("list.remove(x): x not in list")),
    }
}

fn pop(_: &mut Evaluator<'_>, list: &mut Value, args: Args) -> Outcome {
    let [at] = args.bind("pop", [""], 0)?;
    let (_, items) = items(list)?;
    let out_of_range = |message: &str| EvalError::new(EvalErrorKind::IndexError, message);
    let at = at.map_or(Ok(-1), |at| index(&at))?;
    if items.is_empty() {
        return Err(out_of_range("pop from empty list"));
    }
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let place = if at < 0 { at.saturating_add(length) } else { at };
    match usize::try_from(place) {
        Ok(place) if place < items.len() => Ok(items.remove(place)),
        _ => Err(out_of_range("pop index out of range")),
    }
}

fn sort_in_place(evaluator: &mut Evaluator<'_>, list: &mut Value, args: Args) -> Outcome {
    let (mut key, mut reverse) = (None, false);
    if !args.positional.is_empty() {
        return Err(EvalError::type_error("sort() takes no positional arguments"));
    }
    for (name, value) in args.keywords {
        match &*name {
            "key" => key = Some(value),
            "reverse" => reverse = value.is_truthy(),
            other => {
                return Err(EvalError::type_error(format!("'{other}' is an invalid keyword argument for sort()")));
            }
        }
    }
    let (_, items) = items(list)?;
    let sorted = sort(evaluator, items.clone(), key, reverse)?;
    *items = sorted;
    Ok(Value::None)
}

fn count(_: &mut Evaluator<'_>, list: &Value, args: Args) -> Outcome {
    let item = args.one("count")?;
    Ok(Value::from(read(list).iter().filter(|known| **known == item).count()))
}

fn find(_: &mut Evaluator<'_>, list: &Value, args: Args) -> Outcome {
    let [item, start, stop] = args.bind("index", ["", "", ""], 1)?;
    let (item, items) = (item.unwrap_or_default(), read(list));
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let clip = |bound: Option<Value>, default: i64| -> Result<usize, EvalError> {
        let bound = bound.map_or(Ok(default), |bound| index(&bound))?;
        let bound = if bound < 0 { bound.saturating_add(length).max(0) } else { bound.min(length) };
        Ok(usize::try_from(bound).unwrap_or(0))
    };
    let (start, stop) = (clip(start, 0)?, clip(stop, length)?);
    let found = items.iter().enumerate().take(stop).skip(start).find(|(_, known)| **known == item);
    match found {
        Some((place, _)) => Ok(Value::from(place)),
        None => Err(EvalError::value_error(format!("{} is not in list", item.repr()))),
    }
}
