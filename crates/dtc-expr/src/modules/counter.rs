//! `collections.Counter`: a dict that counts.

use std::ops::ControlFlow;
use std::sync::Arc;

use ruff_python_ast::Operator;

use crate::builtins::{Args, Builtin, Outcome, hashable};
use crate::error::EvalError;
use crate::eval::Evaluator;
use crate::operator::{self, check_items};
use crate::value::{Dict, Flavor, Order, Value, compare};

pub(super) static TABLE: &[Builtin] = &[Builtin::class("Counter", "collections", counter, &[])];

const ZERO: Value = Value::Int(0);

fn counter(evaluator: &mut Evaluator<'_>, args: Args) -> Outcome {
    let mut counts = Dict::default();
    tally(evaluator, &mut counts, args, Operator::Add)?;
    Ok(Value::Dict(Flavor::Counter, Arc::new(counts)))
}

/// Adds or subtracts what is given: a mapping's counts, or 1 for each item; then the keywords.
pub(crate) fn tally(
    evaluator: &mut Evaluator<'_>,
    counts: &mut Dict,
    mut args: Args,
    operator: Operator,
) -> Result<(), EvalError> {
    let keywords = std::mem::take(&mut args.keywords);
    let [given] = args.bind("Counter", [""], 0)?;
    match given.unwrap_or_default() {
        Value::None => {}
        Value::Dict(_, more) if operator == Operator::Add && counts.is_empty() => {
            counts.extend(more.iter().map(|(key, count)| (key.clone(), count.clone())));
        }
        Value::Dict(_, more) => {
            for (key, count) in more.iter() {
                add(counts, key.clone(), operator, count)?;
            }
        }
        items => evaluator.for_each(items, &mut |_, item| {
            hashable(&item)?;
            add(counts, item, operator, &Value::Int(1))?;
            check_items(counts.len())?;
            Ok(ControlFlow::Continue(()))
        })?,
    }
    for (name, count) in keywords {
        add(counts, Value::Str(name), operator, &count)?;
    }
    Ok(())
}

fn add(counts: &mut Dict, key: Value, operator: Operator, count: &Value) -> Result<(), EvalError> {
    let sum = operator::binary(counts.get(&key).unwrap_or(&ZERO), operator, count)?;
    counts.insert(key, sum);
    Ok(())
}

/// Pairs by falling count; equal counts stay in order.
pub(crate) fn ranked(counts: &Dict) -> Result<Vec<(Value, Value)>, EvalError> {
    let pairs = counts.iter().map(|(key, count)| (count.clone(), (key.clone(), count.clone()))).collect();
    crate::builtins::collections::order(pairs, true)
}

/// `+`, `-`, `&` and `|` of two counters; only counts above 0 are kept.
pub(crate) fn combine_counters(a: &Dict, operator: Operator, b: &Dict) -> Option<Outcome> {
    let count: fn(&Value, &Value) -> Outcome = match operator {
        Operator::Add => |a, b| operator::binary(a, Operator::Add, b),
        Operator::Sub => |a, b| operator::binary(a, Operator::Sub, b),
        Operator::BitAnd => |a, b| Ok(if compare(a, Order::Less, b)? { a.clone() } else { b.clone() }),
        Operator::BitOr => |a, b| Ok(if compare(a, Order::Less, b)? { b.clone() } else { a.clone() }),
        _ => return None,
    };
    let others = b.keys().filter(|key| !a.contains_key(*key));
    let keys = a.keys().chain(others.filter(|_| operator != Operator::BitAnd));
    let combined = keys.map(|key| Ok((key, count(a.get(key).unwrap_or(&ZERO), b.get(key).unwrap_or(&ZERO))?)));
    Some(positive(combined))
}

fn positive<'k>(counts: impl Iterator<Item = Result<(&'k Value, Value), EvalError>>) -> Outcome {
    let mut kept = Dict::default();
    for pair in counts {
        let (key, count) = pair?;
        if compare(&count, Order::Greater, &ZERO)? {
            kept.insert(key.clone(), count);
        }
    }
    Ok(Value::Dict(Flavor::Counter, Arc::new(kept)))
}
