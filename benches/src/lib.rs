//! What the measured programs share: seeded events in four shapes, and the
//! documents of a folder as a plan. Refuses to measure: `cargo xtask bench engine` does, from outside.

pub mod arguments;
pub mod data;
pub mod project;

/// As `dtc` has it, in every program here.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
