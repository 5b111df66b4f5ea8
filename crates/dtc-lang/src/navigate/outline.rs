//! The parts of a document as a tree: documents, stores, aggregates, fields. From the text alone, so that a
//! document with faults has one too.

use crate::text::Span;
use crate::yaml::{self, Data, Node, Pair};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    Document,
    Store,
    Aggregate,
    Field,
    /// A mapping without a name: the anchor, a touch.
    Section,
}

/// A part of a document with the parts in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    pub name: String,
    /// The last word of its type, or what tells it from others.
    pub detail: String,
    pub kind: PartKind,
    /// The whole part; `name_span` lies in it.
    pub span: Span,
    pub name_span: Span,
    pub parts: Vec<Part>,
}

/// The document of the text; nothing where none can be read.
pub fn outline(text: &str) -> Option<Part> {
    let (root, _) = yaml::parse(text);
    part(&root?, "", text)
}

fn part(node: &Node, inside: &str, text: &str) -> Option<Part> {
    let name = node.value("Name")?;
    let own = name.scalar()?;
    let (name_span, _) = yaml::content(text, name);
    let kind = match inside.to_lowercase().as_str() {
        "" => PartKind::Document,
        "stores" | "store" => PartKind::Store,
        "aggregates" | "datagroups" => PartKind::Aggregate,
        _ => PartKind::Field,
    };
    let kind_of = node.text_of("Type").unwrap_or_default();
    Some(Part {
        name: own.text.clone(),
        detail: kind_of.rsplit(':').next().unwrap_or_default().to_owned(),
        kind,
        span: node.span.to(name_span),
        name_span,
        parts: inner(node.mapping()?, node.span, text),
    })
}

/// What an alias repeats lies elsewhere and is left out.
fn inner(pairs: &[Pair], whole: Span, text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    for pair in pairs {
        let Some(key) = pair.key.scalar().map(|key| key.text.as_str()) else { continue };
        let nodes: &[Node] = match &pair.value.data {
            Data::Sequence(items) => items,
            Data::Mapping(_) => std::slice::from_ref(&pair.value),
            Data::Scalar(_) => continue,
        };
        for node in nodes.iter().filter(|node| whole.start <= node.span.start && node.span.end <= whole.end) {
            match part(node, key, text) {
                Some(found) => parts.push(found),
                None => {
                    parts.extend(node.mapping().filter(|_| !key.eq_ignore_ascii_case("Import")).map(|inside| Part {
                        name: key.to_owned(),
                        detail: String::new(),
                        kind: PartKind::Section,
                        span: pair.key.span.to(node.span),
                        name_span: pair.key.span,
                        parts: inner(inside, node.span, text),
                    }))
                }
            }
        }
    }
    parts
}
