//! The engine: documents → plan → sessions and windows. The same code behind the preview, the CLI and
//! the Lambda. Pure: no I/O, no clock; refuses to know where events come from or rows go.

mod arrivals;
pub mod batch;
pub mod blurr_lines;
mod calendar;
pub mod control;
pub mod event;
pub mod events;
pub mod faults;
mod groups;
mod guards;
mod identity;
mod keyed;
pub mod live;
pub mod output;
mod past;
mod pick;
pub mod plan;
mod plan_window;
mod record;
pub mod run;
pub mod saved;
mod shape;
pub mod spill;
pub mod state;
mod store;
mod tables;
mod timed;
pub mod trace;
mod window;

pub use batch::{Batch, Changes, Earlier, run_batch, whole};
pub use blurr_lines::BlurrLines;
pub use control::{Cancel, Phase, Progress, Silent};
pub use event::{Event, Intake, Refused, Taken, Unusable};
pub use events::Events;
pub use faults::{Fault, Part, Place};
pub use live::{Changed, Live};
pub use output::{DroppedRow, IdentityOutput, Output, Record, RecordKey, TableKind, WindowRow};
pub use plan::{Options, Plan, plan};
pub use run::{Stopped, run, run_identity};
pub use state::State;
