//! Readers and writers: the only crate that touches files. Raw events in, result tables out.
//!
//! Refuses to know documents or the engine: it carries `dtc_expr` values and tables. Without the
//! feature `frames` it does not pull in polars.

pub mod bundle_folder;
pub mod error;
#[cfg(feature = "frames")]
pub mod frame;
pub mod json;
pub mod profile;
pub mod projection;
pub mod reader;
pub mod sources;
pub mod write;

pub use bundle_folder::write_bundle;
pub use error::IoError;
#[cfg(feature = "frames")]
pub use frame::Frame;
pub use profile::{Profile, ProfileField, profile};
pub use projection::Projection;
pub use reader::{BadRecord, Processor, RawRecord, Records};
pub use sources::data_files;
pub use write::{Format, write_tables};
