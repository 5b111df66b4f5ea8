//! Arrow's arrays as our values, by column (docs/INPUTS.md says what becomes what). Times become the ISO 8601
//! texts that JSON would hold, so that one document reads both.

use std::ops::Range;

use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Decimal128Type, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type,
    Int32Type, Int64Type, Time32MillisecondType, Time32SecondType, Time64MicrosecondType, Time64NanosecondType,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{
    Array, BooleanArray, FixedSizeListArray, GenericListArray, GenericStringArray, MapArray, OffsetSizeTrait,
    PrimitiveArray, StructArray,
};
use arrow_schema::{DataType as Kind, TimeUnit};
use dtc_expr::{DateTime, Dict, Value};
use num_bigint::BigInt;

use super::super::interner::Interner;
use crate::json::cell_text;

const SECOND: i128 = 1_000_000;
/// Python's years 1 to 9999, in microseconds from 1970.
const TIMES: Range<i128> = -62_135_596_800 * SECOND..253_402_300_800 * SECOND;

type Values = Result<Vec<Value>, String>;

/// The values of some rows of a column.
pub(super) fn values(array: &dyn Array, rows: Range<usize>, interner: &mut Interner) -> Values {
    match array.data_type() {
        Kind::Null => Ok(vec![Value::None; rows.len()]),
        Kind::Boolean => {
            let flags: &BooleanArray = cast(array)?;
            Ok(each(array, rows, |row| Value::Bool(flags.value(row))))
        }
        Kind::Utf8 => texts::<i32>(cast(array)?, rows, interner),
        Kind::LargeUtf8 => texts::<i64>(cast(array)?, rows, interner),
        Kind::Struct(_) => structs(cast(array)?, rows, interner),
        Kind::List(_) => lists::<i32>(cast(array)?, rows, interner),
        Kind::LargeList(_) => lists::<i64>(cast(array)?, rows, interner),
        Kind::FixedSizeList(_, size) => {
            let lists: &FixedSizeListArray = cast(array)?;
            let size = usize::try_from(*size).map_err(|_| "a list of less than nothing")?;
            let items = entries(array, lists.values().as_ref(), &rows, |row| row * size..(row + 1) * size, interner)?;
            Ok(items.into_iter().map(|items| items.map_or(Value::None, Value::list)).collect())
        }
        Kind::Map(..) => {
            let maps: &MapArray = cast(array)?;
            let bounds = |row: usize| maps.value_offsets()[row] as usize..maps.value_offsets()[row + 1] as usize;
            let entries = entries(array, maps.entries(), &rows, bounds, interner)?;
            Ok(entries.into_iter().map(|items| items.map_or(Value::None, map)).collect())
        }
        _ => plain(array, rows),
    }
}

/// Numbers, and what is stored as one.
fn plain(array: &dyn Array, rows: Range<usize>) -> Values {
    match array.data_type() {
        Kind::Int8 => numbers::<Int8Type>(array, rows, |number| Value::Int(number.into())),
        Kind::Int16 => numbers::<Int16Type>(array, rows, |number| Value::Int(number.into())),
        Kind::Int32 => numbers::<Int32Type>(array, rows, |number| Value::Int(number.into())),
        Kind::Int64 => numbers::<Int64Type>(array, rows, Value::Int),
        Kind::UInt8 => numbers::<UInt8Type>(array, rows, |number| Value::Int(number.into())),
        Kind::UInt16 => numbers::<UInt16Type>(array, rows, |number| Value::Int(number.into())),
        Kind::UInt32 => numbers::<UInt32Type>(array, rows, |number| Value::Int(number.into())),
        Kind::UInt64 => numbers::<UInt64Type>(array, rows, |number| Value::big(BigInt::from(number))),
        Kind::Float16 => numbers::<Float16Type>(array, rows, |number| Value::Float(number.to_f64())),
        Kind::Float32 => numbers::<Float32Type>(array, rows, |number| Value::Float(number.into())),
        Kind::Float64 => numbers::<Float64Type>(array, rows, Value::Float),
        Kind::Decimal128(_, scale) => {
            let scale = *scale;
            numbers::<Decimal128Type>(array, rows, |number| decimal(number, scale))
        }
        Kind::Date32 => numbers::<Date32Type>(array, rows, |days| time(i128::from(days) * 86_400 * SECOND, None, ..10)),
        Kind::Timestamp(unit, zone) => {
            let (unit, offset) = (*unit, zone.as_ref().map(|_| 0));
            let value = |count: i64| time(micros(count, unit), offset, ..);
            match unit {
                TimeUnit::Second => numbers::<TimestampSecondType>(array, rows, value),
                TimeUnit::Millisecond => numbers::<TimestampMillisecondType>(array, rows, value),
                TimeUnit::Microsecond => numbers::<TimestampMicrosecondType>(array, rows, value),
                TimeUnit::Nanosecond => numbers::<TimestampNanosecondType>(array, rows, value),
            }
        }
        Kind::Time32(unit) | Kind::Time64(unit) => {
            let unit = *unit;
            let value = |count: i64| time(micros(count, unit), None, 11..);
            match unit {
                TimeUnit::Second => numbers::<Time32SecondType>(array, rows, |count| value(count.into())),
                TimeUnit::Millisecond => numbers::<Time32MillisecondType>(array, rows, |count| value(count.into())),
                TimeUnit::Microsecond => numbers::<Time64MicrosecondType>(array, rows, value),
                TimeUnit::Nanosecond => numbers::<Time64NanosecondType>(array, rows, value),
            }
        }
        other => Err(format!("{other} is not known")),
    }
}

fn cast<T: 'static>(array: &dyn Array) -> Result<&T, String> {
    array.as_any().downcast_ref().ok_or_else(|| format!("{:?} is stored as something else", array.data_type()))
}

fn each(array: &dyn Array, rows: Range<usize>, mut value: impl FnMut(usize) -> Value) -> Vec<Value> {
    rows.map(|row| if array.is_null(row) { Value::None } else { value(row) }).collect()
}

fn texts<O: OffsetSizeTrait>(array: &GenericStringArray<O>, rows: Range<usize>, interner: &mut Interner) -> Values {
    Ok(each(array, rows, |row| interner.text(array.value(row))))
}

fn numbers<T: ArrowPrimitiveType>(array: &dyn Array, rows: Range<usize>, value: impl Fn(T::Native) -> Value) -> Values {
    let numbers: &PrimitiveArray<T> = cast(array)?;
    Ok(each(array, rows, |row| value(numbers.value(row))))
}

/// Exact where nothing stands after the point, else the nearest float, as a number of JSON is.
fn decimal(number: i128, scale: i8) -> Value {
    if scale == 0 {
        return Value::big(BigInt::from(number));
    }
    format!("{number}e{}", -i32::from(scale)).parse().map_or(Value::None, Value::Float)
}

/// Finer parts than microseconds are cut off.
fn micros(count: i64, unit: TimeUnit) -> i128 {
    let count = i128::from(count);
    match unit {
        TimeUnit::Second => count * SECOND,
        TimeUnit::Millisecond => count * 1000,
        TimeUnit::Microsecond => count,
        TimeUnit::Nanosecond => count.div_euclid(1000),
    }
}

/// A part of the ISO text; beyond the years 1 to 9999 there is none.
fn time(micros: i128, offset: Option<i32>, part: impl std::slice::SliceIndex<str, Output = str>) -> Value {
    if !TIMES.contains(&micros) {
        return Value::None;
    }
    let text = DateTime { micros: micros as i64, offset }.isoformat();
    text.get(part).map_or(Value::None, Value::str)
}

fn structs(array: &StructArray, rows: Range<usize>, interner: &mut Interner) -> Values {
    let names: Vec<Value> = array.fields().iter().map(|field| Value::str(field.name())).collect();
    let mut columns = Vec::with_capacity(names.len());
    for column in array.columns() {
        columns.push(values(column.as_ref(), rows.clone(), interner)?.into_iter());
    }
    let row = |row: usize| {
        let fields: Dict =
            names.iter().cloned().zip(columns.iter_mut().map(|values| values.next().unwrap_or_default())).collect();
        if array.is_null(row) { Value::None } else { Value::dict(fields) }
    };
    Ok(rows.map(row).collect())
}

fn lists<O: OffsetSizeTrait>(array: &GenericListArray<O>, rows: Range<usize>, interner: &mut Interner) -> Values {
    let offsets = array.value_offsets();
    let bounds = |row: usize| offsets[row].as_usize()..offsets[row + 1].as_usize();
    let items = entries(array, array.values().as_ref(), &rows, bounds, interner)?;
    Ok(items.into_iter().map(|items| items.map_or(Value::None, Value::list)).collect())
}

/// The items of each row's list; `None` where the row has none.
fn entries(
    array: &dyn Array,
    inner: &dyn Array,
    rows: &Range<usize>,
    bounds: impl Fn(usize) -> Range<usize>,
    interner: &mut Interner,
) -> Result<Vec<Option<Vec<Value>>>, String> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let items = values(inner, bounds(rows.start).start..bounds(rows.end - 1).end, interner)?;
    Ok(split(array, rows.clone(), items, |row| bounds(row).len()))
}

fn split(
    array: &dyn Array,
    rows: Range<usize>,
    items: Vec<Value>,
    length: impl Fn(usize) -> usize,
) -> Vec<Option<Vec<Value>>> {
    let mut items = items.into_iter();
    rows.map(|row| {
        let own: Vec<Value> = items.by_ref().take(length(row)).collect();
        (!array.is_null(row)).then_some(own)
    })
    .collect()
}

/// Entries of a key and a value as a dict; keys are texts, as in JSON.
fn map(entries: Vec<Value>) -> Value {
    let entry = |entry: Value| match entry {
        Value::Dict(_, pair) => {
            let mut parts = pair.values().cloned();
            let key = parts.next().as_ref().and_then(cell_text)?;
            Some((Value::str(&key), parts.next().unwrap_or_default()))
        }
        _ => None,
    };
    Value::dict(entries.into_iter().filter_map(entry).collect())
}
