//! Values of AWS that cannot be wrong: each is made by `parse`, which gives the value or says what is wrong
//! with the text, where in it, and what to write. No I/O; what exists in an account is not known here.

pub mod arn;
pub mod instance;
pub mod location;
pub mod metric;
pub mod pattern;
pub mod placeholder;
pub mod release;
pub mod schedule;
pub mod words;

use std::ops::Range;

use crate::codes::Known;

/// Why a text is no such value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub code: &'static Known,
    /// Bytes of the text.
    pub at: Range<usize>,
    pub message: String,
    pub label: String,
    pub help: String,
    /// What would be right in place of the whole text.
    pub instead: Option<String>,
}

impl Fault {
    pub fn new(code: &'static Known, at: Range<usize>, message: impl Into<String>, label: impl Into<String>) -> Fault {
        Fault { code, at, message: message.into(), label: label.into(), help: String::new(), instead: None }
    }
    pub fn help(mut self, help: impl Into<String>) -> Fault {
        self.help = help.into();
        self
    }
    pub fn instead(mut self, text: impl Into<String>) -> Fault {
        self.instead = Some(text.into());
        self
    }
}
