//! `datetime`, `date`, `timedelta`, `timezone`, `dateutil.parser.parse`, `dateutil.tz` and our own
//! `parse_time`. Nothing here reads the clock: `now` and `today` are refused when compiling.

use std::sync::Arc;

use super::time_of_day;
use crate::builtins::numbers::to_float;
use crate::builtins::{Args, Builtin, Outcome, index};
use crate::error::EvalError;
use crate::eval::Evaluator;
use crate::methods::{made, micros_of_seconds, out_of_range, part, zone};
use crate::operator::span;
use crate::time::{Civil, DAY, Date, DateTime, Guess, SECOND, TimeDelta, is_directive_format, letters_to_directives};
use crate::value::Value;
use crate::value::object::Object;

pub(crate) static TYPES: &[Builtin] = &[
    Builtin::class(
        "datetime",
        "datetime",
        datetime,
        &[
            Builtin::function("strptime", strptime),
            Builtin::function("fromtimestamp", |_, args| from_timestamp(args, "fromtimestamp")),
            Builtin::function("utcfromtimestamp", |_, args| from_timestamp(args, "utcfromtimestamp")),
            Builtin::function("fromisoformat", from_iso),
            Builtin::function("combine", time_of_day::combine),
            Builtin::function("fromordinal", |_, args| {
                let date = ordinal(args)?;
                Ok(Value::DateTime(DateTime { micros: i64::from(date.days) * DAY, offset: None }))
            }),
        ],
    ),
    Builtin::class(
        "date",
        "datetime",
        date,
        &[
            Builtin::function("fromisoformat", date_from_iso),
            Builtin::function("fromordinal", |_, args| Ok(Value::object(Object::Date(ordinal(args)?)))),
            Builtin::function("fromtimestamp", |_, args| match from_timestamp(args, "fromtimestamp")? {
                Value::DateTime(time) => Ok(Value::object(Object::Date(time.date()))),
                other => Ok(other),
            }),
        ],
    ),
    Builtin::class("time", "datetime", time_of_day::time, &[Builtin::function("fromisoformat", time_of_day::from_iso)]),
    Builtin::class("timedelta", "datetime", timedelta, &[]),
    Builtin::class("timezone", "datetime", timezone, &[])
        .with_constants(&[("utc", || Value::object(Object::TimeZone(0)))]),
];

/// What asks the clock; a run must not depend on when it happens.
pub(crate) const CLOCK: [&str; 3] = ["now", "utcnow", "today"];

pub(super) static PARSER: &[Builtin] = &[Builtin::function("parse", parse), Builtin::function("isoparse", from_iso)];

pub(super) static ZONES: &[Builtin] = &[
    Builtin::function("tzutc", |_, _| Ok(Value::object(Object::TimeZone(0)))),
    Builtin::function("tzoffset", |_, args| {
        let [_, offset] = args.bind("tzoffset", ["name", "offset"], 2)?;
        match offset.unwrap_or_default() {
            Value::TimeDelta(delta) => Ok(Value::object(Object::TimeZone(seconds(delta)?))),
            other => {
                let micros = index(&other)?.saturating_mul(SECOND);
                Ok(Value::object(Object::TimeZone(seconds(TimeDelta { micros })?)))
            }
        }
    }),
];

/// Always in scope (ours, not Python's): fails to `None`.
pub(crate) static PARSE_TIME: &Builtin = &Builtin::function("parse_time", parse_time);

fn parse_time(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let [text, format] = args.bind("parse_time", ["text", "format"], 1)?;
    let text = match text.unwrap_or_default() {
        Value::Str(text) => text,
        time @ Value::DateTime(_) => return Ok(time),
        _ => return Ok(Value::None),
    };
    Ok(match format.unwrap_or_default() {
        Value::Str(format) if is_directive_format(&format) => DateTime::parse_format(&text, &format).into(),
        Value::Str(format) => DateTime::parse_format(&text, &letters_to_directives(&format)).into(),
        _ => DateTime::parse_iso(text.trim()).into(),
    })
}

fn parse(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let names = ["timestr", "parserinfo", "dayfirst", "yearfirst", "fuzzy", "ignoretz"];
    let [text, _, day_first, year_first, _, ignore] = args.bind("parse", names, 1)?;
    let text = text.unwrap_or_default();
    let Some(written) = text.as_str() else {
        return Err(EvalError::type_error(format!(
            "Parser must be a string or character stream, not {}",
            text.type_name().rsplit('.').next().unwrap_or_default()
        )));
    };
    let truthy = |value: Option<Value>| value.is_some_and(|value| value.is_truthy());
    let guess = Guess { day_first: truthy(day_first), year_first: truthy(year_first) };
    let time = DateTime::parse_with(written, guess).ok_or_else(|| {
        EvalError::value_error(if written.trim().is_empty() {
            "String does not contain a date: ".to_owned() + written
        } else {
            format!("Unknown string format: {written}")
        })
    })?;
    if truthy(ignore) {
        return Ok(Value::DateTime(DateTime { micros: time.wall(), offset: None }));
    }
    Ok(Value::DateTime(time))
}

fn datetime(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let names = ["year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo"];
    let [year, month, day, hour, minute, second, micro, tzinfo] = args.bind("datetime", names, 3)?;
    let civil = Civil {
        year: i32::try_from(part(year, 0)?).unwrap_or(0),
        month: part(month, 0)?,
        day: part(day, 0)?,
        hour: part(hour, 0)?,
        minute: part(minute, 0)?,
        second: part(second, 0)?,
        micro: part(micro, 0)?,
    };
    made(civil, tzinfo.map_or(Ok(None), |value| zone(&value))?)
}

fn date(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let [year, month, day] = args.bind("date", ["year", "month", "day"], 3)?;
    let year = i32::try_from(part(year, 0)?).unwrap_or(0);
    let civil = Civil::date(year, part(month, 0)?, part(day, 0)?);
    Date::new(civil.year, civil.month, civil.day)
        .map(|date| Value::object(Object::Date(date)))
        .ok_or_else(|| EvalError::value_error(out_of_range(civil)))
}

fn timedelta(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let names = ["days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"];
    let mut parts: [Option<Value>; 7] = args.bind("timedelta", names, 0)?;
    let (mut whole, mut rest) = (0i64, 0f64);
    // In Python's order, as fractions are added up in floats.
    let units = [(2, 1), (3, 1000), (1, SECOND), (4, 60 * SECOND), (5, 3600 * SECOND), (0, DAY), (6, 7 * DAY)];
    for (place, unit) in units {
        let Some(value) = parts[place].take() else { continue };
        let count = match value {
            Value::Float(number) => {
                let (micros, fraction) = of_units(number, unit)?;
                rest += fraction;
                Some(micros)
            }
            value @ (Value::Int(_) | Value::Bool(_) | Value::Big(_)) => index(&value)?.checked_mul(unit),
            other => {
                return Err(EvalError::type_error(format!(
                    "unsupported type for timedelta component: {}",
                    other.type_name()
                )));
            }
        };
        whole = count.and_then(|micros| whole.checked_add(micros)).ok_or_else(too_long)?;
    }
    let mut more = rest.round();
    if (more - rest).abs() == 0.5 {
        // Half way: to the even sum.
        let odd = (whole & 1) as f64;
        more = 2.0 * ((rest + odd) * 0.5).round() - odd;
    }
    span(whole.checked_add(more as i64))
}

/// The whole microseconds of a number of units, and what is left of one.
fn of_units(number: f64, unit: i64) -> Result<(i64, f64), EvalError> {
    if number.is_nan() {
        return Err(EvalError::value_error("cannot convert float NaN to integer"));
    }
    let whole = number.trunc();
    let micros = if whole.abs() < 9.2e18 { (whole as i64).checked_mul(unit) } else { None };
    let fraction = (number - whole) * unit as f64;
    let micros = micros.and_then(|micros| micros.checked_add(fraction.trunc() as i64));
    Ok((micros.ok_or_else(too_long)?, fraction - fraction.trunc()))
}

fn too_long() -> EvalError {
    EvalError::overflow("days of a timedelta out of range")
}

fn seconds(delta: TimeDelta) -> Result<i32, EvalError> {
    let seconds = delta.micros / SECOND;
    i32::try_from(seconds).ok().filter(|seconds| seconds.abs() < 86_400).ok_or_else(|| {
        EvalError::value_error(
            "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24)",
        )
    })
}

fn timezone(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let [offset] = args.bind("timezone", ["offset"], 1)?;
    match offset.unwrap_or_default() {
        Value::TimeDelta(delta) => Ok(Value::object(Object::TimeZone(seconds(delta)?))),
        other => Err(EvalError::type_error(format!(
            "timezone() argument 1 must be datetime.timedelta, not {}",
            other.type_name()
        ))),
    }
}

fn texts(args: Args, name: &str) -> Result<(Arc<str>, Arc<str>), EvalError> {
    let [text, format] = args.bind(name, ["", ""], 2)?;
    match (text.unwrap_or_default(), format.unwrap_or_default()) {
        (Value::Str(text), Value::Str(format)) => Ok((text, format)),
        (Value::Str(_), other) | (other, _) => {
            Err(EvalError::type_error(format!("{name}() argument must be str, not {}", other.type_name())))
        }
    }
}

fn strptime(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let (text, format) = texts(args, "strptime")?;
    DateTime::parse_format(&text, &format).map(Value::DateTime).ok_or_else(|| {
        EvalError::value_error(format!(
            "time data {} does not match format {}",
            Value::Str(text).repr(),
            Value::Str(format).repr()
        ))
    })
}

/// Without a zone, Python shows local time; here the local zone is UTC wherever it runs.
fn from_timestamp(args: Args, name: &str) -> Outcome {
    let [stamp, tz] = args.bind(name, ["timestamp", "tz"], 1)?;
    let stamp = stamp.unwrap_or_default();
    let offset = tz.map_or(Ok(None), |value| zone(&value))?;
    let micros = match &stamp {
        Value::Int(seconds) => seconds.checked_mul(SECOND),
        Value::Float(number) if number.is_nan() => {
            return Err(EvalError::value_error("cannot convert float NaN to integer"));
        }
        Value::Float(number) => micros_of_seconds(*number),
        Value::Bool(_) | Value::Big(_) => index(&to_float(&stamp).and(Ok(stamp.clone()))?)?.checked_mul(SECOND),
        other => {
            return Err(EvalError::type_error(format!(
                "'{}' object cannot be interpreted as an integer",
                other.type_name()
            )));
        }
    };
    let zero = TimeDelta { micros: 0 };
    micros
        .and_then(|micros| DateTime { micros, offset }.add(zero))
        .map(Value::DateTime)
        .ok_or_else(|| EvalError::value_error("year is out of range"))
}

fn text_of(args: Args, name: &str) -> Result<Arc<str>, EvalError> {
    match args.one(name)? {
        Value::Str(text) => Ok(text),
        _ => Err(EvalError::type_error(format!("{name}: argument must be str"))),
    }
}

fn from_iso(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let text = text_of(args, "fromisoformat")?;
    DateTime::parse_iso(&text)
        .map(Value::DateTime)
        .ok_or_else(|| EvalError::value_error(format!("Invalid isoformat string: {}", Value::Str(text).repr())))
}

fn date_from_iso(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let text = text_of(args, "fromisoformat")?;
    DateTime::parse_iso(&text)
        .filter(|_| text.len() <= 10)
        .map(|time| Value::object(Object::Date(time.date())))
        .ok_or_else(|| EvalError::value_error(format!("Invalid isoformat string: {}", Value::Str(text).repr())))
}

fn ordinal(args: Args) -> Result<Date, EvalError> {
    let number = index(&args.one("fromordinal")?)?;
    Date::from_ordinal(number).ok_or_else(|| EvalError::value_error("ordinal must be >= 1"))
}
