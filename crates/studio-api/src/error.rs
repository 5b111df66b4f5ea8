//! The one error shape of every command: a code that says whose fault it is, and words for the user.

use dtc_lang::Diagnostic;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The request cannot be carried out as asked; the user can mend it.
    Invalid,
    NotFound,
    /// Somebody else changed it meanwhile.
    Conflict,
    Cancelled,
    /// This host cannot do it (see `Capabilities`).
    Unsupported,
    /// The file system, a child program or the network refused.
    External,
    /// Our fault.
    Internal,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiError {
    pub code: ErrorCode,
    /// What, where and cure, in a sentence or two.
    pub message: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub diagnostics: Vec<FileDiagnostic>,
}

/// A diagnostic and the document it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileDiagnostic {
    pub document: String,
    pub diagnostic: Diagnostic,
}

impl ApiError {
    pub fn new(code: ErrorCode, message: impl Into<String>) -> ApiError {
        ApiError { code, message: message.into(), diagnostics: Vec::new() }
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ApiError {}
