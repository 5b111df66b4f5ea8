//! From expression text to a tree with resolved slots. Reports every fault it can, not only the first.

use crate::error::CompileError;
use crate::scope::Scope;

/// A compiled expression. Immutable, shared between threads.
#[derive(Debug, Clone)]
pub struct Program {}

/// Compiles one Python expression.
pub fn compile(_text: &str, _scope: &Scope) -> Result<Program, Vec<CompileError>> {
    Ok(Program {})
}

impl Program {
    /// The top-level names of `source.NAME` / `source['NAME']` that the program reads, or `None` when
    /// it uses `source` in another way and needs the whole event.
    pub fn source_fields(&self, _source: crate::scope::VariableId) -> Option<Vec<std::sync::Arc<str>>> {
        None
    }
    /// The `(group, field)` slots it reads; used for incremental runs and order warnings.
    pub fn field_reads(&self) -> Vec<(crate::scope::GroupId, crate::scope::FieldId)> {
        Vec::new()
    }
}
