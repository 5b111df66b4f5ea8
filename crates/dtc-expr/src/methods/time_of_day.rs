//! Methods of times of day.

use super::dates::{isoformat, part, strftime, zone};
use super::{Method, out_of_range};
use crate::builtins::{Args, Outcome};
use crate::error::EvalError;
use crate::eval::Evaluator;
use crate::time::{Civil, DateTime, SECOND, TimeDelta};
use crate::value::Value;
use crate::value::object::Object;

pub(super) const TABLE: &[Method] = &[
    Method::read("isoformat", |evaluator, time, args| {
        let [precision] = args.bind("isoformat", ["timespec"], 0)?;
        let mut whole = Args::of([Value::str("T")]);
        whole.positional.extend(precision);
        let text = isoformat(evaluator, &Value::DateTime(of(time)?), whole)?.to_text();
        Ok(Value::str(text.split_once('T').map_or("", |(_, time)| time)))
    }),
    Method::read("strftime", |_, time, args| strftime(of(time)?, args)),
    Method::read("replace", replace),
    Method::read("utcoffset", |_, time, _| {
        let offset = of(time)?.offset;
        Ok(offset.map(|offset| TimeDelta { micros: i64::from(offset) * SECOND }).into())
    }),
    Method::read("tzname", |_, time, _| {
        let zone = of(time)?.offset.map(|offset| Value::object(Object::TimeZone(offset)).to_text());
        Ok(zone.into())
    }),
    Method::read("dst", |_, _, _| Ok(Value::None)),
];

fn of(value: &Value) -> Result<DateTime, EvalError> {
    if let Value::Object(object) = value
        && let Object::Time(time) = &**object
    {
        return Ok(*time);
    }
    Err(EvalError::type_error(format!("a time is needed, not {}", value.type_name())))
}

/// The time of day of a civil time.
pub(crate) fn made_time(civil: Civil, offset: Option<i32>) -> Outcome {
    let civil = Civil { year: 1900, month: 1, day: 1, ..civil };
    let time = DateTime::from_civil(civil, offset).map(|time| Value::object(Object::Time(time)));
    time.ok_or_else(|| EvalError::value_error(out_of_range(civil)))
}

fn replace(_: &mut Evaluator<'_>, time: &Value, args: Args) -> Outcome {
    let [hour, minute, second, micro, tzinfo] =
        args.bind("replace", ["hour", "minute", "second", "microsecond", "tzinfo"], 0)?;
    let time = of(time)?;
    let old = time.civil();
    let civil = Civil {
        hour: part(hour, old.hour)?,
        minute: part(minute, old.minute)?,
        second: part(second, old.second)?,
        micro: part(micro, old.micro)?,
        ..old
    };
    let offset = match tzinfo {
        Some(value) => zone(&value)?,
        None => time.offset,
    };
    made_time(civil, offset)
}
