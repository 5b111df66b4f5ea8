//! Which names each expression of a document sees (LANGUAGE.md B.4, A.3): one place, used by the
//! checks and by the engine's plan, so that what validates is what runs.
//!
//! Slots: a streaming frame has the variables below and one group per aggregate in document order.
//! A group's fields: `_identity`, then (Block, Session, Activity) `_start_time`, `_end_time`, then the
//! fields, then the dimensions. A window frame has the streaming groups first, then one group per
//! window aggregate (`_identity`, fields).

use std::sync::Arc;

use dtc_expr::{CompileError, FieldType, Functions, Scope, VariableId};

use crate::document::{Aggregate, Attribution, Import, Join, Streaming, Window, WindowAggregate};

pub const SOURCE: VariableId = VariableId(0);
pub const TIME: VariableId = VariableId(1);
pub const IDENTITY: VariableId = VariableId(2);
/// The anchor block, a record of its fields (window documents).
pub const ANCHOR: VariableId = VariableId(3);
pub const VARIABLES: usize = 4;

/// The slots of an aggregate, implicit fields and dimensions included.
pub fn group_fields(_aggregate: &Aggregate) -> Vec<(Arc<str>, FieldType)> {
    Vec::new()
}

/// The slots of a window document's aggregate: `_identity`, then its fields.
pub fn window_group_fields(_aggregate: &WindowAggregate) -> Vec<(Arc<str>, FieldType)> {
    Vec::new()
}

/// Scope of `Identity` and `Time`: imports and `source`.
pub fn intake(_imports: &[Import], _functions: &Functions) -> Scope {
    Scope::new()
}

/// Scope of the document's `When` and of every aggregate. `aggregate` adds that one's bare field names.
pub fn streaming(_document: &Streaming, _functions: &Functions, _aggregate: Option<usize>) -> Scope {
    Scope::new()
}

/// Scope of the anchor condition (`aggregate = None`) and of a window aggregate (adds `source`, and the
/// list name of 2018-03).
pub fn window(_document: &Window, _source: &Streaming, _functions: &Functions, _aggregate: Option<usize>) -> Scope {
    Scope::new()
}

/// Scope of every expression of an attribution document: imports and `source`.
pub fn attribution(document: &Attribution, functions: &Functions) -> Scope {
    intake(&document.header.imports, functions)
}

/// Scope of every expression of a join document: imports and `source`.
pub fn join(document: &Join, functions: &Functions) -> Scope {
    intake(&document.header.imports, functions)
}

/// A compile error of an expression as a diagnostic at its place in the document.
pub fn expression_diagnostic(_expression: &crate::document::Expression, _error: &CompileError) -> crate::diagnostic::Diagnostic {
    unreachable!("written by the owner of dtc-lang")
}
