//! THE CONTRACT between the page and its host: every command, feed, reply and error, declared once.
//!
//! Plain data (serde), builds for wasm. Refuses behaviour: `studio` answers, hosts carry, the page asks.
//! Numbers that can pass 2^53 travel as text, times as RFC 3339, enums tagged `type`/`snake_case`.

mod attribution;
pub mod capabilities;
mod charts;
pub mod error;
pub mod explain;
pub mod export;
pub mod project;
pub mod registry;
pub mod run;
pub mod sample;
pub mod wire;

pub use attribution::*;
pub use capabilities::*;
pub use charts::*;
pub use error::*;
pub use explain::*;
pub use export::*;
pub use project::*;
pub use registry::*;
pub use run::*;
pub use sample::*;
pub use wire::*;
