//! len, list, tuple, dict, set, sorted, reversed and the like: making and measuring collections.

use std::sync::Arc;

use super::{Args, Builtin, Outcome, hashable};
use crate::error::{EvalError, EvalErrorKind};
use crate::eval::Evaluator;
use crate::value::object::Object;
use crate::value::{Dict, Flavor, Order, Set, Value, compare};

pub(super) static TABLE: &[Builtin] = &[
    Builtin::function("len", len),
    Builtin::class("list", "", list, &[]),
    Builtin::class("tuple", "", tuple, &[]),
    Builtin::class("dict", "", dict, &[Builtin::function("fromkeys", from_keys)]),
    Builtin::class("set", "", set, &[]),
    Builtin::function("sorted", sorted),
    Builtin::class("reversed", "", reversed, &[]),
];

fn len(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let value = args.one("len")?;
    match length(&value) {
        Some(length) => Ok(Value::from(length)),
        None => Err(EvalError::type_error(format!("object of type '{}' has no len()", value.type_name()))),
    }
}

pub(crate) fn length(value: &Value) -> Option<usize> {
    match value {
        Value::Str(text) if text.is_ascii() => Some(text.len()),
        Value::Str(text) => Some(text.chars().count()),
        Value::Tuple(items) | Value::List(_, items) => Some(items.len()),
        Value::Dict(_, dict) => Some(dict.len()),
        Value::Set(_, set) => Some(set.len()),
        Value::Object(object) => match &**object {
            Object::Range(range) => usize::try_from(range.len()).ok(),
            Object::View(_, dict) => Some(dict.len()),
            _ => None,
        },
        _ => None,
    }
}

fn list(evaluator: &mut Evaluator<'_>, args: Args) -> Outcome {
    let [value] = args.bind("list", [""], 0)?;
    Ok(Value::list(value.map_or(Ok(Vec::new()), |value| evaluator.collect(value))?))
}

fn tuple(evaluator: &mut Evaluator<'_>, args: Args) -> Outcome {
    let [value] = args.bind("tuple", [""], 0)?;
    Ok(Value::tuple(value.map_or(Ok(Vec::new()), |value| evaluator.collect(value))?))
}

fn set(evaluator: &mut Evaluator<'_>, args: Args) -> Outcome {
    let [value] = args.bind("set", [""], 0)?;
    let items = value.map_or(Ok(Vec::new()), |value| evaluator.collect(value))?;
    Ok(Value::set(set_of(items)?))
}

pub(crate) fn set_of(items: Vec<Value>) -> Result<Set, EvalError> {
    let mut set = Set::with_capacity_and_hasher(items.len(), Default::default());
    for item in items {
        hashable(&item)?;
        set.insert(item);
    }
    Ok(set)
}

fn dict(evaluator: &mut Evaluator<'_>, mut args: Args) -> Outcome {
    let keywords = std::mem::take(&mut args.keywords);
    let [value] = args.bind("dict", [""], 0)?;
    let mut dict = match value {
        Some(value) => dict_of(evaluator, value)?,
        None => Dict::default(),
    };
    dict.extend(keywords.into_iter().map(|(name, value)| (Value::Str(name), value)));
    Ok(Value::dict(dict))
}

/// A dict from a dict or from pairs.
pub(crate) fn dict_of(evaluator: &mut Evaluator<'_>, value: Value) -> Result<Dict, EvalError> {
    if let Value::Dict(_, dict) = value {
        return Ok(Arc::unwrap_or_clone(dict));
    }
    let mut dict = Dict::default();
    for (place, pair) in evaluator.collect(value)?.into_iter().enumerate() {
        if super::index(&pair).is_ok() || matches!(pair, Value::Float(_) | Value::None) {
            return Err(EvalError::type_error(format!(
                "cannot convert dictionary update sequence element #{place} to a sequence"
            )));
        }
        let parts = evaluator.collect(pair)?;
        let count = parts.len();
        let Ok([key, value]) = <[Value; 2]>::try_from(parts) else {
            return Err(EvalError::value_error(format!(
                "dictionary update sequence element #{place} has length {count}; 2 is required"
            )));
        };
        hashable(&key)?;
        dict.insert(key, value);
    }
    Ok(dict)
}

pub(crate) fn from_keys(evaluator: &mut Evaluator<'_>, args: Args) -> Outcome {
    let [keys, value] = args.bind("fromkeys", ["", ""], 1)?;
    let value = value.unwrap_or_default();
    let mut dict = Dict::default();
    for key in evaluator.collect(keys.unwrap_or_default())? {
        hashable(&key)?;
        dict.insert(key, value.clone());
    }
    Ok(Value::dict(dict))
}

fn sorted(evaluator: &mut Evaluator<'_>, args: Args) -> Outcome {
    let [iterable, key, reverse] = keyword_only(args, "sorted")?;
    let items = evaluator.collect(iterable.unwrap_or_default())?;
    let reverse = reverse.is_some_and(|flag| flag.is_truthy());
    Ok(Value::list(sort(evaluator, items, key, reverse)?))
}

fn keyword_only(args: Args, name: &str) -> Result<[Option<Value>; 3], EvalError> {
    if args.positional.len() > 1 {
        return Err(EvalError::type_error(format!("{name} expected 1 argument, got {}", args.positional.len())));
    }
    args.bind(name, ["", "key", "reverse"], 1)
}

/// Stable, by `key` if there is one; `reverse` keeps equal items in their order.
pub(crate) fn sort(
    evaluator: &mut Evaluator<'_>,
    items: Vec<Value>,
    key: Option<Value>,
    reverse: bool,
) -> Result<Vec<Value>, EvalError> {
    let key = key.filter(|key| !key.is_none());
    let mut keyed = Vec::with_capacity(items.len());
    for item in items {
        let by = match &key {
            Some(key) => evaluator.call(key, Args::of([item.clone()]))?,
            None => item.clone(),
        };
        keyed.push((by, item));
    }
    order(keyed, reverse)
}

/// The items in the order of the values beside them.
pub(crate) fn order<T>(keyed: Vec<(Value, T)>, reverse: bool) -> Result<Vec<T>, EvalError> {
    let mut sorted = merge_sort(keyed, reverse)?;
    Ok(sorted.drain(..).map(|(_, item)| item).collect())
}

/// Our own: the library's may panic where values have no total order, as NaN and sets have none.
fn merge_sort<T>(mut items: Vec<(Value, T)>, reverse: bool) -> Result<Vec<(Value, T)>, EvalError> {
    if items.len() < 2 {
        return Ok(items);
    }
    let right = merge_sort(items.split_off(items.len() / 2), reverse)?;
    let left = merge_sort(items, reverse)?;
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some((a, _)), Some((b, _))) = (left.peek(), right.peek()) {
        let swapped = if reverse { compare(a, Order::Less, b)? } else { compare(b, Order::Less, a)? };
        merged.extend(if swapped { right.next() } else { left.next() });
    }
    merged.extend(left.chain(right));
    Ok(merged)
}

fn reversed(evaluator: &mut Evaluator<'_>, args: Args) -> Outcome {
    let value = args.one("reversed")?;
    let reversible = match &value {
        Value::List(..) | Value::Tuple(_) | Value::Str(_) | Value::Dict(..) => true,
        Value::Object(object) => matches!(&**object, Object::Range(_) | Object::View(..)),
        _ => false,
    };
    if !reversible {
        return Err(EvalError::type_error(format!("'{}' object is not reversible", value.type_name())));
    }
    let mut items = evaluator.collect(value)?;
    items.reverse();
    Ok(Value::object(Object::iterator("list_reverseiterator", items)))
}

/// A missing key as Python names it.
pub(crate) fn key_error(key: &Value) -> EvalError {
    EvalError::new(EvalErrorKind::KeyError, key.repr())
}

/// What a method of a field's collection gives back: the same base kind keeps the flavor.
pub(crate) fn like_receiver(receiver_flavor: Flavor, value: Value) -> Value {
    if receiver_flavor == Flavor::Field { value.with_flavor(Flavor::Field) } else { value }
}
