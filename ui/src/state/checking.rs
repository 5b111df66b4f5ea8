//! The language over a whole project: every document's problems, with places as Monaco counts them.
//! Pure; runs in the page's wasm after each edit.

use dtc_expr::Functions;
use dtc_lang::{DataField, Diagnostic, Document, LineIndex, Severity, Span, check, read_document, script_diagnostic};
use serde::Serialize;
use studio_api::{DocumentInfo, DocumentKind};

/// A range in a document: lines and UTF-16 columns from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    pub start_line: u32,
    pub start_column: u32,
    pub end_line: u32,
    pub end_column: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Related {
    pub message: String,
    pub place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FixEdit {
    pub place: Place,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProblemFix {
    pub title: String,
    pub edits: Vec<FixEdit>,
}

/// A diagnostic of a document, ready to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    #[serde(skip)]
    pub document: String,
    pub code: String,
    pub severity: Severity,
    pub message: String,
    /// Why here.
    #[serde(skip)]
    pub label: String,
    /// What to do.
    #[serde(skip)]
    pub help: Option<String>,
    pub place: Place,
    pub related: Vec<Related>,
    pub fix: Option<ProblemFix>,
}

impl Problem {
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// Whether "fix all" cures it.
    pub fn is_curable(&self) -> bool {
        self.fix.is_some() && self.severity != Severity::Note
    }

    /// Headline, reason and cure in one text, for Monaco's hover.
    pub fn whole_message(&self) -> String {
        let mut text = self.message.clone();
        if !self.label.is_empty() && self.label != self.message {
            text.push('\n');
            text.push_str(&self.label);
        }
        if let Some(help) = &self.help {
            text.push_str("\nHelp: ");
            text.push_str(help);
        }
        text
    }

    pub fn of(document: &str, text: &str, diagnostic: Diagnostic) -> Problem {
        Problem::place(document, text, &LineIndex::new(text), diagnostic)
    }

    fn place(document: &str, text: &str, index: &LineIndex, diagnostic: Diagnostic) -> Problem {
        let at = |span: Span| place(text, index, span);
        Problem {
            document: document.to_owned(),
            code: diagnostic.code.0,
            severity: diagnostic.severity,
            message: diagnostic.message,
            label: diagnostic.primary.text,
            help: diagnostic.help,
            place: at(diagnostic.primary.span),
            related: diagnostic
                .others
                .into_iter()
                .map(|label| Related { message: label.text, place: at(label.span) })
                .collect(),
            fix: diagnostic.fix.map(|fix| ProblemFix {
                title: fix.title,
                edits: fix.edits.into_iter().map(|(span, text)| FixEdit { place: at(span), text }).collect(),
            }),
        }
    }
}

/// The span as Monaco counts.
pub fn exact_place(text: &str, index: &LineIndex, span: Span) -> Place {
    let (start_line, start_column) = index.utf16_position(text, span.start);
    let (end_line, end_column) = index.utf16_position(text, span.end.max(span.start));
    Place { start_line, start_column, end_line, end_column }
}

/// A place that is empty is widened by one column, so that it can be seen.
fn place(text: &str, index: &LineIndex, span: Span) -> Place {
    let mut place = exact_place(text, index, span);
    if (place.start_line, place.start_column) == (place.end_line, place.end_column) {
        place.end_column += 1;
    }
    place
}

/// Checks every document against the rest of the project and the data's fields. Problems come in the
/// order of the documents, then by place.
pub fn check_project(documents: &[(DocumentInfo, String)], data: Vec<DataField>) -> Vec<Problem> {
    let (project, mut problems) = project_of(documents, data);
    for (info, text) in yaml(documents) {
        let (_, diagnostics) = check(text, &project);
        let index = LineIndex::new(text);
        problems.extend(diagnostics.into_iter().map(|diagnostic| Problem::place(&info.name, text, &index, diagnostic)));
    }
    problems
}

/// What each document is written among, and the faults of the functions.
pub fn project_of(documents: &[(DocumentInfo, String)], data: Vec<DataField>) -> (dtc_lang::Project, Vec<Problem>) {
    let (functions, problems) = compile_functions(documents);
    let mut project = dtc_lang::Project { functions, data, ..dtc_lang::Project::default() };
    let mut streaming = Vec::new();
    for (_, text) in yaml(documents) {
        if let Some(Document::Streaming(document)) = read_document(text, &project) {
            streaming.push(document);
        }
    }
    project.streaming = streaming;
    (project, problems)
}

fn yaml(documents: &[(DocumentInfo, String)]) -> impl Iterator<Item = &(DocumentInfo, String)> {
    documents.iter().filter(|(info, _)| info.kind != DocumentKind::Function)
}

fn compile_functions(documents: &[(DocumentInfo, String)]) -> (Functions, Vec<Problem>) {
    let scripts: Vec<&(DocumentInfo, String)> =
        documents.iter().filter(|(info, _)| info.kind == DocumentKind::Function).collect();
    let sources: Vec<(String, String)> =
        scripts.iter().map(|(info, text)| (module_name(&info.name), text.clone())).collect();
    let (functions, faults) = Functions::compile(&sources);
    let problems = faults.into_iter().map(|fault| {
        let script = scripts.iter().find(|(info, _)| module_name(&info.name) == fault.module);
        let (name, text) = script.map_or((fault.module.as_str(), ""), |(info, text)| (info.name.as_str(), text));
        Problem::of(name, text, script_diagnostic(text, &fault))
    });
    (functions, problems.collect())
}

/// `functions/price.rhai` is the module `price` (imported as `functions/price`).
fn module_name(document: &str) -> String {
    let name = document.strip_prefix("functions/").unwrap_or(document);
    name.strip_suffix(".rhai").unwrap_or(name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_place_is_widened() {
        let text = "a: 1\n";
        let place = place(text, &LineIndex::new(text), Span { start: 0, end: 0 });
        assert_eq!((place.start_line, place.end_line), (1, 1));
        assert!(place.end_column > place.start_column);
    }

    #[test]
    fn a_project_without_documents_has_no_problems() {
        assert!(check_project(&[], Vec::new()).is_empty());
    }
}
