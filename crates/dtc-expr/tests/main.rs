//! Tests of the crate by its public interface; one binary, so that linking is paid once.

mod support;

mod casts;
mod documents;
mod faults;
mod fields;
mod limits;
mod python;
mod scripts;
