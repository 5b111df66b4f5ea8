//! Diagnostics as data: code, severity, message, labels, help, fix. Rendered elsewhere.

use serde::{Deserialize, Serialize};

use crate::codes::Known;
use crate::text::Span;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Error,
    Warning,
    Note,
}

/// A stable code such as `DTC0203`; `docs/errors/DTC0203.md` explains it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Code(pub String);

/// Says at a place why it matters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    pub span: Span,
    pub text: String,
}

/// A change of the document's text that cures the fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// Verb first, e.g. "Rename to `Fields`".
    pub title: String,
    /// Edits that do not overlap, in order.
    pub edits: Vec<(Span, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    pub code: Code,
    pub severity: Severity,
    /// What is wrong, in the user's words; at most 80 characters, no trailing period.
    pub message: String,
    pub primary: Label,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Label>,
    /// What to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
}

impl Diagnostic {
    pub fn error(code: Known, message: impl Into<String>, span: Span, label: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Severity::Error, code, message.into(), span, label.into())
    }
    pub fn warning(code: Known, message: impl Into<String>, span: Span, label: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Severity::Warning, code, message.into(), span, label.into())
    }
    pub fn note(code: Known, message: impl Into<String>, span: Span, label: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Severity::Note, code, message.into(), span, label.into())
    }

    fn new(severity: Severity, code: Known, message: String, span: Span, label: String) -> Diagnostic {
        Diagnostic {
            code: Code(code.number.to_owned()),
            severity,
            message: shorten(message),
            primary: Label { span, text: label },
            others: Vec::new(),
            help: None,
            fix: None,
        }
    }

    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }
    pub fn other(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.others.push(Label { span, text: text.into() });
        self
    }
    pub fn fix(mut self, title: impl Into<String>, edits: Vec<(Span, String)>) -> Diagnostic {
        self.fix = Some(Fix { title: title.into(), edits });
        self
    }
    /// A fix that puts `text` in place of the primary span.
    pub fn replace(self, text: impl Into<String>) -> Diagnostic {
        let text = text.into();
        let span = self.primary.span;
        self.fix(format!("Replace with `{text}`"), vec![(span, text)])
    }
}

/// Messages quote the user's text, which may be of any length.
fn shorten(message: String) -> String {
    const LONGEST: usize = 80;
    if message.chars().count() <= LONGEST {
        return message;
    }
    let mut short: String = message.chars().take(LONGEST - 1).collect();
    short.push('…');
    short
}

/// The user's text in a message: in backticks, on one line, shortened so that the rest still shows.
pub fn quote(text: &str) -> String {
    const LONGEST: usize = 30;
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if one_line.chars().count() <= LONGEST {
        return format!("`{one_line}`");
    }
    let short: String = one_line.chars().take(LONGEST - 1).collect();
    format!("`{short}…`")
}
