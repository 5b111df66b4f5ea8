//! The fields that occur in a project's data, and what a document reads that never does.

use serde::{Deserialize, Serialize};

use crate::codes;
use crate::diagnostic::{Diagnostic, quote};
use crate::document::{AggregateKind, Document, Expression, PolicyKind};
use crate::rules::names::is_name_part;
use crate::suggest::nearest;

/// A field that occurs in the project's data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DataField {
    /// Dotted from the event's top, e.g. `device.os`.
    pub path: String,
    /// JSON types seen, most frequent first: text number boolean list object null.
    pub types: Vec<String>,
    /// Share of the records that have it, 0 to 1.
    pub share: f64,
    /// Up to three values, as JSON text.
    pub examples: Vec<String>,
}

/// Words for who is behind an event, the best first.
const WHO: [&str; 14] = [
    "user",
    "customer",
    "member",
    "player",
    "account",
    "visitor",
    "subscriber",
    "client",
    "person",
    "entity",
    "cookie",
    "device",
    "uid",
    "session",
];
const ID_ENDS: [&str; 6] = ["id", "identifier", "key", "uuid", "number", "uid"];

/// The field that tells who is behind an event, as its name says; the first of equals, so that the order of
/// the record decides.
pub fn likely_identity(fields: &[DataField]) -> Option<&str> {
    let ranked =
        fields.iter().filter_map(|field| Some((identity_rank(&field.path, &field.types)?, field.path.as_str())));
    ranked.min_by_key(|(rank, _)| *rank).map(|(_, path)| path)
}

/// `user_id` before `customer_identifier` before `user`; a name alone is a weaker sign than an id. `types`: as
/// in [`DataField`].
pub fn identity_rank(path: &str, types: &[String]) -> Option<usize> {
    let last = path.rsplit('.').next().unwrap_or(path);
    let name: String = last.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let word = WHO.iter().position(|word| name.contains(word))?;
    let named = ID_ENDS.iter().any(|end| name.ends_with(end));
    let is_scalar = matches!(types.first().map(String::as_str), Some("text" | "number"));
    (is_scalar && (named || name == WHO[word])).then_some(word + if named { 0 } else { WHO.len() })
}

/// Warnings for `source.field` where no record that was looked at has the field. Nothing without data, and
/// nothing for window documents, whose `source` are blocks.
pub(crate) fn check(document: &Document, data: &[DataField], found: &mut Vec<Diagnostic>) {
    if data.is_empty() {
        return;
    }
    for expression in expressions(document) {
        for name in source_names(&expression.text) {
            found.extend(unseen(expression, &name, data));
        }
    }
}

/// Every expression that sees an event.
fn expressions(document: &Document) -> Vec<&Expression> {
    let mut all: Vec<&Expression> = Vec::new();
    match document {
        Document::Streaming(streaming) => {
            all.extend([&streaming.identity, &streaming.time]);
            all.extend(streaming.event_id.iter().chain(&streaming.header.when));
            for aggregate in &streaming.aggregates {
                all.extend(&aggregate.when);
                if let AggregateKind::Session { split } = &aggregate.kind {
                    all.extend(split);
                }
                for field in aggregate.fields.iter().chain(aggregate.dimensions()) {
                    all.push(&field.value);
                    all.extend(&field.when);
                }
            }
        }
        // Blocks are no events.
        Document::Attribution(document) if document.source.is_some() => {}
        Document::Attribution(document) => {
            all.extend(document.identity.iter().chain(&document.time));
            all.extend([&document.touch.value, &document.conversion_when]);
            all.extend(document.touch.when.iter().chain(&document.milestone_when).chain(&document.header.when));
            all.extend(document.touch.cost.iter().chain(&document.conversion_value));
        }
        Document::Join(document) => {
            all.extend([&document.key, &document.time, &document.decision_when, &document.action]);
            all.extend([&document.reward_when, &document.reward_value]);
            all.extend(document.probability.iter().chain(&document.context));
            all.extend(document.policies.iter().filter_map(|policy| match &policy.kind {
                PolicyKind::Expression(value) | PolicyKind::Column(value) => Some(value),
                _ => None,
            }));
            all.extend(document.override_when.iter().chain(&document.activation_when).chain(&document.header.when));
        }
        Document::Window(_) | Document::Pipeline(_) => {}
    }
    all
}

/// Names behind `source`, each with the byte that it begins at; without a last one that is called.
type Path<'t> = Vec<(usize, &'t str)>;

/// Every `source.a.b` of an expression, outside of texts.
fn source_names(text: &str) -> Vec<Path<'_>> {
    let mut paths = Vec::new();
    let mut quote = None;
    let mut at = 0;
    while let Some(character) = text[at..].chars().next() {
        match quote {
            Some(open) if character == open => quote = None,
            None if matches!(character, '"' | '\'') => quote = Some(character),
            None if is_name_part(character) => {
                let end = name_end(text, at);
                let is_member = text[..at].trim_end().ends_with('.');
                if &text[at..end] == "source" && !is_member {
                    paths.push(path_behind(text, end));
                }
                at = end;
                continue;
            }
            _ => {}
        }
        at += character.len_utf8();
    }
    paths.retain(|path| !path.is_empty());
    paths
}

fn name_end(text: &str, from: usize) -> usize {
    text[from..].find(|character| !is_name_part(character)).map_or(text.len(), |length| from + length)
}

fn path_behind(text: &str, mut at: usize) -> Path<'_> {
    let mut path = Vec::new();
    while text[at..].starts_with('.') {
        let end = name_end(text, at + 1);
        if end == at + 1 || text[end..].trim_start().starts_with('(') {
            break;
        }
        path.push((at + 1, &text[at + 1..end]));
        at = end;
    }
    path
}

/// The first part of a path that does not occur, as far as the parts before it are objects.
fn unseen(expression: &Expression, path: &Path, data: &[DataField]) -> Option<Diagnostic> {
    let mut before = String::new();
    for (start, name) in path {
        let whole = format!("{before}{name}");
        let Some(field) = data.iter().find(|field| field.path == whole) else {
            let span = expression.place(*start..start + name.len());
            let message = format!("No record of the data has the field {}", quote(&whole));
            let diagnostic =
                Diagnostic::warning(codes::UNSEEN_FIELD, message, span, "always `None`, as far as was looked");
            let inner = before.as_str();
            let known =
                data.iter().filter_map(|field| field.path.strip_prefix(inner)).filter(|rest| !rest.contains('.'));
            let plain = expression.offsets.is_none();
            return Some(match nearest(name, known) {
                Some(meant) if plain => diagnostic.help(format!("Did you mean `{meant}`?")).replace(meant),
                Some(meant) => diagnostic.help(format!("Did you mean `{meant}`?")),
                None => diagnostic.help("Look at the Fields of the data; a rare field may be in later records"),
            });
        };
        if !field.types.iter().any(|kind| kind == "object") {
            return None;
        }
        before = format!("{whole}.");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let path = |path: &Path| path.iter().map(|(_, name)| *name).collect::<Vec<_>>().join(".");
        source_names(text).iter().map(path).collect()
    }

    #[test]
    fn only_members_of_the_event_count() {
        assert_eq!(names("source.a + source.b.c"), ["a", "b.c"]);
        assert_eq!(names("x.source.a or resource.b or 'source.c'"), Vec::<String>::new());
        assert_eq!(names("source.name.lower() == source.get('x')"), ["name"]);
        assert_eq!(names("source['a'] if source.é else source."), ["é"]);
    }
}
