//! Python's `<`, `<=`, `>`, `>=`: between numbers, texts, sequences, sets and times.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_traits::{FromPrimitive, Signed};

use super::{Dict, Flavor, Set, Value};
use crate::error::EvalError;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

impl Order {
    fn sign(self) -> &'static str {
        match self {
            Order::Less => "<",
            Order::LessEqual => "<=",
            Order::Greater => ">",
            Order::GreaterEqual => ">=",
        }
    }

    pub(crate) fn holds(self, ordering: Ordering) -> bool {
        match self {
            Order::Less => ordering.is_lt(),
            Order::LessEqual => ordering.is_le(),
            Order::Greater => ordering.is_gt(),
            Order::GreaterEqual => ordering.is_ge(),
        }
    }
}

/// `left ORDER right`; types without an order are a TypeError, as in Python.
pub(crate) fn compare(left: &Value, order: Order, right: &Value) -> Result<bool, EvalError> {
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => Ok(order.holds(a.cmp(b))),
        (Value::Float(a), Value::Float(b)) => Ok(a.partial_cmp(b).is_some_and(|found| order.holds(found))),
        (Value::Str(a), Value::Str(b)) => Ok(order.holds(a.cmp(b))),
        (Value::Tuple(a), Value::Tuple(b)) | (Value::List(_, a), Value::List(_, b)) => compare_items(a, order, b),
        (Value::Set(_, a), Value::Set(_, b)) => Ok(compare_sets(a, order, b)),
        (Value::Dict(Flavor::Counter, a), Value::Dict(Flavor::Counter, b)) => compare_counters(a, order, b),
        (Value::DateTime(a), Value::DateTime(b)) => {
            if a.offset.is_some() != b.offset.is_some() {
                return Err(EvalError::type_error("can't compare offset-naive and offset-aware datetimes"));
            }
            Ok(order.holds(a.micros.cmp(&b.micros)))
        }
        (Value::TimeDelta(a), Value::TimeDelta(b)) => Ok(order.holds(a.cmp(b))),
        (Value::Object(a), Value::Object(b)) => match a.order(b) {
            Some(found) => Ok(order.holds(found)),
            None => Err(no_order(left, order, right)),
        },
        _ => match compare_numbers(left, right) {
            Some(found) => Ok(found.is_some_and(|found| order.holds(found))),
            None => Err(no_order(left, order, right)),
        },
    }
}

/// Is every count at most, or at least, the other's? A missing key counts 0.
fn compare_counters(a: &Dict, order: Order, b: &Dict) -> Result<bool, EvalError> {
    let zero = Value::Int(0);
    let bound = match order {
        Order::Less | Order::LessEqual => Order::LessEqual,
        Order::Greater | Order::GreaterEqual => Order::GreaterEqual,
    };
    let mut equal = true;
    for key in a.keys().chain(b.keys()) {
        let (a, b) = (a.get(key).unwrap_or(&zero), b.get(key).unwrap_or(&zero));
        if !compare(a, bound, b)? {
            return Ok(false);
        }
        equal &= a == b;
    }
    Ok(!equal || order == bound)
}

fn no_order(left: &Value, order: Order, right: &Value) -> EvalError {
    EvalError::type_error(format!(
        "'{}' not supported between instances of '{}' and '{}'",
        order.sign(),
        left.type_name(),
        right.type_name()
    ))
}

/// Outer `None`: not both numbers; inner `None`: a NaN.
fn compare_numbers(left: &Value, right: &Value) -> Option<Option<Ordering>> {
    match (left, right) {
        (Value::Big(a), Value::Big(b)) => Some(Some(a.cmp(b))),
        (Value::Big(a), Value::Int(_) | Value::Bool(_)) => Some(Some(big_sign(a))),
        (Value::Int(_) | Value::Bool(_), Value::Big(b)) => Some(Some(big_sign(b).reverse())),
        (Value::Float(a), Value::Float(b)) => Some(a.partial_cmp(b)),
        (Value::Float(a), Value::Int(_) | Value::Bool(_) | Value::Big(_)) => Some(float_against(*a, &integer(right)?)),
        (Value::Int(_) | Value::Bool(_) | Value::Big(_), Value::Float(b)) => {
            Some(float_against(*b, &integer(left)?).map(Ordering::reverse))
        }
        (Value::Int(_) | Value::Bool(_), Value::Int(_) | Value::Bool(_)) => {
            Some(Some(integer(left)?.cmp(&integer(right)?)))
        }
        _ => None,
    }
}

/// A big integer lies outside every `i64`, so its sign decides.
fn big_sign(number: &BigInt) -> Ordering {
    if number.is_negative() { Ordering::Less } else { Ordering::Greater }
}

fn integer(value: &Value) -> Option<BigInt> {
    match value {
        Value::Bool(flag) => Some(BigInt::from(i64::from(*flag))),
        Value::Int(number) => Some(BigInt::from(*number)),
        Value::Big(number) => Some((**number).clone()),
        _ => None,
    }
}

fn float_against(float: f64, number: &BigInt) -> Option<Ordering> {
    if float.is_nan() {
        return None;
    }
    let Some(whole) = BigInt::from_f64(float.trunc()) else {
        return Some(if float > 0.0 { Ordering::Greater } else { Ordering::Less });
    };
    Some(match whole.cmp(number) {
        Ordering::Equal => float.fract().partial_cmp(&0.0)?,
        other => other,
    })
}

fn compare_items(left: &[Value], order: Order, right: &[Value]) -> Result<bool, EvalError> {
    for (a, b) in left.iter().zip(right) {
        if a != b {
            return compare(a, order, b);
        }
    }
    Ok(order.holds(left.len().cmp(&right.len())))
}

fn compare_sets(left: &Set, order: Order, right: &Set) -> bool {
    let within = |a: &Set, b: &Set| a.iter().all(|item| b.contains(item));
    match order {
        Order::Less => left.len() < right.len() && within(left, right),
        Order::LessEqual => within(left, right),
        Order::Greater => right.len() < left.len() && within(right, left),
        Order::GreaterEqual => within(right, left),
    }
}
