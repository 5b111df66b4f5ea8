//! The HTTP host over real TCP: who comes in, what leaves, pages, commands, feeds.

// A step that fails is the test's failure.
#![allow(clippy::unwrap_used)]

mod desktop;
mod door;
mod http;
mod pages;
mod service;
