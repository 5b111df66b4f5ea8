//! Python expressions over events: values, field types, compiling, evaluating; user functions in Rhai.
//!
//! Pure: no files, no clock, no threads, builds for wasm. Refuses to know DTC documents (`dtc-lang`)
//! or how events reach it (`dtc-engine`).

mod builtins;
mod columns;
pub mod compile;
pub mod error;
pub mod eval;
pub mod field_type;
mod format;
pub mod frame;
pub mod functions;
pub mod infer;
mod methods;
mod modules;
mod node;
mod number;
mod operator;
mod paths;
mod pattern;
pub mod reference;
pub mod rows;
mod scalar;
pub mod scope;
pub mod table;
pub mod time;
pub mod value;
mod wants;

pub use columns::Columns;
pub use compile::{Guard, NameTarget, NameUse, Program, compile, name_uses};
pub use error::{CompileError, CompileErrorKind, EvalError, EvalErrorKind};
pub use field_type::{FieldType, Mode};
pub use frame::Frame;
pub use functions::{FunctionFault, Functions, ScriptFunction};
pub use infer::{Inferred, Surroundings, Type, infer};
pub use paths::{Branch, Looked, Path, Step, celled};
pub use rows::{RowAt, Rows, RowsBuilder};
pub use scalar::Scalar;
pub use scope::{FieldId, GroupId, Offer, OfferKind, Scope, VariableId, offers_of};
pub use table::{Column, Table};
pub use time::{Date, DateTime, TimeDelta};
pub use value::{Dict, Flavor, Set, Value};
pub use wants::{Parts, Want};

/// Modules that `Import` knows besides the user's own, sorted as the language lists them.
pub fn module_names() -> impl Iterator<Item = &'static str> {
    modules::names()
}
