//! From the YAML tree to a `Document`: one file per kind of document, all faults collected on the way.
//!
//! A part that cannot be read is left out or stands empty; it has been reported, and follow-up errors
//! are left out.

mod aggregate;
mod attributes;
mod attribution;
mod field;
mod header;
mod join;
mod known;
mod models;
mod old_times;
mod outlets;
pub mod pipeline;
mod policies;
mod store;
mod streaming;
mod value;
mod warehouse;
mod window;

pub use attributes::{Attribute, Attributes, Entry};
pub use known::known;
pub use models::{KnownModel, MODELS, Parameter};
pub use outlets::{SINKS, SOURCES};

use dtc_expr::Mode;

use crate::codes;
use crate::diagnostic::{Diagnostic, quote};
use crate::dialect::{self, DocumentKind};
use crate::document::Document;
use crate::suggest::nearest;
use crate::text::Span;
use crate::yaml::{Data, Node, Pair};

/// Collects what is found while a tree is read.
pub struct Reader<'t> {
    pub text: &'t str,
    pub mode: Mode,
    pub diagnostics: Vec<Diagnostic>,
    /// Attributes that nothing reads are errors.
    pub is_strict: bool,
}

impl<'t> Reader<'t> {
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reads a whole document. `blurr` sets the mode whatever the header says.
    pub fn document(text: &'t str, root: &Node, blurr: bool) -> (Option<Document>, Vec<Diagnostic>) {
        let mode = if blurr || header::says_blurr(root) { Mode::Blurr } else { Mode::Studio };
        let mut reader = Reader { text, mode, diagnostics: Vec::new(), is_strict: false };
        let document = reader.root(root);
        (document, reader.diagnostics)
    }

    fn root(&mut self, root: &Node) -> Option<Document> {
        let kind = self.kind(root)?;
        match kind {
            DocumentKind::Streaming => self.streaming(root).map(Document::Streaming),
            DocumentKind::Window => self.window(root).map(Document::Window),
            DocumentKind::Attribution => self.attribution(root).map(Document::Attribution),
            DocumentKind::Join => self.join(root).map(Document::Join),
            DocumentKind::Pipeline => self.pipeline(root).map(|document| Document::Pipeline(Box::new(document))),
        }
    }

    /// The kind that `Type` says; where it says nothing known, what the attributes look like.
    fn kind(&mut self, root: &Node) -> Option<DocumentKind> {
        let Data::Mapping(pairs) = &root.data else {
            let label = if root.sequence().is_some() { "this is a list" } else { "this is a text" };
            let first = first_line(self.text, root.span);
            self.report(
                Diagnostic::error(
                    codes::NOT_A_DOCUMENT,
                    "A document starts with `Type: …` and `Name: …`",
                    first,
                    label,
                )
                .help("Write `Name: value` lines at the top, beginning with `Type: ProductML:DTC:Streaming`"),
            );
            return None;
        };
        let guess = looks_like(pairs);
        let written =
            pairs.iter().find(|pair| pair.key.scalar().is_some_and(|key| key.text.eq_ignore_ascii_case("Type")));
        let Some(written) = written else {
            // Readers report a missing `Type`; only where no kind can be guessed is it said here.
            if guess.is_none() {
                let first = pairs.first().map_or(root.span, |pair| pair.key.span);
                self.report(
                    Diagnostic::error(
                        codes::MISSING_ATTRIBUTE,
                        "`Type` is missing in the document",
                        first,
                        "the document starts here",
                    )
                    .help("Add a line such as `Type: ProductML:DTC:Streaming`"),
                );
            }
            return guess;
        };
        if written.value.scalar().is_none() {
            self.text_of("Type", &written.value);
            return guess;
        }
        let name = written.value.scalar().map_or("", |scalar| scalar.text.trim());
        let kind = dialect::document_kind(name);
        if kind.is_none() && !written.value.is_null() {
            let diagnostic = Diagnostic::error(
                codes::UNKNOWN_TYPE,
                format!("{} is not a type of document", quote(name)),
                first_line(self.text, written.value.span),
                "no document has this type",
            );
            self.report(did_you_mean(diagnostic, name, dialect::DOCUMENT_TYPES));
        }
        kind.or(guess)
    }
}

/// The kind of document that has such attributes.
fn looks_like(pairs: &[Pair]) -> Option<DocumentKind> {
    let has =
        |name: &str| pairs.iter().any(|pair| pair.key.scalar().is_some_and(|key| key.text.eq_ignore_ascii_case(name)));
    if has("Anchor") {
        Some(DocumentKind::Window)
    } else if has("Touch") || has("Conversion") {
        Some(DocumentKind::Attribution)
    } else if has("Schedules") || has("Flows") || has("Environments") {
        Some(DocumentKind::Pipeline)
    } else if has("Reward") || has("Decision") {
        Some(DocumentKind::Join)
    } else if has("Identity") || has("Aggregates") || has("DataGroups") {
        Some(DocumentKind::Streaming)
    } else {
        None
    }
}

/// Adds the nearest known name as help and fix, or lists what is known.
pub fn did_you_mean(diagnostic: Diagnostic, written: &str, known: &[&str]) -> Diagnostic {
    match nearest(written, known.iter().copied()) {
        Some(name) => diagnostic.help(format!("Did you mean `{name}`?")).replace(name),
        None => {
            let list: Vec<String> = known.iter().take(8).map(|name| format!("`{name}`")).collect();
            diagnostic.help(format!("Known: {}", list.join(", ")))
        }
    }
}

/// The part of a span on its first line.
pub fn first_line(text: &str, span: Span) -> Span {
    let length = span.of(text).lines().next().map_or(0, str::len);
    Span::new(span.start as usize, span.start as usize + length)
}
