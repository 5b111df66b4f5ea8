//! Arrow's arrays as our values, by column (docs/INPUTS.md says what becomes what). Times become the ISO 8601
//! texts that JSON would hold, so that one document reads both.

use std::ops::Range;

use dtc_expr::{DateTime, Dict, Value};
use num_bigint::BigInt;
use polars_arrow::array::{
    Array, BooleanArray, FixedSizeListArray, ListArray, MapArray, PrimitiveArray, StructArray, Utf8Array, Utf8ViewArray,
};
use polars_arrow::datatypes::{ArrowDataType as Kind, TimeUnit};
use polars_arrow::offset::Offset;
use polars_arrow::types::NativeType;

use super::super::interner::Interner;
use crate::json::cell_text;

const SECOND: i128 = 1_000_000;
/// Python's years 1 to 9999, in microseconds from 1970.
const TIMES: Range<i128> = -62_135_596_800 * SECOND..253_402_300_800 * SECOND;

type Values = Result<Vec<Value>, String>;

/// The values of some rows of a column.
pub(super) fn values(array: &dyn Array, rows: Range<usize>, interner: &mut Interner) -> Values {
    match array.dtype() {
        Kind::Null => Ok(vec![Value::None; rows.len()]),
        Kind::Boolean => {
            let flags: &BooleanArray = cast(array)?;
            Ok(each(array, rows, |row| Value::Bool(flags.value(row))))
        }
        Kind::Utf8View => {
            let texts: &Utf8ViewArray = cast(array)?;
            Ok(each(array, rows, |row| interner.text(texts.value(row))))
        }
        Kind::Utf8 => {
            let texts: &Utf8Array<i32> = cast(array)?;
            Ok(each(array, rows, |row| interner.text(texts.value(row))))
        }
        Kind::LargeUtf8 => {
            let texts: &Utf8Array<i64> = cast(array)?;
            Ok(each(array, rows, |row| interner.text(texts.value(row))))
        }
        Kind::Struct(_) => structs(cast(array)?, rows, interner),
        Kind::List(_) => lists::<i32>(cast(array)?, rows, interner),
        Kind::LargeList(_) => lists::<i64>(cast(array)?, rows, interner),
        Kind::FixedSizeList(_, size) => {
            let lists: &FixedSizeListArray = cast(array)?;
            let items = values(lists.values().as_ref(), rows.start * size..rows.end * size, interner)?;
            Ok(split(array, rows, items, |_| *size)
                .into_iter()
                .map(|items| items.map_or(Value::None, Value::list))
                .collect())
        }
        Kind::Map(..) => {
            let maps: &MapArray = cast(array)?;
            let bounds = |row: usize| maps.offsets()[row] as usize..maps.offsets()[row + 1] as usize;
            let entries = entries(array, maps.field().as_ref(), &rows, bounds, interner)?;
            Ok(entries.into_iter().map(|items| items.map_or(Value::None, map)).collect())
        }
        _ => plain(array, rows),
    }
}

/// Numbers, and what is stored as one.
fn plain(array: &dyn Array, rows: Range<usize>) -> Values {
    match array.dtype() {
        Kind::Int8 => numbers(array, rows, |number: i8| Value::Int(number.into())),
        Kind::Int16 => numbers(array, rows, |number: i16| Value::Int(number.into())),
        Kind::Int32 => numbers(array, rows, |number: i32| Value::Int(number.into())),
        Kind::Int64 => numbers(array, rows, Value::Int),
        Kind::UInt8 => numbers(array, rows, |number: u8| Value::Int(number.into())),
        Kind::UInt16 => numbers(array, rows, |number: u16| Value::Int(number.into())),
        Kind::UInt32 => numbers(array, rows, |number: u32| Value::Int(number.into())),
        Kind::UInt64 => numbers(array, rows, |number: u64| Value::big(BigInt::from(number))),
        Kind::Float32 => numbers(array, rows, |number: f32| Value::Float(number.into())),
        Kind::Float64 => numbers(array, rows, Value::Float),
        Kind::Decimal(_, scale) => {
            let scale = *scale;
            numbers(array, rows, |number: i128| decimal(number, scale))
        }
        Kind::Date32 => numbers(array, rows, |days: i32| time(i128::from(days) * 86_400 * SECOND, None, ..10)),
        Kind::Timestamp(unit, zone) => {
            let (unit, offset) = (*unit, zone.as_ref().map(|_| 0));
            numbers(array, rows, |count: i64| time(micros(count, unit), offset, ..))
        }
        Kind::Time32(unit) => {
            let unit = *unit;
            numbers(array, rows, |count: i32| time(micros(count.into(), unit), None, 11..))
        }
        Kind::Time64(unit) => {
            let unit = *unit;
            numbers(array, rows, |count: i64| time(micros(count, unit), None, 11..))
        }
        other => Err(format!("{other:?} is not known")),
    }
}

fn cast<T: 'static>(array: &dyn Array) -> Result<&T, String> {
    array.as_any().downcast_ref().ok_or_else(|| format!("{:?} is stored as something else", array.dtype()))
}

fn each(array: &dyn Array, rows: Range<usize>, mut value: impl FnMut(usize) -> Value) -> Vec<Value> {
    rows.map(|row| if array.is_null(row) { Value::None } else { value(row) }).collect()
}

fn numbers<T: NativeType>(array: &dyn Array, rows: Range<usize>, value: impl Fn(T) -> Value) -> Values {
    let numbers: &PrimitiveArray<T> = cast(array)?;
    Ok(each(array, rows, |row| value(numbers.value(row))))
}

/// Exact where nothing stands after the point, else the nearest float, as a number of JSON is.
fn decimal(number: i128, scale: usize) -> Value {
    if scale == 0 {
        return Value::big(BigInt::from(number));
    }
    format!("{number}e-{scale}").parse().map_or(Value::None, Value::Float)
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
    let names: Vec<Value> = array.fields().iter().map(|field| Value::str(&field.name)).collect();
    let mut columns = Vec::with_capacity(names.len());
    for column in array.values() {
        columns.push(values(column.as_ref(), rows.clone(), interner)?.into_iter());
    }
    let row = |row: usize| {
        let fields: Dict =
            names.iter().cloned().zip(columns.iter_mut().map(|values| values.next().unwrap_or_default())).collect();
        if array.is_null(row) { Value::None } else { Value::dict(fields) }
    };
    Ok(rows.map(row).collect())
}

fn lists<O: Offset>(array: &ListArray<O>, rows: Range<usize>, interner: &mut Interner) -> Values {
    let bounds = |row: usize| array.offsets()[row].to_usize()..array.offsets()[row + 1].to_usize();
    let items = entries(array, array.values().as_ref(), &rows, bounds, interner)?;
    let value = if is_map(array.dtype()) { map } else { Value::list };
    Ok(items.into_iter().map(|items| items.map_or(Value::None, value)).collect())
}

/// A map written by its logical type arrives as a list of its entries.
fn is_map(kind: &Kind) -> bool {
    let (Kind::List(item) | Kind::LargeList(item)) = kind else { return false };
    let Kind::Struct(fields) = &item.dtype else { return false };
    let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    matches!(item.name.as_str(), "key_value" | "entries" | "map") && names == ["key", "value"]
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
