//! The checks, one file per rule. Those on attributes run while a tree is read, those on documents after.

pub mod blurr_differs;
pub mod conditions;
pub mod cures;
pub mod dimensions;
pub mod division;
pub mod duplicate_keys;
pub mod duplicate_names;
pub mod expressions;
pub mod history;
pub mod imports;
pub mod likely_cures;
pub mod lists;
pub mod move_above;
pub mod names;
pub mod never_set;
pub mod numbers;
pub mod order;
pub mod refused;
pub mod required;
pub mod sources;
pub mod stores;
pub mod texts;
pub mod time_format;
pub mod types;
pub mod unknown_attributes;
pub mod window_columns;
