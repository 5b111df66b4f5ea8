//! Readers and writers: the only crate that touches files. Raw events in, result tables out.
//!
//! Refuses to know documents or the engine: it carries `dtc_expr` values and tables. Without the
//! feature `frames` it does not pull in polars, without `state` no database. What lies on AWS is `dtc-aws`.

pub mod bundle_folder;
pub mod delimited;
pub mod error;
#[cfg(feature = "frames")]
pub mod frame;
#[cfg(any(feature = "frames", feature = "state"))]
mod guard;
pub mod json;
pub mod origin;
pub mod profile;
pub mod projection;
pub mod reached;
pub mod reader;
#[cfg(feature = "scratch")]
pub mod scratch;
pub mod sources;
pub mod state;
pub mod write;

pub use bundle_folder::{Edited, EditedFile, Exported, edited_files, write_bundle, write_bundle_with};
pub use error::IoError;
#[cfg(feature = "frames")]
pub use frame::Frame;
pub use origin::Origin;
pub use profile::{Profile, ProfileField, profile};
pub use projection::Projection;
pub use reached::{Reached, Reading};
pub use reader::rows::{Ended, FileRows, Piece, RowReading, Taker};
pub use reader::{BadRecord, Input, Processor, RawRecord, Records};
#[cfg(feature = "scratch")]
pub use scratch::Scratch;
pub use sources::{DataSource, Order, data_files, data_sources};
#[cfg(feature = "state")]
pub use state::EmbeddedState;
pub use state::{Head, MemoryState, StateChange, StateStore};
pub use write::{Format, Tabular, write_tables};
