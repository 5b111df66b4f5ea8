//! What an expression reads while it runs: variables and the current field values of aggregates.

use crate::rows::RowAt;
use crate::value::Value;

/// Slots as `Scope` numbered them. The engine owns it and sets it before each evaluation.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// `None` = the name is declared but has no value now (reading it is a NameError).
    pub variables: Vec<Option<Value>>,
    /// Field values of each aggregate, by `GroupId` then `FieldId`.
    pub groups: Vec<Vec<Value>>,
    /// The event, for programs that were bound to columns.
    pub row: RowAt,
}
