//! The DTC language: text, spans, documents, checks and diagnostics.
//!
//! Pure and total: any bytes give a result and diagnostics, never a panic. No I/O, builds for wasm.

pub mod check;
pub mod codes;
pub mod diagnostic;
pub mod dialect;
pub mod document;
mod read;
mod rules;
pub mod scopes;
mod suggest;
pub mod text;
pub mod yaml;

pub use check::{Project, check};
pub use diagnostic::{Code, Diagnostic, Fix, Label, Severity};
pub use document::{Document, Expression, Streaming, Window};
pub use rules::names::{is_identifier, is_keyword};
pub use rules::sources::stream_of;
pub use text::{LineIndex, Span};
