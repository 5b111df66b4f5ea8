//! The engine: documents → plan → sessions and windows. (The full engine follows within minutes; these
//! public types are final.)
pub mod control;
pub mod event;
pub mod faults;
pub mod output;
pub mod plan;
pub mod run;
pub use control::{Cancel, Phase, Progress, Silent};
pub use event::{Event, Intake, Unusable};
pub use faults::Fault;
pub use output::{DroppedRow, IdentityOutput, Output, Record, RecordKey, TableKind, WindowRow};
pub use plan::{Options, Plan, plan};
pub use run::{Stopped, run, run_identity};

impl Output {
    /// One table per stored aggregate (its name), then one for the window document (its name).
    pub fn tables(&self, _plan: &Plan) -> Vec<(TableKind, dtc_expr::Table)> {
        Vec::new()
    }
}

/// Prints an output as Blurr's command line does.
pub struct BlurrLines<'a> {
    pub output: &'a Output,
    pub plan: &'a Plan,
}

impl BlurrLines<'_> {
    pub fn write(&self, _out: &mut dyn std::io::Write) -> std::io::Result<()> {
        Ok(())
    }
}
