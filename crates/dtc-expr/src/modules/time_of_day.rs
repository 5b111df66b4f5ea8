//! `datetime.time`, and `datetime.combine` of a date and a time.

use crate::builtins::{Args, Outcome};
use crate::error::EvalError;
use crate::eval::Evaluator;
use crate::methods::{made, made_time, part, zone};
use crate::time::{Civil, DateTime};
use crate::value::Value;
use crate::value::object::Object;

pub(super) fn time(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let names = ["hour", "minute", "second", "microsecond", "tzinfo"];
    let [hour, minute, second, micro, tzinfo] = args.bind("time", names, 0)?;
    let civil = Civil {
        hour: part(hour, 0)?,
        minute: part(minute, 0)?,
        second: part(second, 0)?,
        micro: part(micro, 0)?,
        ..Civil::date(1900, 1, 1)
    };
    made_time(civil, tzinfo.map_or(Ok(None), |value| zone(&value))?)
}

pub(super) fn from_iso(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let text = args.one("fromisoformat")?;
    let Some(written) = text.as_str() else {
        return Err(EvalError::type_error("fromisoformat: argument must be str"));
    };
    let plain = written.strip_prefix('T').unwrap_or(written);
    let time = DateTime::parse_iso(&format!("1900-01-01T{plain}")).filter(|_| !plain.is_empty());
    let time = time.map(|time| Value::object(Object::Time(time)));
    time.ok_or_else(|| EvalError::value_error(format!("Invalid isoformat string: {}", text.repr())))
}

pub(super) fn combine(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let [date, time, tzinfo] = args.bind("combine", ["date", "time", "tzinfo"], 2)?;
    let (date, time) = (date.unwrap_or_default(), time.unwrap_or_default());
    let day = match &date {
        Value::DateTime(time) => Some(time.date()),
        Value::Object(object) => match &**object {
            Object::Date(date) => Some(*date),
            _ => None,
        },
        _ => None,
    };
    let of_day = match &time {
        Value::Object(object) => match &**object {
            Object::Time(time) => Some(*time),
            _ => None,
        },
        _ => None,
    };
    let (Some(day), Some(of_day)) = (day, of_day) else {
        let kinds = (date.type_name(), time.type_name());
        return Err(EvalError::type_error(format!(
            "combine() needs a date and a time, not {} and {}",
            kinds.0, kinds.1
        )));
    };
    let (year, month, day) = day.fields();
    let offset = tzinfo.map_or(Ok(of_day.offset), |value| zone(&value))?;
    made(Civil { year, month, day, ..of_day.civil() }, offset)
}
