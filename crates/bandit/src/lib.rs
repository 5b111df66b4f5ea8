//! The join rule of decisions, rewards and overrides, and curves over joined records.
