//! Properties of the join and of the estimators over random logs.

mod evaluating;
mod joining;
mod keeping;
