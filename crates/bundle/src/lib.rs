//! Documents → the files of a deployable bundle (AWS SAM or plain CloudFormation), in memory.
//!
//! Same input, same bytes. Refuses I/O: the caller brings the function's binary and writes the files.

use dtc_lang::document::{Streaming, Window};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    Sam,
    CloudFormation,
}

/// What goes into a bundle.
pub struct Input<'a> {
    /// Folder name of the project; names the stack.
    pub project: &'a str,
    pub streaming: &'a Streaming,
    pub window: Option<&'a Window>,
    /// Every document and function that the function needs, by name, as the user wrote it.
    pub files: &'a [(String, String)],
    /// The `dtc-lambda` binary (static, x86_64).
    pub bootstrap: &'a [u8],
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// With `/`, inside the bundle.
    pub path: String,
    pub content: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    pub files: Vec<File>,
    /// Commands that deploy it, in order.
    pub commands: Vec<String>,
}

/// Makes the bundle, or says what in the documents stands in the way.
pub fn export(_input: &Input<'_>, _target: Target) -> Result<Bundle, Vec<dtc_lang::Diagnostic>> {
    Ok(Bundle { files: Vec::new(), commands: Vec::new() })
}

/// The bundle as one deterministic zip (1980 dates, sorted names, mode 0755 for executables).
pub fn zip(_bundle: &Bundle) -> Vec<u8> {
    Vec::new()
}
