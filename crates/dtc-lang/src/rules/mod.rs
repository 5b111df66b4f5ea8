//! The checks, one file per rule. Those on attributes run while a tree is read, those on documents after.

pub mod dimensions;
pub mod duplicate_keys;
pub mod duplicate_names;
pub mod expressions;
pub mod imports;
pub mod lists;
pub mod names;
pub mod numbers;
pub mod required;
pub mod sources;
pub mod stores;
pub mod unknown_attributes;
