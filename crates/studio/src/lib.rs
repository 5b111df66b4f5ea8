//! The service behind every host: projects, samples, runs, charts and exports, by the contract of
//! `studio-api`. Hosts call `dispatch` and `subscribe`; refuses to know HTTP, windows or the page.

mod capabilities;
mod charts;
mod config;
mod credits;
mod dispatch;
mod document_texts;
mod documents;
mod drops;
mod error;
mod explain;
mod export;
mod feed;
mod fingerprint;
mod guess;
mod handing;
mod project;
mod run;
mod runs;
mod sample;
mod samples;
mod settings;
pub mod story;
mod studio;
mod uploads;
mod watch;
mod workspace;

pub use charts::blocks::{Around, Blocks};
pub use charts::credit::{JourneyPrograms, credit_models, doubts, preparation};
pub use charts::expressions::Record;
pub use charts::join_events::{JoinEvent, JoinEventKind, JoinEvents};
pub use charts::join_programs::{JoinPrograms, Joinable};
pub use charts::rewards::{join_rule, join_rule_of_logs};
pub use charts::worth::{document_policies, joined_log};
pub use config::{Config, Native, locate};
pub use credits::{
    ChannelScore, Computed, Doubts, LAST_NON_FIRST, ReportFile, RunScores, attribution_report, compare_runs,
    compared_report, model_key, report_files, report_page, run_object,
};
pub use dispatch::{Answer, dispatch, subscribe};
pub use explain::{unknown_field, unknown_identity};
pub use feed::{Feed, Next};
pub use studio::Studio;
