//! Logs of decisions as they come (VW dsjson, Open Bandit, tables, joined records, events), policies over them, and
//! the way from both to estimates and curves.
//!
//! Refuses to know documents and formulas: what an estimate is belongs to `bandit`. A line that cannot be used is
//! told with its file, its line and a cure, and counted; nothing is left out without a word.

mod evaluation;
mod layout;
mod log;
mod pictures;
mod policy;
mod read;
mod sensitivity;
mod value;
mod write;

pub use evaluation::{Ask, Evaluation, evaluate};
pub use layout::Layout;
pub use log::{Decision, Fault, Log, LogBuilder, Logged, Placed};
pub use pictures::{figures, report};
pub use policy::{Answer, Asked, Policy, PolicyError, PolicyTable};
pub use read::{ReadOptions, is_known, read};
pub use sensitivity::{WINDOWS_MS, WindowPoint, window_sensitivity};
pub use value::of_json;
pub use write::dsjson_line;
