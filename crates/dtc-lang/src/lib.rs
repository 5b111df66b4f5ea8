//! The DTC language: text, spans, documents, checks and diagnostics.
//!
//! Pure and total: any bytes give a result and diagnostics, never a panic. No I/O, builds for wasm.

pub mod check;
pub mod codes;
pub mod diagnostic;
pub mod document;
pub mod scopes;
pub mod text;

pub use check::{Project, check};
pub use diagnostic::{Code, Diagnostic, Fix, Label, Severity};
pub use document::{Document, Expression, Streaming, Window};
pub use text::{LineIndex, Span};
