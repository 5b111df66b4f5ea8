//! Properties of the join and of the estimators over random logs.

// A step that fails is the test's failure.
#![allow(clippy::unwrap_used)]

mod evaluating;
mod joining;
mod keeping;
