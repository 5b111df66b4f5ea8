//! The service as a host sees it: commands by name and JSON, feeds by waiting.

mod charts;
mod documents;
mod exports;
mod fixture;
mod projects;
mod runs;
mod samples;
