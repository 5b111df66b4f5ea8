//! The service as a host sees it: commands by name and JSON, feeds by waiting.

// A step that fails is the test's failure.
#![allow(clippy::unwrap_used)]

mod charts;
mod credits;
mod documents;
mod explain;
mod exports;
mod fixture;
mod projects;
mod runs;
mod samples;
