//! Tests from files: `cases/read/NAME.in` with the records, bad records and notices that reading
//! it must give in `NAME.out` (`UPDATE=1` rewrites them); and what files cannot show.

// A test that cannot go on says so by panicking.
#![allow(clippy::unwrap_used)]

mod bundle;
#[cfg(feature = "frames")]
mod frames;
mod limits;
mod read;
#[cfg(feature = "frames")]
mod rows;
#[cfg(feature = "state")]
mod state;
mod write;
