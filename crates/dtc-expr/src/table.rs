//! A result table: named, typed columns of values. What the engine gives and readers of it take.

use crate::field_type::FieldType;
use crate::value::Value;

#[derive(Debug, Clone)]
pub struct Column {
    pub name: String,
    pub field_type: FieldType,
    /// One value a row; `Value::None` is a missing cell.
    pub values: Vec<Value>,
}

#[derive(Debug, Clone, Default)]
pub struct Table {
    pub name: String,
    pub columns: Vec<Column>,
}

impl Table {
    /// Rows in the table (0 when it has no columns).
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.values.len())
    }
}
