//! Arithmetic of Python's numbers: integers of any size, floats, floor division, powers.

use std::sync::Arc;

use num_bigint::{BigInt, Sign};
use num_traits::{FromPrimitive, Signed, ToPrimitive, Zero};
use ruff_python_ast::Operator;

use crate::error::{EvalError, EvalErrorKind};
use crate::value::Value;

/// Larger integers take too long to print; nothing computes with them by intent.
pub(crate) const MAX_BITS: u64 = 1 << 17;

type Result<T = Value> = std::result::Result<T, EvalError>;

/// A number without the difference of bool and int.
#[derive(Debug, Clone)]
pub(crate) enum Number {
    Int(i64),
    Big(Arc<BigInt>),
    Float(f64),
}

impl Number {
    pub(crate) fn of(value: &Value) -> Option<Number> {
        match value {
            Value::Bool(flag) => Some(Number::Int(i64::from(*flag))),
            Value::Int(number) => Some(Number::Int(*number)),
            Value::Big(number) => Some(Number::Big(number.clone())),
            Value::Float(number) => Some(Number::Float(*number)),
            _ => None,
        }
    }

    fn big(self) -> BigInt {
        match self {
            Number::Int(number) => BigInt::from(number),
            Number::Big(number) => Arc::unwrap_or_clone(number),
            Number::Float(_) => BigInt::zero(),
        }
    }

    pub(crate) fn float(&self) -> Result<f64> {
        match self {
            Number::Int(number) => Ok(*number as f64),
            Number::Float(number) => Ok(*number),
            Number::Big(number) => big_to_float(number),
        }
    }
}

/// A big integer as a float; too large is an error in Python, not infinity.
pub(crate) fn big_to_float(number: &BigInt) -> Result<f64> {
    number
        .to_f64()
        .filter(|float| float.is_finite())
        .ok_or_else(|| EvalError::overflow("int too large to convert to float"))
}

/// `left OPERATOR right` for two numbers.
pub(crate) fn binary(left: Number, operator: Operator, right: Number) -> Result {
    match (&left, &right) {
        (Number::Int(a), Number::Int(b)) => match small(*a, operator, *b) {
            Some(result) => result,
            None => big(left.big(), operator, right.big()),
        },
        (Number::Float(_), _) | (_, Number::Float(_)) => float(left.float()?, operator, right.float()?),
        _ => big(left.big(), operator, right.big()),
    }
}

/// `None`: does not fit, take the long way.
fn small(a: i64, operator: Operator, b: i64) -> Option<Result> {
    Some(match operator {
        Operator::Add => Ok(Value::Int(a.checked_add(b)?)),
        Operator::Sub => Ok(Value::Int(a.checked_sub(b)?)),
        Operator::Mult => Ok(Value::Int(a.checked_mul(b)?)),
        Operator::Div if b == 0 => Err(by_zero("division by zero")),
        Operator::Div => {
            const EXACT: u64 = 1 << 53;
            if a.unsigned_abs() > EXACT || b.unsigned_abs() > EXACT {
                return None;
            }
            Ok(Value::Float(a as f64 / b as f64))
        }
        Operator::FloorDiv | Operator::Mod if b == 0 => Err(by_zero("integer division or modulo by zero")),
        Operator::FloorDiv => {
            let quotient = a.checked_div(b)?;
            Ok(Value::Int(if a % b != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient }))
        }
        Operator::Mod => {
            let rest = a.checked_rem(b)?;
            Ok(Value::Int(if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest }))
        }
        Operator::Pow if b >= 0 => Ok(Value::Int(a.checked_pow(u32::try_from(b).ok()?)?)),
        Operator::Pow => float(a as f64, Operator::Pow, b as f64),
        Operator::BitAnd => Ok(Value::Int(a & b)),
        Operator::BitOr => Ok(Value::Int(a | b)),
        Operator::BitXor => Ok(Value::Int(a ^ b)),
        Operator::LShift if b < 0 => Err(EvalError::value_error("negative shift count")),
        Operator::RShift if b < 0 => Err(EvalError::value_error("negative shift count")),
        Operator::LShift => return None,
        Operator::RShift => Ok(Value::Int(a >> b.min(63))),
        Operator::MatMult => return None,
    })
}

fn by_zero(message: &str) -> EvalError {
    EvalError::new(EvalErrorKind::ZeroDivisionError, message)
}

fn check_size(bits: u64) -> Result<()> {
    if bits > MAX_BITS {
        return Err(EvalError::limit(format!("an integer may not have more than {MAX_BITS} bits")));
    }
    Ok(())
}

fn big(a: BigInt, operator: Operator, b: BigInt) -> Result {
    if b.is_zero() {
        match operator {
            Operator::Div => return Err(by_zero("division by zero")),
            Operator::FloorDiv | Operator::Mod => {
                return Err(by_zero("integer division or modulo by zero"));
            }
            _ => {}
        }
    }
    let result = match operator {
        Operator::Add => a + b,
        Operator::Sub => a - b,
        Operator::Mult => {
            check_size(a.bits() + b.bits())?;
            a * b
        }
        Operator::Div => return true_division(&a, &b),
        Operator::FloorDiv => floor_division(&a, &b).0,
        Operator::Mod => floor_division(&a, &b).1,
        Operator::Pow => return big_power(&a, &b),
        Operator::BitAnd => a & b,
        Operator::BitOr => a | b,
        Operator::BitXor => a ^ b,
        Operator::LShift | Operator::RShift => return shift(a, operator, &b),
        Operator::MatMult => return Err(EvalError::type_error("unsupported operand type(s) for @: 'int' and 'int'")),
    };
    check_size(result.bits())?;
    Ok(Value::big(result))
}

fn floor_division(a: &BigInt, b: &BigInt) -> (BigInt, BigInt) {
    let (quotient, rest) = (a / b, a % b);
    if !rest.is_zero() && rest.is_negative() != b.is_negative() { (quotient - 1, rest + b) } else { (quotient, rest) }
}

/// The nearest float to the exact quotient: scaled so that the integer quotient has 64 bits or
/// more, with a sticky last bit.
pub(crate) fn true_division(a: &BigInt, b: &BigInt) -> Result {
    if a.is_zero() {
        return Ok(Value::Float(if b.is_negative() { -0.0 } else { 0.0 }));
    }
    let bits = |number: &BigInt| i64::try_from(number.bits()).unwrap_or(i64::MAX);
    let shift = 66 - (bits(a) - bits(b));
    let (mut top, mut bottom) = (a.abs(), b.abs());
    if shift >= 0 {
        top <<= shift.unsigned_abs();
    } else {
        bottom <<= shift.unsigned_abs();
    }
    let mut quotient = &top / &bottom;
    if !(&top % &bottom).is_zero() {
        quotient |= BigInt::from(1);
    }
    let mantissa = quotient.to_f64().unwrap_or(f64::INFINITY);
    let power = i32::try_from(-shift).unwrap_or(if shift > 0 { -5000 } else { 5000 });
    let magnitude = scale(mantissa, power);
    if magnitude.is_infinite() {
        return Err(EvalError::overflow("integer division result too large for a float"));
    }
    Ok(Value::Float(if a.is_negative() == b.is_negative() { magnitude } else { -magnitude }))
}

/// `mantissa * 2^power` in two steps, so that neither factor leaves the range first.
fn scale(mantissa: f64, power: i32) -> f64 {
    let half = power / 2;
    mantissa * 2f64.powi(half) * 2f64.powi(power - half)
}

fn big_power(a: &BigInt, b: &BigInt) -> Result {
    if b.sign() == Sign::Minus {
        return float(big_to_float(a)?, Operator::Pow, big_to_float(b)?);
    }
    let (one, minus_one) = (BigInt::from(1), BigInt::from(-1));
    if a.is_zero() || *a == one {
        return Ok(Value::big(if b.is_zero() { one } else { a.clone() }));
    }
    if *a == minus_one {
        let even = (b % BigInt::from(2)).is_zero();
        return Ok(Value::Int(if even { 1 } else { -1 }));
    }
    let exponent = b.to_u32().unwrap_or(u32::MAX);
    check_size(a.bits().saturating_sub(1).max(1).saturating_mul(u64::from(exponent)))?;
    Ok(Value::big(a.pow(exponent)))
}

fn shift(a: BigInt, operator: Operator, b: &BigInt) -> Result {
    if b.is_negative() {
        return Err(EvalError::value_error("negative shift count"));
    }
    let count = b.to_u64().unwrap_or(u64::MAX);
    if operator == Operator::RShift {
        let count = count.min(MAX_BITS * 2);
        return Ok(Value::big(a >> count));
    }
    if a.is_zero() {
        return Ok(Value::Int(0));
    }
    check_size(a.bits().saturating_add(count))?;
    Ok(Value::big(a << count))
}

fn float(a: f64, operator: Operator, b: f64) -> Result {
    let result = match operator {
        Operator::Add => a + b,
        Operator::Sub => a - b,
        Operator::Mult => a * b,
        Operator::Div if b == 0.0 => return Err(by_zero("float division by zero")),
        Operator::Div => a / b,
        Operator::FloorDiv if b == 0.0 => return Err(by_zero("float floor division by zero")),
        Operator::Mod if b == 0.0 => return Err(by_zero("float modulo")),
        Operator::FloorDiv => float_divmod(a, b).0,
        Operator::Mod => float_divmod(a, b).1,
        Operator::Pow => return float_power(a, b),
        _ => {
            return Err(EvalError::type_error(format!(
                "unsupported operand type(s) for {}: 'float' and 'float'",
                operator.as_str()
            )));
        }
    };
    Ok(Value::Float(result))
}

/// As CPython computes it, so that `q * b + r` stays closest to `a`.
pub(crate) fn float_divmod(a: f64, b: f64) -> (f64, f64) {
    let mut rest = a % b;
    let mut quotient = (a - rest) / b;
    if rest == 0.0 {
        rest = 0f64.copysign(b);
    } else if (b < 0.0) != (rest < 0.0) {
        rest += b;
        quotient -= 1.0;
    }
    let floored = if quotient == 0.0 {
        0f64.copysign(a / b)
    } else {
        let floor = quotient.floor();
        if quotient - floor > 0.5 { floor + 1.0 } else { floor }
    };
    (floored, rest)
}

fn float_power(a: f64, b: f64) -> Result {
    if a == 0.0 && b < 0.0 {
        return Err(by_zero("0.0 cannot be raised to a negative power"));
    }
    if a < 0.0 && a.is_finite() && b.is_finite() && b.fract() != 0.0 {
        return Err(EvalError::value_error("a negative number to a broken power is a complex number"));
    }
    let result = a.powf(b);
    if result.is_infinite() && a.is_finite() && b.is_finite() {
        return Err(EvalError::overflow("(34, 'Numerical result out of range')"));
    }
    Ok(Value::Float(result))
}

/// The whole part of a finite float.
pub(crate) fn truncate(number: f64) -> Result {
    if number.is_nan() {
        return Err(EvalError::value_error("cannot convert float NaN to integer"));
    }
    match BigInt::from_f64(number.trunc()) {
        Some(whole) => Ok(Value::big(whole)),
        None => Err(EvalError::overflow("cannot convert float infinity to integer")),
    }
}

/// A finite float's mantissa without trailing zeroes, and its exponent.
pub(crate) fn dyadic(number: f64) -> (BigInt, i64) {
    let bits = number.to_bits();
    let exponent = i64::try_from(bits >> 52 & 0x7ff).unwrap_or(0);
    let fraction = bits & ((1 << 52) - 1);
    let (mantissa, exponent) = if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) };
    if mantissa == 0 {
        return (BigInt::zero(), 0);
    }
    let zeros = mantissa.trailing_zeros();
    let magnitude = BigInt::from(mantissa >> zeros);
    (if number < 0.0 { -magnitude } else { magnitude }, exponent + i64::from(zeros))
}

/// The whole number nearest to a fraction, the even one where it lies half way.
pub(crate) fn nearest_whole(top: &BigInt, bottom: &BigInt) -> BigInt {
    let (top, bottom) = if bottom.is_negative() { (-top, -bottom) } else { (top.clone(), bottom.clone()) };
    let (mut down, mut rest) = (&top / &bottom, &top % &bottom);
    if rest.is_negative() {
        down -= 1;
        rest += &bottom;
    }
    let doubled: BigInt = rest * 2;
    match doubled.cmp(&bottom) {
        std::cmp::Ordering::Less => down,
        std::cmp::Ordering::Greater => down + 1,
        std::cmp::Ordering::Equal if !down.bit(0) => down,
        std::cmp::Ordering::Equal => down + 1,
    }
}
