//! From the text of a project's documents to documents and diagnostics, computed anew per keystroke.

use dtc_expr::Functions;

use crate::codes;
use crate::data_fields::{self, DataField};
use crate::diagnostic::Diagnostic;
use crate::document::{Document, Streaming};
use crate::parts::Part;
use crate::read::Reader;
use crate::rules;
use crate::yaml;

/// What a document is checked against: the rest of its project.
#[derive(Debug, Clone, Default)]
pub struct Project {
    /// Streaming documents of the project, for `SourceDTC`, `Source` and names in other documents.
    pub streaming: Vec<Streaming>,
    pub functions: Functions,
    /// Fields that occur in the project's data, where they are known.
    pub data: Vec<DataField>,
    /// Check by Blurr's rules whatever the header says (`--compat blurr`).
    pub blurr: bool,
}

/// Parses and checks one document. The document is `Some` whenever its shape could be read, even when
/// diagnostics hold errors; only a document without errors may be planned.
/// A document's diagnostics are sorted by place; follow-up errors are left out.
pub fn check(text: &str, project: &Project) -> (Option<Document>, Vec<Diagnostic>) {
    let (root, mut diagnostics) = yaml::parse(text);
    let Some(root) = root else { return (None, sorted(text, diagnostics)) };
    let unread = diagnostics.iter().any(stops_reading);
    let (document, mut found) = Reader::document(text, &root, project.blurr);
    if let Some(document) = &document {
        rules::duplicate_names::check(document, &mut found);
        rules::imports::check(document.imports(), &project.functions, &mut found);
        match document {
            Document::Streaming(streaming) => {
                rules::stores::check(streaming, &mut found);
                rules::dimensions::check(streaming, &mut found);
            }
            Document::Window(window) => {
                rules::sources::check(window, &project.streaming, &mut found);
                rules::lists::check(window, &mut found);
            }
            Document::Attribution(document) => {
                rules::sources::check_attribution(document, &project.streaming, &mut found);
            }
            Document::Join(_) => {}
            Document::Pipeline(document) => {
                rules::contradictions::check_documents(document, &project.streaming, &mut found);
            }
        }
        let parts = rules::expressions::check(document, project, &mut found);
        if let Document::Window(window) = document {
            rules::window_columns::check(document, window, project, &mut found);
        }
        doubts(text, document, project, &parts, &mut found);
        data_fields::check(document, &project.data, &mut found);
        rules::time_format::check(document, &project.data, &mut found);
        rules::likely_cures::add(text, &root, document, project, &mut found);
        rules::blurr_differs::check(document, root.text_of("Type").unwrap_or_default(), project, &parts, &mut found);
    }
    if unread {
        found.retain(|diagnostic| diagnostic.code.0 != codes::MISSING_ATTRIBUTE.number);
    }
    found.retain(|diagnostic| !diagnostics.iter().any(|fault| follows(diagnostic, fault)));
    diagnostics.extend(found);
    (document, sorted(text, diagnostics))
}

/// The document of a text, whatever is wrong with it.
pub fn read(text: &str, project: &Project) -> Option<Document> {
    Reader::document(text, &yaml::parse(text).0?, project.blurr).0
}

/// What compiles but cannot be meant, by the types and the order of what is read. Nothing while the
/// types themselves are in doubt.
fn doubts(text: &str, document: &Document, project: &Project, parts: &[Part], found: &mut Vec<Diagnostic>) {
    let unsure = [codes::UNKNOWN_TYPE.number, codes::MISPLACED_TYPE.number];
    if found.iter().any(|fault| unsure.contains(&fault.code.0.as_str())) {
        return;
    }
    rules::types::check(text, parts, found);
    rules::conditions::check(text, parts, found);
    rules::texts::check(text, document, project, parts, found);
    rules::refused::check(text, document.header().mode, parts, found);
    rules::never_set::check(parts, found);
    rules::division::check(text, document, project, parts, found);
    rules::order::check(text, document, parts, found);
    if let Document::Window(window) = document
        && let Some(stream) = rules::sources::stream_of(window, &project.streaming)
    {
        rules::history::check(window, stream, found);
    }
}

/// What stands below a fault that could not be repaired is unread, not missing.
fn stops_reading(diagnostic: &Diagnostic) -> bool {
    let stops = [codes::YAML_SYNTAX, codes::NESTED_TOO_DEEP, codes::ALIAS_EXPANSION];
    diagnostic.fix.is_none() && stops.iter().any(|code| code.number == diagnostic.code.0)
}

/// Whether the diagnostic only says again what a fault of the text at the same place has said.
fn follows(diagnostic: &Diagnostic, fault: &Diagnostic) -> bool {
    let (inner, outer) = (diagnostic.primary.span, fault.primary.span);
    let overlap = inner.start < outer.end && outer.start < inner.end;
    let is =
        |diagnostic: &Diagnostic, codes: &[codes::Known]| codes.iter().any(|code| code.number == diagnostic.code.0);
    let unreadable = is(fault, &[codes::UNKNOWN_ALIAS, codes::ALIAS_EXPANSION, codes::NESTED_TOO_DEEP]);
    let misread = is(fault, &[codes::YAML_SYNTAX]) && is(diagnostic, &[codes::EXPRESSION_SYNTAX, codes::BAD_NAME]);
    overlap && (unreadable || misread)
}

/// By place, worst first; what is said twice (of a part that an alias repeats) is said once. Places are
/// whole characters: those in folded and repaired texts are only near.
fn sorted(text: &str, mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    for diagnostic in &mut diagnostics {
        let labels = diagnostic.others.iter_mut().map(|label| &mut label.span);
        let edits = diagnostic.fix.iter_mut().flat_map(|fix| fix.edits.iter_mut().map(|(span, _)| span));
        for span in labels.chain(edits).chain([&mut diagnostic.primary.span]) {
            *span = span.within(text);
        }
    }
    diagnostics.sort_by(|a, b| {
        let key = |d: &Diagnostic| (d.primary.span.start, d.severity, d.code.clone(), d.primary.span.end);
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
    diagnostics.dedup();
    diagnostics
}
