//! Methods of datetime, date and timedelta.

use super::Method;
use super::time_of_day::made_time;
use crate::builtins::{Args, Outcome, index};
use crate::error::EvalError;
use crate::eval::Evaluator;
use crate::time::{Civil, DAY, Date, DateTime, SECOND, format_time};
use crate::value::Value;
use crate::value::object::Object;

pub(super) const DATETIME: &[Method] = &[
    Method::read("date", |_, time, _| Ok(Value::object(Object::Date(of(time)?.date())))),
    Method::read("time", |_, time, _| {
        let time = of(time)?;
        made_time(DateTime { micros: time.wall(), offset: None }.civil(), None)
    }),
    Method::read("timetz", |_, time, _| {
        let time = of(time)?;
        made_time(time.civil(), time.offset)
    }),
    Method::read("dst", |_, _, _| Ok(Value::None)),
    Method::read("isoformat", isoformat),
    Method::read("strftime", |_, time, args| strftime(of(time)?, args)),
    Method::read("timestamp", |_, time, _| Ok(Value::Float(of(time)?.micros as f64 / 1e6))),
    Method::read("weekday", |_, time, _| Ok(Value::Int(of(time)?.date().weekday()))),
    Method::read("isoweekday", |_, time, _| Ok(Value::Int(of(time)?.date().weekday() + 1))),
    Method::read("isocalendar", |_, time, _| Ok(iso_calendar(of(time)?.date()))),
    Method::read("toordinal", |_, time, _| Ok(Value::Int(of(time)?.date().ordinal()))),
    Method::read("replace", replace),
    Method::read("astimezone", astimezone),
    Method::read("utcoffset", |_, time, _| {
        let offset = of(time)?.offset;
        Ok(offset.map(|offset| crate::time::TimeDelta { micros: i64::from(offset) * SECOND }).into())
    }),
    Method::read("tzname", |_, time, _| {
        let zone = of(time)?.offset.map(|offset| Value::object(Object::TimeZone(offset)).to_text());
        Ok(zone.into())
    }),
    Method::read("ctime", |_, time, _| Ok(Value::from(format_time(of(time)?, "%a %b %e %H:%M:%S %Y")))),
];

pub(super) const DATE: &[Method] = &[
    Method::read("isoformat", |_, date, _| Ok(Value::from(date_of(date)?.iso()))),
    Method::read("strftime", |_, date, args| strftime(midnight(date_of(date)?), args)),
    Method::read("weekday", |_, date, _| Ok(Value::Int(date_of(date)?.weekday()))),
    Method::read("isoweekday", |_, date, _| Ok(Value::Int(date_of(date)?.weekday() + 1))),
    Method::read("isocalendar", |_, date, _| Ok(iso_calendar(date_of(date)?))),
    Method::read("toordinal", |_, date, _| Ok(Value::Int(date_of(date)?.ordinal()))),
    Method::read("ctime", |_, date, _| Ok(Value::from(format_time(midnight(date_of(date)?), "%a %b %e %H:%M:%S %Y")))),
    Method::read("replace", replace_date),
];

pub(super) const TIMEDELTA: &[Method] = &[Method::read("total_seconds", |_, delta, _| match delta {
    Value::TimeDelta(delta) => Ok(Value::Float(delta.total_seconds())),
    other => Err(EvalError::no_attribute(other.type_name(), "total_seconds")),
})];

fn of(value: &Value) -> Result<DateTime, EvalError> {
    match value {
        Value::DateTime(time) => Ok(*time),
        other => Err(EvalError::type_error(format!("a datetime is needed, not {}", other.type_name()))),
    }
}

fn date_of(value: &Value) -> Result<Date, EvalError> {
    match value {
        Value::DateTime(time) => return Ok(time.date()),
        Value::Object(object) => {
            if let Object::Date(date) = &**object {
                return Ok(*date);
            }
        }
        _ => {}
    }
    Err(EvalError::type_error(format!("a date is needed, not {}", value.type_name())))
}

fn midnight(date: Date) -> DateTime {
    DateTime { micros: i64::from(date.days) * DAY, offset: None }
}

pub(super) fn strftime(time: DateTime, args: Args) -> Outcome {
    let [format] = args.bind("strftime", ["format"], 1)?;
    let format = format.unwrap_or_default();
    let Some(format) = format.as_str() else {
        return Err(EvalError::type_error(format!("strftime() argument 1 must be str, not {}", format.type_name())));
    };
    Ok(Value::from(format_time(time, format)))
}

pub(super) fn isoformat(_: &mut Evaluator<'_>, time: &Value, args: Args) -> Outcome {
    let [separator, precision] = args.bind("isoformat", ["sep", "timespec"], 0)?;
    let time = of(time)?;
    let separator = separator.unwrap_or_else(|| Value::str("T"));
    let mut characters = separator.as_str().unwrap_or_default().chars();
    let (Some(separator), None) = (characters.next(), characters.next()) else {
        return Err(EvalError::type_error("isoformat() argument 1 must be a unicode character"));
    };
    let precision = precision.unwrap_or_else(|| Value::str("auto"));
    let fraction = match precision.as_str() {
        Some("auto") => return Ok(Value::from(time.text(separator))),
        Some("hours") => "%H".to_owned(),
        Some("minutes") => "%H:%M".to_owned(),
        Some("seconds") => "%H:%M:%S".to_owned(),
        Some("milliseconds") => format!("%H:%M:%S.{:03}", time.civil().micro / 1000),
        Some("microseconds") => "%H:%M:%S.%f".to_owned(),
        Some(_) => return Err(EvalError::value_error("Unknown timespec value")),
        None => {
            let kind = precision.type_name();
            return Err(EvalError::type_error(format!("isoformat() argument must be str, not {kind}")));
        }
    };
    let zone = time.offset.map_or(String::new(), crate::time::offset_text);
    let date = time.date().iso();
    Ok(Value::from(format!("{date}{separator}{}{zone}", format_time(time, &fraction))))
}

fn iso_calendar(date: Date) -> Value {
    let (year, week, day) = date.iso_calendar();
    Value::tuple(vec![Value::Int(year), Value::Int(week), Value::Int(day)])
}

/// A calendar field given as an argument, or what was there.
pub(crate) fn part(value: Option<Value>, old: u32) -> Result<u32, EvalError> {
    value.map_or(Ok(old), |value| Ok(u32::try_from(index(&value)?).unwrap_or(u32::MAX)))
}

/// `tzinfo=…`: a zone or `None`.
pub(crate) fn zone(value: &Value) -> Result<Option<i32>, EvalError> {
    match value {
        Value::None => Ok(None),
        Value::Object(object) => match &**object {
            Object::TimeZone(offset) => Ok(Some(*offset)),
            _ => Err(no_zone(value)),
        },
        other => Err(no_zone(other)),
    }
}

fn no_zone(value: &Value) -> EvalError {
    EvalError::type_error(format!(
        "tzinfo argument must be None or of a tzinfo subclass, not type '{}'",
        value.type_name()
    ))
}

fn replace(_: &mut Evaluator<'_>, time: &Value, args: Args) -> Outcome {
    let names = ["year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo"];
    let [year, month, day, hour, minute, second, micro, tzinfo] = args.bind("replace", names, 0)?;
    let time = of(time)?;
    let old = time.civil();
    let civil = Civil {
        year: i32::try_from(part(year, u32::try_from(old.year).unwrap_or(1))?).unwrap_or(0),
        month: part(month, old.month)?,
        day: part(day, old.day)?,
        hour: part(hour, old.hour)?,
        minute: part(minute, old.minute)?,
        second: part(second, old.second)?,
        micro: part(micro, old.micro)?,
    };
    let offset = match tzinfo {
        Some(value) => zone(&value)?,
        None => time.offset,
    };
    made(civil, offset)
}

/// A datetime from fields that may be out of range.
pub(crate) fn made(civil: Civil, offset: Option<i32>) -> Outcome {
    DateTime::from_civil(civil, offset).map(Value::DateTime).ok_or_else(|| EvalError::value_error(out_of_range(civil)))
}

/// Python names the first field that is wrong.
pub(crate) fn out_of_range(civil: Civil) -> String {
    if !(1..=9999).contains(&civil.year) {
        return format!("year {} is out of range", civil.year);
    }
    if !(1..=12).contains(&civil.month) {
        return "month must be in 1..12".to_owned();
    }
    if !(1..=crate::time::days_in_month(civil.year, civil.month)).contains(&civil.day) {
        return "day is out of range for month".to_owned();
    }
    let limits = [("hour", civil.hour, 23), ("minute", civil.minute, 59), ("second", civil.second, 59)];
    let wrong = limits.iter().find(|(_, value, most)| value > most);
    wrong.map_or_else(
        || "microsecond must be in 0..999999".to_owned(),
        |(name, _, most)| format!("{name} must be in 0..{most}"),
    )
}

fn replace_date(_: &mut Evaluator<'_>, date: &Value, args: Args) -> Outcome {
    let [year, month, day] = args.bind("replace", ["year", "month", "day"], 0)?;
    let (old_year, old_month, old_day) = date_of(date)?.fields();
    let year = part(year, u32::try_from(old_year).unwrap_or(1))?;
    let civil = Civil::date(i32::try_from(year).unwrap_or(0), part(month, old_month)?, part(day, old_day)?);
    Date::new(civil.year, civil.month, civil.day)
        .map(|date| Value::object(Object::Date(date)))
        .ok_or_else(|| EvalError::value_error(out_of_range(civil)))
}

/// Naive datetimes are taken as UTC: there is no local zone here.
fn astimezone(_: &mut Evaluator<'_>, time: &Value, args: Args) -> Outcome {
    let [tz] = args.bind("astimezone", ["tz"], 0)?;
    let time = of(time)?.or_utc();
    let offset = match tz {
        Some(value) => zone(&value)?.unwrap_or(0),
        None => 0,
    };
    Ok(Value::DateTime(DateTime { offset: Some(offset), ..time }))
}
