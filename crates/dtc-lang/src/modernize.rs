//! A document of an earlier time in today's names: attributes and types (LANGUAGE.md A.1). Names of the
//! user's own stay, and so does every value that is not a type.

use crate::dialect::{self, AggregateType, DocumentKind, StoreType};
use crate::read::known;
use crate::text::Span;
use crate::yaml::{self, Data, Node};

/// The edits that bring the names of the text up to date, in the order of the text; none where they are.
pub fn modernize(text: &str) -> Vec<(Span, String)> {
    let (Some(root), _) = yaml::parse(text) else { return Vec::new() };
    let document_type = root.text_of("Type").unwrap_or_default();
    let Some(kind) = dialect::document_kind(document_type) else { return Vec::new() };
    let mut edits = Vec::new();
    Walk { text, kind, edits: &mut edits }.mapping(&root, &mut Vec::new());
    edits.sort_by_key(|(span, _)| *span);
    // What an alias repeats stands there once.
    edits.dedup();
    edits
}

struct Walk<'w> {
    text: &'w str,
    kind: DocumentKind,
    edits: &'w mut Vec<(Span, String)>,
}

impl Walk<'_> {
    fn mapping(&mut self, node: &Node, path: &mut Vec<String>) {
        let Some(pairs) = node.mapping() else { return };
        let written: Vec<(&str, &str)> = pairs
            .iter()
            .filter_map(|pair| {
                Some((pair.key.scalar()?.text.as_str(), pair.value.scalar().map_or("", |value| &value.text)))
            })
            .collect();
        let keys: Vec<&str> = path.iter().map(String::as_str).collect();
        let Some(known) = known(self.kind, &keys, &written) else { return };
        for pair in pairs {
            let Some(key) = pair.key.scalar() else { continue };
            let Some(attribute) = known.iter().find(|attribute| attribute.is_called(&key.text)) else { continue };
            // Both names of the streaming document are today's.
            if attribute.name != "SourceBTS" {
                self.replace(&pair.key, attribute.name);
            }
            if attribute.name == "Type"
                && let Some(name) = pair.value.scalar().and_then(|value| self.type_name(path, &value.text, node))
            {
                self.replace(&pair.value, name);
            }
            path.push(attribute.name.to_owned());
            match &pair.value.data {
                Data::Mapping(_) => self.mapping(&pair.value, path),
                Data::Sequence(items) => items.iter().for_each(|item| self.mapping(item, path)),
                Data::Scalar(_) => {}
            }
            path.pop();
        }
    }

    fn type_name(&self, path: &[String], written: &str, part: &Node) -> Option<&'static str> {
        match path.last().map(String::as_str) {
            None => Some(match dialect::document_kind(written)? {
                DocumentKind::Streaming => "ProductML:DTC:Streaming",
                DocumentKind::Window => "ProductML:DTC:Window",
                DocumentKind::Attribution => "ProductML:DTC:Attribution",
                DocumentKind::Join => "ProductML:DTC:Join",
                DocumentKind::Pipeline => "ProductML:DTC:Pipeline",
            }),
            Some("Aggregates") => Some(match dialect::aggregate_type(written)? {
                AggregateType::Identity => "ProductML:DTC:Aggregate:Identity",
                // Until 2018-06 blocks could be split; that is a session now.
                AggregateType::Block | AggregateType::Session if part.value("Dimensions").is_none() => {
                    "ProductML:DTC:Aggregate:Session"
                }
                AggregateType::Block | AggregateType::Session => "ProductML:DTC:Aggregate:Block",
                AggregateType::Activity => "ProductML:DTC:Aggregate:Activity",
                AggregateType::Variable => "ProductML:DTC:Aggregate:Variable",
                AggregateType::Window => "ProductML:DTC:Aggregate:Window",
            }),
            Some("Stores") => Some(match dialect::store_type(written)? {
                StoreType::Memory => "ProductML:DTC:Store:Memory",
                StoreType::Dynamo => "ProductML:DTC:Store:Dynamo",
                StoreType::S3 => "ProductML:DTC:Store:S3",
            }),
            Some(_) => None,
        }
    }

    fn replace(&mut self, node: &Node, name: &str) {
        let (span, _) = yaml::content(self.text, node);
        if span.of(self.text) != name {
            self.edits.push((span, name.to_owned()));
        }
    }
}
