//! The pages: start, and the four of an open project.

pub mod attribution;
pub mod author;
pub mod bandit;
pub mod chart_card;
pub mod export;
pub mod report_notice;
pub mod report_page;
pub mod start;
pub mod worth;
