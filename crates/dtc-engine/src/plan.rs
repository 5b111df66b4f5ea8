//! The plan: documents with every expression compiled and every name resolved to a slot.

use std::sync::Arc;

use dtc_expr::{Functions, Mode};
use dtc_lang::document::{Streaming, Window};
use dtc_lang::Diagnostic;

#[derive(Debug, Clone, Default)]
pub struct Options {
    /// `Some` overrides the documents' header (`--compat blurr`).
    pub mode: Option<Mode>,
}

#[derive(Debug, Clone)]
pub struct Plan {}

/// Plans documents that `dtc_lang::check` found without errors. Diagnostics: (streaming's, window's).
pub fn plan(_streaming: &Streaming, _window: Option<&Window>, _functions: &Functions, _options: &Options) -> Result<Plan, (Vec<Diagnostic>, Vec<Diagnostic>)> {
    Ok(Plan {})
}

impl Plan {
    /// Top-level fields of the event that the plan reads; `None`: all of them. For readers to project.
    pub fn source_fields(&self) -> Option<Vec<Arc<str>>> {
        None
    }
    pub fn has_window(&self) -> bool {
        false
    }
}
