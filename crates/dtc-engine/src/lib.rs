//! The engine: documents → plan → sessions and windows. The same code behind the preview, the CLI and
//! the Lambda. Pure: no I/O, no clock; refuses to know where events come from or rows go.

pub mod control;
pub mod event;
pub mod output;
pub mod plan;
pub mod run;

pub use control::{Cancel, Phase, Progress, Silent};
pub use event::{Event, Intake, Unusable};
pub use output::{BlurrLines, DroppedRow, Fault, Output, Record, TableKind};
pub use plan::{Options, Plan, plan};
pub use run::{Stopped, run, run_identity};
