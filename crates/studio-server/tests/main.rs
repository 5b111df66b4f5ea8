//! The HTTP host over real TCP: who comes in, what leaves, pages, commands, feeds.

mod desktop;
mod door;
mod http;
mod pages;
mod service;
