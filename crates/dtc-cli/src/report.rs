//! What a validation found, as JSON for programs.

use dtc_lang::{Diagnostic, LineIndex, Severity, Span};
use serde::Serialize;

use crate::checking::Checked;

#[derive(Serialize)]
pub struct Report<'a> {
    pub files: Vec<FileReport<'a>>,
    pub errors: usize,
    pub warnings: usize,
}

#[derive(Serialize)]
pub struct FileReport<'a> {
    pub file: String,
    pub valid: bool,
    /// Why the file could not be read at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<&'a str>,
    pub diagnostics: Vec<Placed<'a>>,
}

/// A diagnostic and where it stands, in lines and columns from 1 (columns count characters).
#[derive(Serialize)]
pub struct Placed<'a> {
    pub line: u32,
    pub column: u32,
    pub end_line: u32,
    pub end_column: u32,
    #[serde(flatten)]
    pub diagnostic: &'a Diagnostic,
}

impl<'a> FileReport<'a> {
    pub fn of(checked: &'a Checked) -> FileReport<'a> {
        let text = &checked.text.text;
        let index = LineIndex::new(text);
        let placed = |diagnostic: &'a Diagnostic| {
            let Span { start, end } = diagnostic.primary.span;
            let (line, column) = index.line_column(text, start);
            let (end_line, end_column) = index.line_column(text, end);
            Placed { line, column, end_line, end_column, diagnostic }
        };
        FileReport {
            file: checked.text.path.display().to_string(),
            valid: !checked.has_errors(),
            error: None,
            diagnostics: checked.diagnostics.iter().map(placed).collect(),
        }
    }

    pub fn unreadable(file: String, error: &'a str) -> FileReport<'a> {
        FileReport { file, valid: false, error: Some(error), diagnostics: Vec::new() }
    }
}

/// How many diagnostics of this severity there are.
pub fn count(checked: &[Checked], severity: Severity) -> usize {
    let of_file =
        |checked: &Checked| checked.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
    checked.iter().map(of_file).sum()
}
