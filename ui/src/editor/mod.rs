//! The editor: Monaco behind plain functions, its pane, its tabs.

pub mod bridge;
pub mod pane;
pub mod tabs;
