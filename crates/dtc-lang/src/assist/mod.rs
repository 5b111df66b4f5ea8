//! Help while a document is written: what can stand at the cursor, and what stands there means.
//!
//! Works on any text, broken or not. The page and every other editor ask here.

mod expression;
mod inferred;
mod meaning;
mod parts;
mod pipeline;
mod place;
mod signature;
mod values;

use dtc_expr::OfferKind;

use crate::check::{Project, read};
use crate::dialect::{self, DocumentKind};
use crate::document::{Document, Field};
use crate::read::known;
use crate::text::{Span, floor_boundary};
use expression::Cursor;
pub use inferred::{TypeAt, infer_at};
use place::{At, Place, place};
pub use signature::{Form, SignatureHelp};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SuggestionKind {
    Attribute,
    Choice,
    /// A whole part of a document, to be filled in.
    Part,
    /// A field of the data.
    Data,
    Name(OfferKind),
}

/// Something that can stand at the cursor.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    pub label: String,
    pub insert: String,
    /// Whether `insert` holds places to fill in, as LSP writes them: `$0`, `${1:name}`.
    pub snippet: bool,
    pub kind: SuggestionKind,
    /// A word or two beside the label.
    pub detail: String,
    pub documentation: String,
}

/// What can stand at a place, the likeliest first, and the text that it would replace.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestions {
    pub replace: Span,
    pub items: Vec<Suggestion>,
}

/// What stands at a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Hover {
    pub span: Span,
    /// Paragraphs of Markdown.
    pub text: Vec<String>,
}

/// Attributes that hold expressions, by the key above them.
const EXPRESSIONS: &[&str] =
    &["identity", "time", "eventid", "when", "filter", "split", "condition", "key", "action", "value"];

fn is_expression(place: &Place, key: &str) -> bool {
    let key = key.to_lowercase();
    let in_window_block = place.path.last().is_some_and(|last| last.eq_ignore_ascii_case("Window"));
    let has_expressions = dialect::document_kind(place.document_type) != Some(DocumentKind::Pipeline);
    EXPRESSIONS.contains(&key.as_str()) && !in_window_block && has_expressions
}

/// What can stand at `offset`, a place in bytes; inside a character: at its start.
pub fn suggestions(text: &str, offset: u32, project: &Project) -> Option<Suggestions> {
    let offset = floor_boundary(text, offset as usize) as u32;
    let place = place(text, offset)?;
    let kind = dialect::document_kind(place.document_type);
    match place.at {
        At::Key(span) => {
            let rest = &text[span.end as usize..];
            let end = if rest.trim_start_matches(' ').starts_with(':') { "" } else { ": " };
            let mut items = attributes(&place, kind, end);
            items.extend(parts::parts(&place, kind));
            Some(Suggestions { replace: span, items })
        }
        At::Value(key, span) if is_expression(&place, key) => {
            let document = read(text, project);
            expression::suggestions(&Cursor {
                text,
                offset,
                value: span,
                kind,
                document: document.as_ref(),
                key,
                project,
            })
        }
        At::Value(key, span) | At::Item(key, span) => {
            if kind == Some(DocumentKind::Pipeline) && !(place.path.is_empty() && key.eq_ignore_ascii_case("Type")) {
                let items = pipeline::values(&place, key, read(text, project).as_ref(), project);
                return Some(Suggestions { replace: span, items });
            }
            let document = values::needs_document(key).then(|| read(text, project)).flatten();
            let items = values::suggestions(&place, key, kind, document.as_ref(), project);
            Some(Suggestions { replace: span, items })
        }
    }
}

/// Attributes that the mapping may have and has not, required ones first. `end` is put behind the name.
fn attributes(place: &Place, kind: Option<DocumentKind>, end: &str) -> Vec<Suggestion> {
    // Before there is a type, every document begins alike.
    let known = known(kind.unwrap_or(DocumentKind::Streaming), &place.path, &place.siblings).unwrap_or_default();
    let missing = known.iter().filter(|attribute| !place.siblings.iter().any(|(key, _)| attribute.is_called(key)));
    let mut missing: Vec<_> = missing.collect();
    missing.sort_by_key(|attribute| !attribute.required);
    let suggestion = |attribute: &&crate::read::Attribute| Suggestion {
        label: attribute.name.to_owned(),
        insert: format!("{}{end}", attribute.name),
        snippet: false,
        kind: SuggestionKind::Attribute,
        detail: if attribute.required { "required".to_owned() } else { String::new() },
        documentation: meaning_at(place, kind, attribute.name).unwrap_or_default().to_owned(),
    };
    missing.iter().map(suggestion).collect()
}

/// What an attribute means where it stands.
fn meaning_at(place: &Place, kind: Option<DocumentKind>, name: &str) -> Option<&'static str> {
    match kind {
        Some(DocumentKind::Pipeline) => pipeline::meaning(&place.path, name, pipeline::kind_of(place)),
        _ => meaning::attribute(&place.path, name),
    }
}

/// What an attribute of a kind of document means, below the keys of `path`.
pub fn attribute_meaning(kind: DocumentKind, path: &[&str], name: &str) -> Option<&'static str> {
    match kind {
        DocumentKind::Pipeline => pipeline::meaning(path, name, None),
        _ => meaning::attribute(path, name),
    }
}

/// What stands at `offset` means.
pub fn hover(text: &str, offset: u32, project: &Project) -> Option<Hover> {
    let offset = floor_boundary(text, offset as usize) as u32;
    let place = place(text, offset)?;
    let kind = dialect::document_kind(place.document_type);
    match place.at {
        At::Key(span) => {
            let key = span.of(text);
            let meaning = meaning_at(&place, kind, key)?;
            Some(Hover { span, text: vec![format!("**{key}**"), meaning.to_owned()] })
        }
        At::Value(key, span) if is_expression(&place, key) => {
            let document = read(text, project);
            let known = infer_at(text, offset, project);
            let cursor = Cursor { text, offset, value: span, kind, document: document.as_ref(), key, project };
            let hover = expression::hover(&cursor, known.as_ref());
            hover.or_else(|| expression::part(text, known?))
        }
        At::Value(key, span) if kind == Some(DocumentKind::Pipeline) && !place.path.is_empty() => {
            pipeline::hover_value(&place, key, text, span)
        }
        At::Value(key, span) | At::Item(key, span) if key.eq_ignore_ascii_case("Type") => {
            let written = span.of(text).split(" #").next().unwrap_or_default().trim();
            let name = written.trim_matches(['\'', '"']);
            let meaning = meaning::type_name(name)?;
            let span = Span::new(span.start as usize, span.start as usize + written.len());
            Some(Hover { span, text: vec![format!("**{name}**"), meaning.to_owned()] })
        }
        At::Value(key, span) if key.eq_ignore_ascii_case("Name") => {
            let document = read(text, project);
            defined(document.as_ref()?, span)
        }
        At::Value(..) | At::Item(..) => None,
    }
}

/// The call that `offset` stands in the brackets of.
pub fn signature_help(text: &str, offset: u32, project: &Project) -> Option<SignatureHelp> {
    let place = place(text, offset)?;
    let kind = dialect::document_kind(place.document_type);
    match place.at {
        At::Value(key, span) if is_expression(&place, key) => {
            // A whole expression in YAML's quotes is none in Python's.
            let start = span.start as usize + usize::from(span.of(text).starts_with(['"', '\'']));
            let call = signature::open_call(text.get(start..offset as usize)?)?;
            let document = read(text, project);
            let offset = u32::try_from(start + call.callee_end).ok()?;
            let cursor = Cursor { text, offset, value: span, kind, document: document.as_ref(), key, project };
            signature::help(&expression::offer_at(&cursor)?, &call)
        }
        At::Key(_) | At::Value(..) | At::Item(..) => None,
    }
}

/// The field whose name stands at `span`.
fn defined(document: &Document, span: Span) -> Option<Hover> {
    let groups: Vec<(&str, Vec<&Field>)> = match document {
        Document::Streaming(document) => (document.aggregates.iter())
            .map(|own| (own.name.value.as_str(), own.fields.iter().chain(own.dimensions()).collect()))
            .collect(),
        Document::Window(document) => {
            document.aggregates.iter().map(|own| (own.name.value.as_str(), own.fields.iter().collect())).collect()
        }
        Document::Attribution(_) | Document::Join(_) | Document::Pipeline(_) => Vec::new(),
    };
    let here = |name: Span| span.start <= name.start && name.end <= span.end;
    let mut fields = groups.into_iter().flat_map(|(owner, fields)| fields.into_iter().map(move |field| (owner, field)));
    let (owner, field) = fields.find(|(_, field)| here(field.name.span))?;
    let text =
        vec![format!("**{owner}.{}**", field.name.value), format!("A field of type {}.", field.field_type.name())];
    Some(Hover { span: field.name.span, text })
}

/// The streaming document that a document looks at.
fn stream_of<'s>(document: &'s Document, project: &'s Project) -> Option<&'s crate::document::Streaming> {
    match document {
        Document::Streaming(streaming) => Some(streaming),
        Document::Window(window) => crate::stream_of(window, &project.streaming),
        Document::Attribution(document) => {
            crate::blocks_of(&document.source.as_ref()?.value, &project.streaming).map(|(stream, _)| stream)
        }
        Document::Join(_) | Document::Pipeline(_) => None,
    }
}
