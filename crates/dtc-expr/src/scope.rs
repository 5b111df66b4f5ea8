//! The names an expression may use, resolved to slots at compile time.

use std::sync::Arc;
use crate::field_type::FieldType;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct VariableId(pub u16);
/// An aggregate's place in the `Frame`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GroupId(pub u16);
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FieldId(pub u16);

/// Names → slots. Cheap to clone, so that each aggregate can have its own bare field names.
#[derive(Debug, Clone, Default)]
pub struct Scope {}

impl Scope {
    pub fn new() -> Scope {
        Scope::default()
    }
    /// Declares a variable (`source`, `time`, `identity`, `anchor`…) with its slot in `Frame::variables`.
    pub fn add_variable(&mut self, _name: &str, _id: VariableId) {}
    /// Declares an aggregate: `name.field` and `name['field']` read `Frame::groups[id][field]`.
    pub fn add_group(&mut self, _name: &str, _id: GroupId, _fields: &[(Arc<str>, FieldType)]) {}
    /// Declares `document.aggregate.field` for aggregates declared with `add_group` under any name
    /// (hidden names are allowed: pass the members here instead).
    pub fn add_namespace(&mut self, _name: &str, _members: &[(Arc<str>, GroupId, Vec<(Arc<str>, FieldType)>)]) {}
    /// Makes `field` alone mean `group.field` (LANGUAGE.md A.3).
    pub fn add_bare_fields(&mut self, _group: GroupId, _fields: &[(Arc<str>, FieldType)]) {}
    /// `import module` (no identifiers) or `from module import a, b as c`. The error says which modules exist.
    pub fn add_import(&mut self, _module: &str, _identifiers: &[String], _functions: &crate::functions::Functions) -> Result<(), String> {
        Ok(())
    }
}
