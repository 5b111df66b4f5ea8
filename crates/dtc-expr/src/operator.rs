//! The binary and unary operators over every type: `+` on texts and lists, times, sets, dicts.

use std::sync::Arc;

use num_bigint::BigInt;
use ruff_python_ast::{Operator, UnaryOp};

use crate::error::{EvalError, EvalErrorKind};
use crate::number::{self, Number};
use crate::time::{DAY, Date, TimeDelta};
use crate::value::object::Object;
use crate::value::{Flavor, Set, Value};

type Result<T = Value> = std::result::Result<T, EvalError>;

/// Items of a list or characters of a text that an expression may make.
pub(crate) const MAX_ITEMS: usize = 1_000_000;
pub(crate) const MAX_TEXT: usize = 16 << 20;

/// `left OPERATOR right`.
pub(crate) fn binary(left: &Value, operator: Operator, right: &Value) -> Result {
    if let (Value::Float(a), Value::Float(b)) = (left, right) {
        match operator {
            Operator::Add => return Ok(Value::Float(a + b)),
            Operator::Sub => return Ok(Value::Float(a - b)),
            Operator::Mult => return Ok(Value::Float(a * b)),
            _ => {}
        }
    }
    if let (Value::Bool(a), Value::Bool(b)) = (left, right) {
        match operator {
            Operator::BitAnd => return Ok(Value::Bool(a & b)),
            Operator::BitOr => return Ok(Value::Bool(a | b)),
            Operator::BitXor => return Ok(Value::Bool(a ^ b)),
            _ => {}
        }
    }
    if let (Some(a), Some(b)) = (Number::of(left), Number::of(right)) {
        let bits = matches!(
            operator,
            Operator::BitAnd
                | Operator::BitOr
                | Operator::BitXor
                | Operator::LShift
                | Operator::RShift
                | Operator::MatMult
        );
        if bits && (matches!(a, Number::Float(_)) || matches!(b, Number::Float(_)) || operator == Operator::MatMult) {
            return Err(unsupported(left, operator, right));
        }
        return number::binary(a, operator, b);
    }
    if let (Value::Dict(Flavor::Counter, a), Value::Dict(Flavor::Counter, b)) = (left, right)
        && let Some(combined) = crate::modules::combine_counters(a, operator, b)
    {
        return combined;
    }
    match operator {
        Operator::Add => add(left, right),
        Operator::Sub => subtract(left, right),
        Operator::Mult => multiply(left, right),
        Operator::Div | Operator::FloorDiv => divide(left, operator, right),
        Operator::Mod => modulo(left, right),
        Operator::BitAnd | Operator::BitOr | Operator::BitXor => combine(left, operator, right),
        _ => Err(unsupported(left, operator, right)),
    }
}

fn unsupported(left: &Value, operator: Operator, right: &Value) -> EvalError {
    let sign = if operator == Operator::Pow { "** or pow()" } else { operator.as_str() };
    EvalError::type_error(format!(
        "unsupported operand type(s) for {sign}: '{}' and '{}'",
        left.type_name(),
        right.type_name()
    ))
}

pub(crate) fn check_items(count: usize) -> Result<()> {
    if count > MAX_ITEMS {
        return Err(EvalError::limit(format!("a collection may not hold more than {MAX_ITEMS} items")));
    }
    Ok(())
}

pub(crate) fn check_text(bytes: usize) -> Result<()> {
    if bytes > MAX_TEXT {
        return Err(EvalError::limit(format!("a text may not be longer than {MAX_TEXT} bytes")));
    }
    Ok(())
}

fn add(left: &Value, right: &Value) -> Result {
    match (left, right) {
        (Value::Str(a), Value::Str(b)) => {
            check_text(a.len() + b.len())?;
            let mut text = String::with_capacity(a.len() + b.len());
            text.push_str(a);
            text.push_str(b);
            Ok(Value::from(text))
        }
        (Value::Str(_), other) => {
            Err(EvalError::type_error(format!("can only concatenate str (not \"{}\") to str", other.type_name())))
        }
        (Value::List(flavor, a), Value::List(_, b)) => {
            let flavor = if *flavor == Flavor::Field { Flavor::Field } else { Flavor::Plain };
            Ok(Value::List(flavor, Arc::new(concatenate(a, b)?)))
        }
        (Value::Tuple(a), Value::Tuple(b)) => Ok(Value::tuple(concatenate(a, b)?)),
        (Value::List(..), other) | (Value::Tuple(_), other) => Err(EvalError::type_error(format!(
            "can only concatenate {0} (not \"{1}\") to {0}",
            left.type_name(),
            other.type_name()
        ))),
        (Value::DateTime(time), Value::TimeDelta(delta)) | (Value::TimeDelta(delta), Value::DateTime(time)) => {
            time.add(*delta).map(Value::DateTime).ok_or_else(out_of_range)
        }
        (Value::TimeDelta(a), Value::TimeDelta(b)) => span(a.micros.checked_add(b.micros)),
        (Value::Object(object), Value::TimeDelta(delta)) | (Value::TimeDelta(delta), Value::Object(object)) => {
            match &**object {
                Object::Date(date) => move_date(*date, delta.micros.div_euclid(DAY)),
                _ => Err(unsupported(left, Operator::Add, right)),
            }
        }
        _ => Err(unsupported(left, Operator::Add, right)),
    }
}

fn concatenate(a: &[Value], b: &[Value]) -> Result<Vec<Value>> {
    check_items(a.len() + b.len())?;
    Ok([a, b].concat())
}

fn out_of_range() -> EvalError {
    EvalError::overflow("date value out of range")
}

/// A span within Python's bounds of a milliard days each way.
pub(crate) fn span(micros: Option<i64>) -> Result {
    const MOST: i64 = 106_751_990;
    match micros {
        Some(micros) if micros.div_euclid(DAY).abs() <= MOST => Ok(Value::TimeDelta(TimeDelta { micros })),
        _ => Err(EvalError::overflow("days of a timedelta out of range")),
    }
}

fn move_date(date: Date, days: i64) -> Result {
    Date::from_ordinal(date.ordinal() + days).map(|date| Value::object(Object::Date(date))).ok_or_else(out_of_range)
}

fn subtract(left: &Value, right: &Value) -> Result {
    match (left, right) {
        (Value::DateTime(a), Value::DateTime(b)) => {
            if a.offset.is_some() != b.offset.is_some() {
                return Err(EvalError::type_error("can't subtract offset-naive and offset-aware datetimes"));
            }
            span(a.micros.checked_sub(b.micros))
        }
        (Value::DateTime(time), Value::TimeDelta(delta)) => {
            time.add(TimeDelta { micros: -delta.micros }).map(Value::DateTime).ok_or_else(out_of_range)
        }
        (Value::TimeDelta(a), Value::TimeDelta(b)) => span(a.micros.checked_sub(b.micros)),
        (Value::Object(a), Value::Object(b)) => match (&**a, &**b) {
            (Object::Date(a), Object::Date(b)) => span((i64::from(a.days) - i64::from(b.days)).checked_mul(DAY)),
            _ => combine(left, Operator::Sub, right),
        },
        (Value::Object(object), Value::TimeDelta(delta)) => match &**object {
            Object::Date(date) => move_date(*date, -delta.micros.div_euclid(DAY)),
            _ => Err(unsupported(left, Operator::Sub, right)),
        },
        _ => combine(left, Operator::Sub, right),
    }
}

fn multiply(left: &Value, right: &Value) -> Result {
    match (left, right) {
        (Value::TimeDelta(delta), number) | (number, Value::TimeDelta(delta)) => match number {
            Value::Int(factor) => span(delta.micros.checked_mul(*factor)),
            Value::Bool(factor) => span(Some(delta.micros * i64::from(*factor))),
            Value::Float(factor) => scaled(delta.micros, *factor, Scale::Times),
            _ => Err(unsupported(left, Operator::Mult, right)),
        },
        (sequence @ (Value::Str(_) | Value::List(..) | Value::Tuple(_)), count)
        | (count, sequence @ (Value::Str(_) | Value::List(..) | Value::Tuple(_))) => match count {
            Value::Int(count) => repeat(sequence, usize::try_from(*count).unwrap_or(0)),
            Value::Bool(count) => repeat(sequence, usize::from(*count)),
            Value::Big(_) => Err(EvalError::overflow("cannot fit 'int' into an index-sized integer")),
            other => Err(EvalError::type_error(format!(
                "can't multiply sequence by non-int of type '{}'",
                if std::ptr::eq(other, left) { left.type_name() } else { other.type_name() }
            ))),
        },
        _ => Err(unsupported(left, Operator::Mult, right)),
    }
}

fn repeat(sequence: &Value, count: usize) -> Result {
    match sequence {
        Value::Str(text) => {
            check_text(text.len().saturating_mul(count))?;
            Ok(Value::from(text.repeat(count)))
        }
        Value::List(flavor, items) => {
            let flavor = if *flavor == Flavor::Field { Flavor::Field } else { Flavor::Plain };
            Ok(Value::List(flavor, Arc::new(repeat_items(items, count)?)))
        }
        Value::Tuple(items) => Ok(Value::tuple(repeat_items(items, count)?)),
        other => Err(EvalError::type_error(format!("can't repeat '{}'", other.type_name()))),
    }
}

fn repeat_items(items: &[Value], count: usize) -> Result<Vec<Value>> {
    let total = items.len().saturating_mul(count);
    check_items(total)?;
    Ok(items.iter().cycle().take(total).cloned().collect())
}

#[derive(Clone, Copy, PartialEq)]
enum Scale {
    Times,
    Over,
}

/// A span times or over a float, exactly, then rounded once.
fn scaled(micros: i64, factor: f64, scale: Scale) -> Result {
    if factor.is_nan() {
        return Err(EvalError::value_error("cannot convert NaN to integer ratio"));
    }
    if factor.is_infinite() {
        return Err(EvalError::overflow("cannot convert Infinity to integer ratio"));
    }
    let (mantissa, exponent) = number::dyadic(factor);
    let micros = BigInt::from(micros);
    let (mut top, mut bottom) = match scale {
        Scale::Times => (micros * mantissa, BigInt::from(1)),
        Scale::Over => (micros, mantissa),
    };
    let larger = if (exponent >= 0) == (scale == Scale::Times) { &mut top } else { &mut bottom };
    *larger <<= exponent.unsigned_abs();
    span(i64::try_from(number::nearest_whole(&top, &bottom)).ok())
}

fn divide(left: &Value, operator: Operator, right: &Value) -> Result {
    let Value::TimeDelta(delta) = left else { return Err(unsupported(left, operator, right)) };
    let by_zero = || EvalError::new(EvalErrorKind::ZeroDivisionError, "integer division or modulo by zero");
    let micros = Number::Int(delta.micros);
    match (operator, right) {
        (_, Value::TimeDelta(other)) if other.micros == 0 => Err(by_zero()),
        (_, Value::TimeDelta(other)) => number::binary(micros, operator, Number::Int(other.micros)),
        (_, Value::Int(0) | Value::Bool(false)) => Err(by_zero()),
        (Operator::FloorDiv | Operator::Div, Value::Bool(true)) => Ok(left.clone()),
        (Operator::FloorDiv, Value::Int(divisor)) => span(Some(floor(delta.micros, *divisor))),
        (Operator::Div, Value::Int(divisor)) => span(Some(round_half_even(delta.micros, *divisor))),
        (Operator::Div, Value::Float(0.0)) => {
            Err(EvalError::new(EvalErrorKind::ZeroDivisionError, "float division by zero"))
        }
        (Operator::Div, Value::Float(divisor)) => scaled(delta.micros, *divisor, Scale::Over),
        _ => Err(unsupported(left, operator, right)),
    }
}

fn floor(a: i64, b: i64) -> i64 {
    let quotient = a.wrapping_div(b);
    if a.wrapping_rem(b) != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient }
}

fn round_half_even(a: i64, b: i64) -> i64 {
    let down = floor(a, b);
    let rest = BigInt::from(a) - BigInt::from(down) * b;
    let doubled: BigInt = rest * 2;
    match doubled.magnitude().cmp(BigInt::from(b).magnitude()) {
        std::cmp::Ordering::Less => down,
        std::cmp::Ordering::Greater => down + 1,
        std::cmp::Ordering::Equal => down + (down & 1),
    }
}

fn modulo(left: &Value, right: &Value) -> Result {
    match (left, right) {
        (Value::Str(format), arguments) => crate::format::percent(format, arguments),
        (Value::TimeDelta(a), Value::TimeDelta(b)) => {
            let rest = number::binary(Number::Int(a.micros), Operator::Mod, Number::Int(b.micros))?;
            span(if let Value::Int(micros) = rest { Some(micros) } else { None })
        }
        _ => Err(unsupported(left, Operator::Mod, right)),
    }
}

/// `|`, `&`, `^` and `-` of sets and dict views; `|` of dicts.
fn combine(left: &Value, operator: Operator, right: &Value) -> Result {
    if let (Value::Dict(flavor, a), Value::Dict(_, b), Operator::BitOr) = (left, right, operator) {
        let mut merged = (**a).clone();
        merged.extend(b.iter().map(|(key, value)| (key.clone(), value.clone())));
        let flavor = if *flavor == Flavor::Field { Flavor::Field } else { Flavor::Plain };
        return Ok(Value::Dict(flavor, Arc::new(merged)));
    }
    let (Some(a), Some(b)) = (as_set(left), as_set(right)) else {
        return Err(unsupported(left, operator, right));
    };
    let flavor = if let Value::Set(Flavor::Field, _) = left { Flavor::Field } else { Flavor::Plain };
    Ok(Value::Set(flavor, Arc::new(combine_sets(&a, operator, &b))))
}

pub(crate) fn combine_sets(a: &Set, operator: Operator, b: &Set) -> Set {
    match operator {
        Operator::BitOr => a.union(b).cloned().collect(),
        Operator::BitAnd => a.intersection(b).cloned().collect(),
        Operator::BitXor => a.symmetric_difference(b).cloned().collect(),
        _ => a.difference(b).cloned().collect(),
    }
}

fn as_set(value: &Value) -> Option<Arc<Set>> {
    use crate::value::object::View;
    match value {
        Value::Set(_, set) => Some(set.clone()),
        Value::Object(object) => match &**object {
            Object::View(View::Keys, dict) => Some(Arc::new(dict.keys().cloned().collect())),
            Object::View(View::Items, dict) => {
                Some(Arc::new(dict.iter().map(|(key, value)| Value::tuple(vec![key.clone(), value.clone()])).collect()))
            }
            _ => None,
        },
        _ => None,
    }
}

/// `-x`, `+x`, `~x`, `not x`.
pub(crate) fn unary(operator: UnaryOp, value: &Value) -> Result {
    match (operator, value) {
        (UnaryOp::Not, value) => Ok(Value::Bool(!value.is_truthy())),
        (UnaryOp::USub, Value::Float(number)) => Ok(Value::Float(-number)),
        (UnaryOp::UAdd, Value::Float(number)) => Ok(Value::Float(*number)),
        (UnaryOp::USub, Value::TimeDelta(delta)) => span(delta.micros.checked_neg()),
        (UnaryOp::UAdd, Value::TimeDelta(_)) => Ok(value.clone()),
        (_, Value::Bool(_) | Value::Int(_) | Value::Big(_)) => {
            let zero = Number::Int(0);
            let number = Number::of(value).unwrap_or(zero.clone());
            match operator {
                UnaryOp::USub => number::binary(zero, Operator::Sub, number),
                UnaryOp::Invert => number::binary(Number::Int(-1), Operator::Sub, number),
                _ => number::binary(zero, Operator::Add, number),
            }
        }
        _ => Err(EvalError::type_error(format!(
            "bad operand type for unary {}: '{}'",
            operator.as_str(),
            value.type_name()
        ))),
    }
}
