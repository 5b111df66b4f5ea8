//! Python's `statistics`: exact sums of fractions, rounded once, as CPython 3.11 does it.

use indexmap::IndexMap;
use num_bigint::BigInt;
use num_traits::{One, Zero};
use ruff_python_ast::Operator;

use super::math;
use crate::builtins::collections::sort;
use crate::builtins::{Args, Builtin, Outcome, hashable, index};
use crate::error::EvalError;
use crate::eval::Evaluator;
use crate::number::{dyadic, true_division};
use crate::operator::{self, check_items};
use crate::value::Value;

pub(super) static TABLE: &[Builtin] = &[
    Builtin::function("mean", mean),
    Builtin::function("fmean", fmean),
    Builtin::function("median", |evaluator, args| median(evaluator, args, Middle::Mean)),
    Builtin::function("median_low", |evaluator, args| median(evaluator, args, Middle::Low)),
    Builtin::function("median_high", |evaluator, args| median(evaluator, args, Middle::High)),
    Builtin::function("mode", mode),
    Builtin::function("multimode", multimode),
    Builtin::function("quantiles", quantiles),
    Builtin::function("variance", |evaluator, args| variance(evaluator, args, "variance", Freedom::Sample)),
    Builtin::function("pvariance", |evaluator, args| variance(evaluator, args, "pvariance", Freedom::Population)),
    Builtin::function("stdev", |evaluator, args| deviation(evaluator, args, "stdev", Freedom::Sample)),
    Builtin::function("pstdev", |evaluator, args| deviation(evaluator, args, "pstdev", Freedom::Population)),
];

/// Python's `StatisticsError` is a `ValueError`.
fn empty(message: &str) -> EvalError {
    EvalError::value_error(message)
}

/// Numbers as `mantissa * 2^exponent`.
struct Exact {
    parts: Vec<(BigInt, i64)>,
    /// The sum of infinities and NaNs, where there are any.
    special: Option<f64>,
    has_floats: bool,
}

impl Exact {
    fn of(items: &[Value]) -> Result<Exact, EvalError> {
        let mut exact = Exact { parts: Vec::with_capacity(items.len()), special: None, has_floats: false };
        for item in items {
            match item {
                Value::Bool(flag) => exact.parts.push((BigInt::from(u8::from(*flag)), 0)),
                Value::Int(number) => exact.parts.push((BigInt::from(*number), 0)),
                Value::Big(number) => exact.parts.push((number.as_ref().clone(), 0)),
                Value::Float(number) => {
                    exact.has_floats = true;
                    if number.is_finite() {
                        exact.parts.push(dyadic(*number));
                    } else {
                        exact.special = Some(exact.special.unwrap_or(0.0) + number);
                    }
                }
                other => {
                    let kind = other.type_name();
                    return Err(EvalError::type_error(format!("can't convert type '{kind}' to numerator/denominator")));
                }
            }
        }
        Ok(exact)
    }

    /// The numbers times `2^shift`, which makes whole numbers of them.
    fn whole(self) -> (Vec<BigInt>, u64) {
        let least = self.parts.iter().map(|(_, exponent)| *exponent).min().unwrap_or(0).min(0);
        let lift = |(mantissa, exponent): (BigInt, i64)| mantissa << (exponent - least).unsigned_abs();
        (self.parts.into_iter().map(lift).collect(), least.unsigned_abs())
    }
}

/// The fraction as an integer where it is one and the data were integers, else as the nearest float.
fn convert(top: &BigInt, bottom: &BigInt, has_floats: bool) -> Outcome {
    if !has_floats && (top % bottom).is_zero() {
        return Ok(Value::big(top / bottom));
    }
    true_division(top, bottom)
}

fn mean(evaluator: &mut Evaluator<'_>, args: Args) -> Outcome {
    let items = evaluator.collect(args.one("mean")?)?;
    let exact = Exact::of(&items)?;
    if items.is_empty() {
        return Err(empty("mean requires at least one data point"));
    }
    if let Some(special) = exact.special {
        return Ok(Value::Float(special / items.len() as f64));
    }
    let has_floats = exact.has_floats;
    let (numbers, shift) = exact.whole();
    let bottom = BigInt::from(items.len()) << shift;
    convert(&numbers.iter().sum(), &bottom, has_floats)
}

fn fmean(evaluator: &mut Evaluator<'_>, args: Args) -> Outcome {
    let [data, weights] = args.bind("fmean", ["data", "weights"], 1)?;
    let items = evaluator.collect(data.unwrap_or_default())?;
    let Some(weights) = weights.filter(|weights| !weights.is_none()) else {
        if items.is_empty() {
            return Err(empty("fmean requires at least one data point"));
        }
        let count = items.len() as f64;
        return Ok(Value::Float(math::float_sum(&items)? / count));
    };
    let weights = evaluator.collect(weights)?;
    let pairs = items.iter().zip(&weights);
    let products: Vec<Value> =
        pairs.map(|(item, weight)| operator::binary(item, Operator::Mult, weight)).collect::<Result<_, _>>()?;
    let top = math::float_sum(&products)?;
    if items.len() != weights.len() {
        return Err(empty("data and weights must be the same length"));
    }
    match math::float_sum(&weights)? {
        0.0 => Err(empty("sum of weights must be non-zero")),
        bottom => Ok(Value::Float(top / bottom)),
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Middle {
    Mean,
    Low,
    High,
}

fn median(evaluator: &mut Evaluator<'_>, args: Args, middle: Middle) -> Outcome {
    let items = evaluator.collect(args.one("median")?)?;
    let items = sort(evaluator, items, None, false)?;
    let half = items.len() / 2;
    match items.len() {
        0 => Err(empty("no median for empty data")),
        count if count % 2 == 1 || middle == Middle::High => Ok(items[half].clone()),
        _ if middle == Middle::Low => Ok(items[half - 1].clone()),
        _ => {
            let sum = operator::binary(&items[half - 1], Operator::Add, &items[half])?;
            operator::binary(&sum, Operator::Div, &Value::Int(2))
        }
    }
}

fn quantiles(evaluator: &mut Evaluator<'_>, args: Args) -> Outcome {
    let [data, parts, method] = args.bind("quantiles", ["data", "n", "method"], 1)?;
    let parts = parts.map_or(Ok(4), |parts| index(&parts))?;
    if parts < 1 {
        return Err(empty("n must be at least 1"));
    }
    check_items(usize::try_from(parts).unwrap_or(usize::MAX))?;
    let items = evaluator.collect(data.unwrap_or_default())?;
    let items = sort(evaluator, items, None, false)?;
    let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
    if count < 2 {
        return Err(empty("must have at least two data points"));
    }
    let cut = |part: i64| -> Outcome {
        let (place, delta) = match method.as_ref().map_or(Some("exclusive"), Value::as_str) {
            Some("exclusive") => {
                let reached = part * (count + 1);
                let place = (reached / parts).clamp(1, count - 1);
                (place - 1, reached - place * parts)
            }
            Some("inclusive") => (part * (count - 1) / parts, part * (count - 1) % parts),
            _ => return Err(EvalError::value_error("Unknown method")),
        };
        let at =
            |place: i64| usize::try_from(place).ok().and_then(|place| items.get(place)).cloned().unwrap_or_default();
        let low = operator::binary(&at(place), Operator::Mult, &Value::Int(parts - delta))?;
        let high = operator::binary(&at(place + 1), Operator::Mult, &Value::Int(delta))?;
        operator::binary(&operator::binary(&low, Operator::Add, &high)?, Operator::Div, &Value::Int(parts))
    };
    (1..parts).map(cut).collect::<Result<Vec<_>, _>>().map(Value::list)
}

/// How often each value occurs, in the order of first appearance.
fn counts(evaluator: &mut Evaluator<'_>, args: Args, name: &str) -> Result<IndexMap<Value, usize>, EvalError> {
    let mut counts = IndexMap::new();
    for item in evaluator.collect(args.one(name)?)? {
        hashable(&item)?;
        *counts.entry(item).or_insert(0) += 1;
    }
    Ok(counts)
}

fn mode(evaluator: &mut Evaluator<'_>, args: Args) -> Outcome {
    let counts = counts(evaluator, args, "mode")?;
    let most = counts.values().copied().max().ok_or_else(|| empty("no mode for empty data"))?;
    let first = counts.into_iter().find(|(_, count)| *count == most);
    Ok(first.map(|(value, _)| value).unwrap_or_default())
}

fn multimode(evaluator: &mut Evaluator<'_>, args: Args) -> Outcome {
    let counts = counts(evaluator, args, "multimode")?;
    let most = counts.values().copied().max().unwrap_or(0);
    Ok(Value::list(counts.into_iter().filter(|(_, count)| *count == most).map(|(value, _)| value).collect()))
}

#[derive(Clone, Copy, PartialEq)]
enum Freedom {
    Sample,
    Population,
}

/// The mean square deviation as a fraction, or what infinities and NaNs make of it.
enum Spread {
    Fraction { top: BigInt, bottom: BigInt, has_floats: bool },
    Special(f64),
}

fn spread(evaluator: &mut Evaluator<'_>, args: Args, name: &str, freedom: Freedom) -> Result<Spread, EvalError> {
    let [data, center] = args.bind(name, ["data", if freedom == Freedom::Sample { "xbar" } else { "mu" }], 1)?;
    let mut items = evaluator.collect(data.unwrap_or_default())?;
    let center = center.filter(|center| !center.is_none());
    if let Some(center) = &center {
        items = items.iter().map(|item| square_of_distance(item, center)).collect::<Result<_, _>>()?;
    }
    let exact = Exact::of(&items)?;
    let count = items.len();
    let (least, words) = match freedom {
        Freedom::Sample => (2, "two data points"),
        Freedom::Population => (1, "one data point"),
    };
    if count < least {
        return Err(empty(&format!("{name} requires at least {words}")));
    }
    let degrees = if freedom == Freedom::Sample { count - 1 } else { count };
    if let Some(special) = exact.special {
        return Ok(Spread::Special(special / degrees as f64));
    }
    let has_floats = exact.has_floats;
    let (numbers, shift) = exact.whole();
    let sum: BigInt = numbers.iter().sum();
    if center.is_some() {
        return Ok(Spread::Fraction { top: sum, bottom: BigInt::from(degrees) << shift, has_floats });
    }
    let squares: BigInt = numbers.iter().map(|number| number * number).sum();
    let top = BigInt::from(count) * squares - &sum * &sum;
    let bottom = (BigInt::from(count) * BigInt::from(degrees)) << (2 * shift);
    Ok(Spread::Fraction { top, bottom, has_floats })
}

fn square_of_distance(item: &Value, center: &Value) -> Outcome {
    let distance = operator::binary(item, Operator::Sub, center)?;
    operator::binary(&distance, Operator::Mult, &distance)
}

fn variance(evaluator: &mut Evaluator<'_>, args: Args, name: &str, freedom: Freedom) -> Outcome {
    match spread(evaluator, args, name, freedom)? {
        Spread::Fraction { top, bottom, has_floats } => convert(&top, &bottom, has_floats),
        Spread::Special(special) => Ok(Value::Float(special)),
    }
}

fn deviation(evaluator: &mut Evaluator<'_>, args: Args, name: &str, freedom: Freedom) -> Outcome {
    match spread(evaluator, args, name, freedom)? {
        Spread::Fraction { top, bottom, .. } => square_root(top, bottom),
        // CPython asks the float for the numerator of a fraction.
        Spread::Special(_) => Err(EvalError::no_attribute("float", "numerator")),
    }
}

/// The square root of a fraction, rounded once: an integer root with two bits to spare, its last bit set
/// where the root is not exact, then one division.
fn square_root(top: BigInt, bottom: BigInt) -> Outcome {
    let bits = |number: &BigInt| i64::try_from(number.bits()).unwrap_or(i64::MAX);
    let shift = (bits(&top) - bits(&bottom) - 109).div_euclid(2);
    let root = |top: BigInt, bottom: BigInt| {
        let root = (&top / &bottom).sqrt();
        let exact = &root * &root * bottom == top;
        if exact { root } else { root | BigInt::one() }
    };
    let steps = shift.unsigned_abs();
    if shift >= 0 {
        true_division(&(root(top, bottom << (2 * steps)) << steps), &BigInt::one())
    } else {
        true_division(&root(top << (2 * steps), bottom), &(BigInt::one() << steps))
    }
}
