//! The HTTP host: the page and the service on 127.0.0.1, for one user and one browser.
//!
//! Refuses other machines, other sites (`Host`, `Origin`), callers without the token of this start, and
//! any path that leaves the page's folder.

mod csp;
mod feed;
mod guard;
mod pages;
mod rpc;
mod serve;
mod token;

pub use csp::CONTENT_SECURITY_POLICY;
pub use serve::{Options, ServeError, Server, serve};
