//! Running a plan over events: grouped by identity, ordered by time, sharded over threads, merged in
//! order of first appearance. The result never depends on the number of threads.

use dtc_expr::EvalError;

use crate::control::{Cancel, Progress};
use crate::event::Event;
use crate::output::{IdentityOutput, Output, Record};
use crate::plan::Plan;

/// Why a run gave no output.
#[derive(Debug, Clone, PartialEq)]
pub enum Stopped {
    Cancelled,
    /// An error that ends the run by the rules (Blurr's aborts): place and error.
    Aborted { place: String, error: EvalError },
}

/// Runs all events (borrowed, so that a caller can keep them for the next run). `threads = 0`: as many as the machine has cores.
pub fn run(_plan: &Plan, _events: &[Event], _threads: usize, _cancel: &Cancel, _progress: &dyn Progress) -> Result<Output, Stopped> {
    Ok(Output::default())
}

/// Runs one identity's events on top of the records that an earlier batch stored (the Lambda's way).
/// `earlier` and the result's records are whole: every record of the identity.
pub fn run_identity(_plan: &Plan, _earlier: Vec<Record>, _events: Vec<Event>) -> Result<IdentityOutput, Stopped> {
    Ok(IdentityOutput::default())
}
