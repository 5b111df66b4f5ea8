//! Python's `math`.

use num_bigint::BigInt;
use num_traits::{Signed, Zero};
use ruff_python_ast::Operator;

use crate::builtins::numbers::{to_float, to_int};
use crate::builtins::{Args, Builtin, Outcome, index};
use crate::error::EvalError;
use crate::eval::Evaluator;
use crate::number;
use crate::operator;
use crate::value::Value;

pub(super) static TABLE: &[Builtin] = &[
    Builtin::function("floor", |_, args| whole(args, "floor", f64::floor)),
    Builtin::function("ceil", |_, args| whole(args, "ceil", f64::ceil)),
    Builtin::function("trunc", |_, args| whole(args, "trunc", f64::trunc)),
    Builtin::function("sqrt", |_, args| checked(args, "sqrt", f64::sqrt)),
    Builtin::function("cbrt", |_, args| checked(args, "cbrt", f64::cbrt)),
    Builtin::function("exp", |_, args| checked(args, "exp", f64::exp)),
    Builtin::function("expm1", |_, args| checked(args, "expm1", f64::exp_m1)),
    Builtin::function("log", log),
    Builtin::function("log2", |_, args| logarithm(&args.one("log2")?, f64::log2).map(Value::Float)),
    Builtin::function("log10", |_, args| logarithm(&args.one("log10")?, f64::log10).map(Value::Float)),
    Builtin::function("log1p", |_, args| checked(args, "log1p", f64::ln_1p)),
    Builtin::function("sin", |_, args| checked(args, "sin", f64::sin)),
    Builtin::function("cos", |_, args| checked(args, "cos", f64::cos)),
    Builtin::function("tan", |_, args| checked(args, "tan", f64::tan)),
    Builtin::function("asin", |_, args| checked(args, "asin", f64::asin)),
    Builtin::function("acos", |_, args| checked(args, "acos", f64::acos)),
    Builtin::function("atan", |_, args| checked(args, "atan", f64::atan)),
    Builtin::function("sinh", |_, args| checked(args, "sinh", f64::sinh)),
    Builtin::function("cosh", |_, args| checked(args, "cosh", f64::cosh)),
    Builtin::function("tanh", |_, args| checked(args, "tanh", f64::tanh)),
    Builtin::function("radians", |_, args| checked(args, "radians", f64::to_radians)),
    Builtin::function("degrees", |_, args| checked(args, "degrees", f64::to_degrees)),
    Builtin::function("fabs", |_, args| checked(args, "fabs", f64::abs)),
    Builtin::function("atan2", |_, args| two(args, "atan2", |a, b| Ok(a.atan2(b)))),
    Builtin::function("copysign", |_, args| two(args, "copysign", |a, b| Ok(a.copysign(b)))),
    Builtin::function("fmod", |_, args| {
        two(args, "fmod", |a, b| if b == 0.0 || a.is_infinite() { Err(domain()) } else { Ok(a % b) })
    }),
    Builtin::function("pow", |_, args| two(args, "pow", power)),
    Builtin::function("hypot", hypot),
    Builtin::function("isnan", |_, args| Ok(Value::Bool(float(&args.one("isnan")?)?.is_nan()))),
    Builtin::function("isinf", |_, args| Ok(Value::Bool(float(&args.one("isinf")?)?.is_infinite()))),
    Builtin::function("isfinite", |_, args| Ok(Value::Bool(float(&args.one("isfinite")?)?.is_finite()))),
    Builtin::function("isclose", isclose),
    Builtin::function("gcd", gcd),
    Builtin::function("factorial", factorial),
    Builtin::function("comb", comb),
    Builtin::function("perm", perm),
    Builtin::function("lcm", lcm),
    Builtin::function("isqrt", |_, args| {
        let number = big(&args.one("isqrt")?)?;
        if number.is_negative() {
            return Err(EvalError::value_error("isqrt() argument must be nonnegative"));
        }
        Ok(Value::big(number.sqrt()))
    }),
    Builtin::function("fsum", fsum),
    Builtin::function("prod", prod),
];

pub(super) fn constant(name: &str) -> Option<Value> {
    Some(Value::Float(match name {
        "pi" => std::f64::consts::PI,
        "e" => std::f64::consts::E,
        "tau" => std::f64::consts::TAU,
        "inf" => f64::INFINITY,
        "nan" => f64::NAN,
        _ => return None,
    }))
}

fn domain() -> EvalError {
    EvalError::value_error("math domain error")
}

fn range() -> EvalError {
    EvalError::overflow("math range error")
}

fn float(value: &Value) -> Result<f64, EvalError> {
    match value {
        Value::Bool(_) | Value::Int(_) | Value::Big(_) | Value::Float(_) => match to_float(value)? {
            Value::Float(number) => Ok(number),
            _ => Err(domain()),
        },
        other => Err(EvalError::type_error(format!("must be real number, not {}", other.type_name()))),
    }
}

/// Infinity from something finite is out of range, NaN from a number is out of the domain.
fn check(result: f64, inputs: &[f64]) -> Result<f64, EvalError> {
    if result.is_nan() && !inputs.iter().any(|input| input.is_nan()) {
        return Err(domain());
    }
    if result.is_infinite() && inputs.iter().all(|input| input.is_finite()) {
        return Err(range());
    }
    Ok(result)
}

fn checked(args: Args, name: &str, compute: fn(f64) -> f64) -> Outcome {
    let number = float(&args.one(name)?)?;
    if name == "log1p" && number <= -1.0 {
        return Err(domain());
    }
    Ok(Value::Float(check(compute(number), &[number])?))
}

fn two(args: Args, name: &str, compute: fn(f64, f64) -> Result<f64, EvalError>) -> Outcome {
    let [a, b] = args.bind(name, ["", ""], 2)?;
    Ok(Value::Float(compute(float(&a.unwrap_or_default())?, float(&b.unwrap_or_default())?)?))
}

fn power(a: f64, b: f64) -> Result<f64, EvalError> {
    if a == 0.0 && b < 0.0 {
        return Err(domain());
    }
    check(a.powf(b), &[a, b])
}

fn whole(args: Args, name: &str, round: fn(f64) -> f64) -> Outcome {
    match args.one(name)? {
        Value::Float(number) => number::truncate(round(number)),
        value @ (Value::Int(_) | Value::Big(_) | Value::Bool(_)) => to_int(&value),
        other => Err(EvalError::type_error(format!("must be real number, not {}", other.type_name()))),
    }
}

fn logarithm(value: &Value, compute: fn(f64) -> f64) -> Result<f64, EvalError> {
    if let Value::Big(number) = value
        && number.is_positive()
    {
        // Past the floats: take the logarithm of the leading bits and add the rest.
        let extra = number.bits().saturating_sub(60);
        let leading: BigInt = &**number >> extra;
        let leading = crate::number::big_to_float(&leading)?;
        return Ok(compute(leading) + extra as f64 * compute(2.0));
    }
    let number = float(value)?;
    if number <= 0.0 {
        return Err(domain());
    }
    Ok(compute(number))
}

fn log(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let [value, base] = args.bind("log", ["", ""], 1)?;
    let natural = logarithm(&value.unwrap_or_default(), f64::ln)?;
    let Some(base) = base else { return Ok(Value::Float(natural)) };
    let base = logarithm(&base, f64::ln)?;
    operator::binary(&Value::Float(natural), Operator::Div, &Value::Float(base))
}

fn hypot(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let mut total = 0f64;
    for value in &args.positional {
        total = total.hypot(float(value)?);
    }
    Ok(Value::Float(total))
}

fn isclose(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let [a, b, relative, absolute] = args.bind("isclose", ["a", "b", "rel_tol", "abs_tol"], 2)?;
    let (a, b) = (float(&a.unwrap_or_default())?, float(&b.unwrap_or_default())?);
    let relative = relative.map_or(Ok(1e-9), |value| float(&value))?;
    let absolute = absolute.map_or(Ok(0.0), |value| float(&value))?;
    if a == b {
        return Ok(Value::Bool(true));
    }
    let near = (a - b).abs() <= (relative * a.abs().max(b.abs())).max(absolute);
    Ok(Value::Bool(near && a.is_finite() && b.is_finite()))
}

fn big(value: &Value) -> Result<BigInt, EvalError> {
    match value {
        Value::Big(number) => Ok((**number).clone()),
        other => Ok(BigInt::from(index(other)?)),
    }
}

fn lcm(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    args.no_keywords("lcm")?;
    let mut total = BigInt::from(1);
    for value in &args.positional {
        let other = big(value)?.abs();
        if other.is_zero() {
            total = other;
        } else if !total.is_zero() {
            let divisor = common_divisor(total.clone(), other.clone());
            total = total / divisor * other;
        }
        if total.bits() > 1 << 20 {
            return Err(EvalError::limit("lcm() is too large"));
        }
    }
    Ok(Value::big(total))
}

fn perm(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let [n, k] = args.bind("perm", ["", ""], 1)?;
    let n = index(&n.unwrap_or_default())?;
    let k = k.filter(|k| !k.is_none()).map_or(Ok(n), |k| index(&k))?;
    if n < 0 || k < 0 {
        return Err(EvalError::value_error("n must be a non-negative integer"));
    }
    if k > n {
        return Ok(Value::Int(0));
    }
    if k > 3000 {
        return Err(EvalError::limit("perm() is too large"));
    }
    Ok(Value::big((0..k).fold(BigInt::from(1), |product, place| product * (n - place))))
}

fn common_divisor(mut a: BigInt, mut b: BigInt) -> BigInt {
    while !b.is_zero() {
        let rest = &a % &b;
        a = std::mem::replace(&mut b, rest);
    }
    a
}

fn gcd(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let mut total = BigInt::zero();
    for value in &args.positional {
        total = common_divisor(total, big(value)?.abs());
    }
    Ok(Value::big(total))
}

fn factorial(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let number = index(&args.one("factorial")?)?;
    if number < 0 {
        return Err(EvalError::value_error("factorial() not defined for negative values"));
    }
    if number > 3000 {
        return Err(EvalError::limit("factorial() of more than 3000 is too large"));
    }
    Ok(Value::big((2..=number).fold(BigInt::from(1), |product, factor| product * factor)))
}

fn comb(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let [n, k] = args.bind("comb", ["", ""], 2)?;
    let (n, k) = (index(&n.unwrap_or_default())?, index(&k.unwrap_or_default())?);
    if n < 0 || k < 0 {
        return Err(EvalError::value_error("n must be a non-negative integer"));
    }
    if k > n {
        return Ok(Value::Int(0));
    }
    let k = k.min(n - k);
    if k > 3000 {
        return Err(EvalError::limit("comb() is too large"));
    }
    Ok(Value::big((0..k).fold(BigInt::from(1), |product, place| product * (n - place) / (place + 1))))
}

fn fsum(evaluator: &mut Evaluator<'_>, args: Args) -> Outcome {
    let items = evaluator.collect(args.one("fsum")?)?;
    float_sum(&items).map(Value::Float)
}

/// Exact by Shewchuk's partial sums, which do not overlap, rounded once, as CPython does it.
pub(super) fn float_sum(items: &[Value]) -> Result<f64, EvalError> {
    let mut partials: Vec<f64> = Vec::new();
    let (mut infinities, mut special) = (0.0, 0.0);
    for item in items {
        let number = float(item)?;
        let mut x = number;
        let mut kept = Vec::with_capacity(partials.len() + 1);
        for mut y in partials {
            if x.abs() < y.abs() {
                std::mem::swap(&mut x, &mut y);
            }
            let high = x + y;
            let low = y - (high - x);
            if low != 0.0 {
                kept.push(low);
            }
            x = high;
        }
        partials = kept;
        if x.is_finite() {
            partials.push(x);
        } else if number.is_finite() {
            return Err(EvalError::overflow("intermediate overflow in fsum"));
        } else {
            infinities += if number.is_infinite() { number } else { 0.0 };
            special += number;
            partials.clear();
        }
    }
    if special != 0.0 {
        return match infinities.is_nan() {
            true => Err(EvalError::value_error("-inf + inf in fsum")),
            false => Ok(special),
        };
    }
    Ok(rounded_sum(partials))
}

/// The sum of partials of rising size that do not overlap, to the nearest even where it lies half way.
fn rounded_sum(mut partials: Vec<f64>) -> f64 {
    let Some(mut high) = partials.pop() else { return 0.0 };
    let mut low = 0.0;
    while let Some(y) = partials.pop() {
        let x = high;
        high = x + y;
        low = y - (high - x);
        if low != 0.0 {
            break;
        }
    }
    let next = partials.last().copied().unwrap_or(0.0);
    if (low < 0.0 && next < 0.0) || (low > 0.0 && next > 0.0) {
        let twice = low * 2.0;
        let other = high + twice;
        if other - high == twice {
            high = other;
        }
    }
    high
}

fn prod(evaluator: &mut Evaluator<'_>, args: Args) -> Outcome {
    let [iterable, start] = args.bind("prod", ["", "start"], 1)?;
    let mut product = start.unwrap_or(Value::Int(1));
    for item in evaluator.collect(iterable.unwrap_or_default())? {
        product = operator::binary(&product, Operator::Mult, &item)?;
    }
    Ok(product)
}
