//! The eight types of a field: their names, defaults and casts (LANGUAGE.md B.8, A.5).

use crate::value::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FieldType {
    Integer,
    Float,
    String,
    Boolean,
    DateTime,
    Map,
    List,
    Set,
}

/// Which rules hold: ours (part A) or Blurr's to the letter (part B).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Mode {
    #[default]
    Studio,
    Blurr,
}

impl FieldType {
    /// The type's name in a document, e.g. `integer`; compared without regard to case.
    pub fn parse(_name: &str) -> Option<FieldType> {
        None
    }
    /// The name in a document: integer float string boolean datetime map list set.
    pub fn name(self) -> &'static str {
        ""
    }
    /// The value of the field at the start of a block.
    pub fn default_value(self) -> Value {
        Value::None
    }
    /// `value` as this type, or `Err(reason)` when it is refused and the old value stays.
    /// `value` is never `Value::None` (which means "keep" before it comes here).
    pub fn cast(self, value: Value, _mode: Mode) -> Result<Value, String> {
        Ok(value)
    }
}
