//! One binary for the crate's tests.

// A test that cannot go on says so by panicking.
#![allow(clippy::unwrap_used)]

mod doubts;
mod identities;
mod naive;
mod refusals;
mod sampled;
mod shapes;
mod stopped;
mod textbook;
