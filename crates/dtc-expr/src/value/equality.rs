//! Python's `==` and the hash that goes with it: `1 == 1.0 == True`, dicts and sets without order.

use std::hash::{Hash, Hasher};

use indexmap::Equivalent;
use num_bigint::BigInt;
use num_traits::{FromPrimitive, ToPrimitive};

use super::{Dict, Flavor, Value};

const ZERO: Value = Value::Int(0);

/// Equality as containers use it: identity or `==`. A NaN equals itself here, so that it can be
/// a key; `python_equal` is the operator.
impl PartialEq for Value {
    fn eq(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::None, Value::None) => true,
            (Value::Str(a), Value::Str(b)) => a == b,
            (Value::Tuple(a), Value::Tuple(b)) | (Value::List(_, a), Value::List(_, b)) => a == b,
            (Value::Dict(Flavor::Counter, a), Value::Dict(Flavor::Counter, b)) => {
                let counts = |a: &Dict, b: &Dict| a.iter().all(|(key, count)| *b.get(key).unwrap_or(&ZERO) == *count);
                counts(a, b) && counts(b, a)
            }
            (Value::Dict(_, a), Value::Dict(_, b)) => {
                a.len() == b.len() && a.iter().all(|(key, value)| b.get(key) == Some(value))
            }
            (Value::Set(_, a), Value::Set(_, b)) => a.len() == b.len() && a.iter().all(|item| b.contains(item)),
            (Value::DateTime(a), Value::DateTime(b)) => a == b,
            (Value::TimeDelta(a), Value::TimeDelta(b)) => a == b,
            (Value::Object(a), Value::Object(b)) => a.same(b),
            (Value::Float(a), Value::Float(b)) => a == b || (a.is_nan() && b.is_nan()),
            _ => numbers_equal(self, other),
        }
    }
}

impl Eq for Value {}

/// The operator `==`, in which a NaN differs from itself.
pub(crate) fn python_equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => a == b,
        (Value::Float(a), Value::Float(b)) => a == b,
        _ => left == right,
    }
}

fn numbers_equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Big(a), Value::Big(b)) => a == b,
        (Value::Big(a), Value::Float(b)) | (Value::Float(b), Value::Big(a)) => {
            b.fract() == 0.0 && BigInt::from_f64(*b).is_some_and(|b| b == **a)
        }
        (Value::Float(a), other) | (other, Value::Float(a)) => small(other).is_some_and(|number| float_is(*a, number)),
        _ => matches!((small(left), small(right)), (Some(a), Some(b)) if a == b),
    }
}

fn small(value: &Value) -> Option<i64> {
    match value {
        Value::Bool(flag) => Some(i64::from(*flag)),
        Value::Int(number) => Some(*number),
        _ => None,
    }
}

/// Exact: no rounding of the integer.
fn float_is(float: f64, number: i64) -> bool {
    float.to_i64() == Some(number) && float.fract() == 0.0
}

impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Value::None => state.write_u8(1),
            Value::Bool(flag) => state.write_i64(i64::from(*flag)),
            Value::Int(number) => state.write_i64(*number),
            Value::Big(number) => number.hash(state),
            Value::Float(number) => hash_float(*number, state),
            // As `str` hashes, so that `Equivalent` below holds.
            Value::Str(text) => text.hash(state),
            Value::Tuple(items) | Value::List(_, items) => items.hash(state),
            // Equal collections may differ in order, so only the length counts.
            Value::Dict(_, dict) => state.write_usize(dict.len()),
            Value::Set(_, set) => state.write_usize(set.len()),
            Value::DateTime(time) => time.hash(state),
            Value::TimeDelta(delta) => delta.hash(state),
            Value::Object(object) => object.hash(state),
        }
    }
}

fn hash_float<H: Hasher>(number: f64, state: &mut H) {
    if number.fract() != 0.0 || !number.is_finite() {
        let bits = if number.is_nan() { f64::NAN.to_bits() } else { number.to_bits() };
        return state.write_u64(bits);
    }
    match number.to_i64() {
        Some(small) => state.write_i64(small),
        None => {
            if let Some(big) = BigInt::from_f64(number) {
                big.hash(state);
            }
        }
    }
}

impl Equivalent<Value> for str {
    fn equivalent(&self, key: &Value) -> bool {
        matches!(key, Value::Str(text) if **text == *self)
    }
}
