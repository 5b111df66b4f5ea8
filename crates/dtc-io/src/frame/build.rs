//! A table's column → a typed polars column. What does not fit one type becomes text.

use dtc_expr::{Column as TableColumn, FieldType, Value};
use polars::prelude::{Column, NamedFrom, Series};

use crate::json::cell_text;

/// How a column is held, and so how it sorts and reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Integer,
    Float,
    Boolean,
    /// Microseconds since 1970 with the offset in a column beside it.
    Time,
    /// Also collections (as JSON), integers beyond 64 bits and mixtures.
    Text,
}

pub(super) struct Built {
    pub(super) kind: Kind,
    pub(super) data: Column,
    pub(super) offsets: Option<Column>,
}

pub(super) fn value_name(place: usize) -> String {
    place.to_string()
}

pub(super) fn offset_name(place: usize) -> String {
    format!("{place}+")
}

/// For a page: by what the values are.
pub(super) fn column(place: usize, column: &TableColumn) -> Built {
    let declared = declared_kind(column);
    built(place, &column.values, Fits::default().with(declared, &column.values).kind(declared))
}

/// Values as a kind that they fit; as texts whatever they are.
pub(super) fn built(place: usize, values: &[Value], kind: Kind) -> Built {
    let name = value_name(place);
    let cells = values.iter();
    let data = match kind {
        Kind::Integer => series(
            &name,
            cells.map(|value| if let Value::Int(number) = value { Some(*number) } else { None }).collect::<Vec<_>>(),
        ),
        Kind::Float => series(&name, cells.map(float).collect::<Vec<_>>()),
        Kind::Boolean => series(
            &name,
            cells.map(|value| if let Value::Bool(flag) = value { Some(*flag) } else { None }).collect::<Vec<_>>(),
        ),
        Kind::Time => series(
            &name,
            cells
                .map(|value| if let Value::DateTime(time) = value { Some(time.micros) } else { None })
                .collect::<Vec<_>>(),
        ),
        Kind::Text => series(&name, cells.map(cell_text).collect::<Vec<_>>()),
    };
    let offsets = (kind == Kind::Time).then(|| {
        let offsets = values.iter().map(|value| if let Value::DateTime(time) = value { time.offset } else { None });
        series(&offset_name(place), offsets.collect::<Vec<Option<i32>>>())
    });
    Built { kind, data, offsets }
}

fn series<T>(name: &str, values: Vec<Option<T>>) -> Column
where
    Series: NamedFrom<Vec<Option<T>>, [Option<T>]>,
{
    Series::new(name.into(), values).into()
}

fn float(value: &Value) -> Option<f64> {
    match value {
        Value::Float(number) => Some(*number),
        Value::Int(number) => Some(*number as f64),
        _ => None,
    }
}

pub(super) fn declared_kind(column: &TableColumn) -> Kind {
    match column.field_type {
        FieldType::Integer => Kind::Integer,
        FieldType::Float => Kind::Float,
        FieldType::Boolean => Kind::Boolean,
        FieldType::DateTime => Kind::Time,
        FieldType::String | FieldType::Map | FieldType::List | FieldType::Set => Kind::Text,
    }
}

/// Which kind all of a column's values fit, as far as they were looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Fits {
    /// Any: there was no value.
    #[default]
    Any,
    One(Kind),
    Mixed,
}

impl Fits {
    /// After more values of a column that is declared so.
    pub(super) fn with(self, declared: Kind, values: &[Value]) -> Fits {
        let kinds = values.iter().filter(|value| !value.is_none()).map(|value| match value {
            Value::Int(_) if declared == Kind::Float => Kind::Float,
            Value::Int(_) => Kind::Integer,
            Value::Float(_) => Kind::Float,
            Value::Bool(_) => Kind::Boolean,
            Value::DateTime(_) => Kind::Time,
            _ => Kind::Text,
        });
        let mut fits = self;
        for kind in kinds {
            match fits {
                Fits::Any => fits = Fits::One(kind),
                Fits::One(known) if known == kind => {}
                _ => return Fits::Mixed,
            }
        }
        fits
    }

    /// The one kind; by the declared type where there is no value.
    pub(super) fn kind(self, declared: Kind) -> Kind {
        match self {
            Fits::Any => declared,
            Fits::One(kind) => kind,
            Fits::Mixed => Kind::Text,
        }
    }
}
