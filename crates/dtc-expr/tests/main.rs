//! Tests of the crate by its public interface; one binary, so that linking is paid once.

#![allow(clippy::unwrap_used, reason = "a test's helper may fail as a test does")]

mod support;

mod accepts;
mod casts;
mod documents;
mod faults;
mod fields;
mod inference;
mod limits;
mod python;
mod reference;
mod scripts;
mod speed;
