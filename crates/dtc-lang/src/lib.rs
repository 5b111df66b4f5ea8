//! The DTC language: text, spans, documents, checks and diagnostics.
//!
//! Pure and total: any bytes give a result and diagnostics, never a panic. No I/O, builds for wasm.

pub mod assist;
pub mod check;
pub mod cloud;
pub mod codes;
pub mod data_fields;
pub mod diagnostic;
pub mod dialect;
pub mod document;
mod expressions;
pub mod fix_all;
pub mod format;
pub mod modernize;
pub mod navigate;
mod parts;
pub mod pipeline;
mod read;
mod rules;
pub mod scopes;
pub mod scripts;
mod suggest;
mod surroundings;
pub mod text;
pub mod verdict;
pub mod yaml;
pub mod zones;

pub use assist::attribute_meaning;
pub use check::{Project, check, read as read_document};
pub use data_fields::DataField;
pub use diagnostic::{Code, Diagnostic, Fix, Label, Severity};
pub use document::{Document, Expression, Streaming, Window};
pub use fix_all::{Fixed, fix_all};
pub use format::format;
pub use modernize::modernize;
pub use pipeline::Pipeline;
pub use read::pipeline::{shape as pipeline_shape, tables::ROOT as PIPELINE};
pub use read::{
    Attribute, KnownModel, MODELS, Parameter, SINKS as JOIN_SINKS, SOURCES as JOIN_SOURCES, known as known_attributes,
};
pub use rules::names::{is_identifier, is_keyword};
pub use rules::sources::{blocks_of, stream_of};
pub use scripts::script_diagnostic;
pub use suggest::nearest;
pub use text::{LineIndex, Span};
pub use verdict::blurr_verdict;
