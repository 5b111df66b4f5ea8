//! Python expressions over events: values, field types, compiling, evaluating; user functions in Rhai.
//!
//! Pure: no files, no clock, no threads, builds for wasm. Refuses to know DTC documents (`dtc-lang`)
//! or how events reach it (`dtc-engine`).

pub mod compile;
pub mod error;
pub mod eval;
pub mod field_type;
pub mod frame;
pub mod functions;
pub mod scope;
pub mod table;
pub mod time;
pub mod value;

pub use compile::{Program, compile};
pub use error::{CompileError, EvalError, EvalErrorKind};
pub use field_type::{FieldType, Mode};
pub use frame::Frame;
pub use functions::Functions;
pub use scope::{FieldId, GroupId, Scope, VariableId};
pub use table::{Column, Table};
pub use time::{DateTime, TimeDelta};
pub use value::{Dict, Flavor, Set, Value};
