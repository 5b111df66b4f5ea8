//! Attributes that are values (`time.hour`, `delta.days`, `type.__name__`) and the numbers' methods.

use num_bigint::BigInt;
use num_traits::Signed;

use super::Method;
use crate::error::EvalError;
use crate::time::SECOND;
use crate::value::Value;
use crate::value::object::Object;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Property {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    Microsecond,
    Zone,
    Fold,
    Days,
    Seconds,
    Microseconds,
    Start,
    Stop,
    Step,
    Real,
    Imaginary,
    Numerator,
    Denominator,
    TypeName,
    Pattern,
    Flags,
    Groups,
    GroupIndex,
    Text,
    Expression,
    SearchStart,
    SearchEnd,
    LastIndex,
    LastGroup,
}

const NAMES: [(&str, Property); 30] = [
    ("year", Property::Year),
    ("month", Property::Month),
    ("day", Property::Day),
    ("hour", Property::Hour),
    ("minute", Property::Minute),
    ("second", Property::Second),
    ("microsecond", Property::Microsecond),
    ("tzinfo", Property::Zone),
    ("fold", Property::Fold),
    ("days", Property::Days),
    ("seconds", Property::Seconds),
    ("microseconds", Property::Microseconds),
    ("start", Property::Start),
    ("stop", Property::Stop),
    ("step", Property::Step),
    ("real", Property::Real),
    ("imag", Property::Imaginary),
    ("numerator", Property::Numerator),
    ("denominator", Property::Denominator),
    ("__name__", Property::TypeName),
    ("pattern", Property::Pattern),
    ("flags", Property::Flags),
    ("groups", Property::Groups),
    ("groupindex", Property::GroupIndex),
    ("string", Property::Text),
    ("re", Property::Expression),
    ("pos", Property::SearchStart),
    ("endpos", Property::SearchEnd),
    ("lastindex", Property::LastIndex),
    ("lastgroup", Property::LastGroup),
];

impl Property {
    pub(crate) fn named(name: &str) -> Option<Property> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, property)| *property)
    }
}

/// The property of a value, if it has it.
pub(crate) fn property(value: &Value, property: Property) -> Option<Value> {
    let number = |number: u32| Value::Int(i64::from(number));
    match value {
        Value::DateTime(time) => {
            let civil = time.civil();
            Some(match property {
                Property::Year => Value::Int(i64::from(civil.year)),
                Property::Month => number(civil.month),
                Property::Day => number(civil.day),
                Property::Hour => number(civil.hour),
                Property::Minute => number(civil.minute),
                Property::Second => number(civil.second),
                Property::Microsecond => number(civil.micro),
                Property::Zone => time.offset.map_or(Value::None, |offset| Value::object(Object::TimeZone(offset))),
                Property::Fold => Value::Int(0),
                _ => return None,
            })
        }
        Value::TimeDelta(delta) => {
            let (days, seconds, micros) = delta.parts();
            Some(Value::Int(match property {
                Property::Days => days,
                Property::Seconds => seconds,
                Property::Microseconds => micros,
                _ => return None,
            }))
        }
        Value::Bool(_) | Value::Int(_) | Value::Big(_) => match property {
            Property::Real | Property::Numerator => crate::builtins::numbers::to_int(value).ok(),
            Property::Imaginary => Some(Value::Int(0)),
            Property::Denominator => Some(Value::Int(1)),
            _ => None,
        },
        Value::Float(float) => match property {
            Property::Real => Some(Value::Float(*float)),
            Property::Imaginary => Some(Value::Float(0.0)),
            _ => None,
        },
        Value::Object(object) => of_object(object, property),
        _ => None,
    }
}

fn of_object(object: &Object, property: Property) -> Option<Value> {
    match object {
        Object::Date(date) => {
            let (year, month, day) = date.fields();
            Some(Value::Int(match property {
                Property::Year => i64::from(year),
                Property::Month => i64::from(month),
                Property::Day => i64::from(day),
                _ => return None,
            }))
        }
        Object::Time(time) => match property {
            Property::Year | Property::Month | Property::Day => None,
            _ => self::property(&Value::DateTime(*time), property),
        },
        Object::Range(range) => Some(Value::Int(match property {
            Property::Start => range.start,
            Property::Stop => range.stop,
            Property::Step => range.step,
            _ => return None,
        })),
        Object::Builtin(builtin) if property == Property::TypeName => Some(Value::str(builtin.name)),
        Object::Method(_, member) | Object::Unbound(_, member) if property == Property::TypeName => {
            Some(Value::Str(member.name.clone()))
        }
        Object::Pattern(pattern) => super::pattern::of_pattern(pattern, property),
        Object::Match(matched) => super::pattern::of_match(matched, property),
        Object::Lambda(_) if property == Property::TypeName => Some(Value::str("<lambda>")),
        Object::Module(module) if property == Property::TypeName => Some(Value::str(module.name)),
        _ => None,
    }
}

/// Each type's properties, with the dotted name of the type's page.
#[cfg(test)]
pub(crate) fn names() -> impl Iterator<Item = (&'static str, &'static str)> {
    use crate::time::{DateTime, TimeDelta};
    let time = DateTime { micros: 0, offset: None };
    let range = crate::value::object::Range { start: 0, stop: 1, step: 1 };
    let owners = [
        ("datetime.datetime", Value::DateTime(time)),
        ("datetime.date", Value::object(Object::Date(time.date()))),
        ("datetime.time", Value::object(Object::Time(time))),
        ("datetime.timedelta", Value::TimeDelta(TimeDelta { micros: 0 })),
        ("int", Value::Int(1)),
        ("float", Value::Float(1.0)),
        ("range", Value::object(Object::Range(range))),
        ("type", crate::builtins::find("int").map_or(Value::None, crate::builtins::Builtin::value)),
    ];
    let mut scope = crate::Scope::new();
    scope.add_import("re", &[], &crate::Functions::default()).expect("the module exists");
    let value = |text: &str| {
        let program = crate::compile(text, &scope).expect("it compiles");
        program.eval(&mut crate::Frame::default()).expect("it runs")
    };
    let found = [("re.Pattern", value("re.compile('a')")), ("re.Match", value("re.match('a', 'a')"))];
    let owners = owners.into_iter().chain(found);
    owners.flat_map(|(owner, value)| {
        let own = NAMES.iter().filter(move |(_, kind)| property(&value, *kind).is_some());
        own.map(move |(name, _)| (owner, *name)).collect::<Vec<_>>()
    })
}

pub(super) const INT: &[Method] = &[
    Method::read("bit_length", |_, value, _| {
        let bits = match value {
            Value::Big(number) => number.bits(),
            Value::Int(number) => BigInt::from(*number).abs().bits(),
            other => u64::from(other.is_truthy()),
        };
        Ok(Value::Int(i64::try_from(bits).unwrap_or(i64::MAX)))
    }),
    Method::read("conjugate", |_, value, _| crate::builtins::numbers::to_int(value)),
];

pub(super) const FLOAT: &[Method] = &[
    Method::read("is_integer", |_, value, _| match value {
        Value::Float(number) => Ok(Value::Bool(number.is_finite() && number.fract() == 0.0)),
        other => Err(EvalError::no_attribute(other.type_name(), "is_integer")),
    }),
    Method::read("conjugate", |_, value, _| Ok(value.clone())),
];

/// Microseconds of a count of seconds given as a float: the fraction alone is rounded, to the nearest even.
pub(crate) fn micros_of_seconds(seconds: f64) -> Option<i64> {
    let whole = seconds.trunc();
    let micros = ((seconds - whole) * SECOND as f64).round_ties_even();
    let whole = if whole.abs() < 9.0e12 { whole as i64 } else { return None };
    whole.checked_mul(SECOND)?.checked_add(micros as i64)
}
