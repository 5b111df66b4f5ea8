//! No code: one set of features for everything below polars, so that it is built once (see `Cargo.toml`).
