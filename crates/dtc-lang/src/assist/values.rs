//! Values that attributes other than expressions can have: types, choices, names of stores and blocks.

use super::{Suggestion, SuggestionKind, meaning, stream_of};
use crate::check::Project;
use crate::dialect::{self, DocumentKind};
use crate::document::{AGGREGATIONS, Aggregate, Document, MECHANISMS, OVERRIDE_SCOPES, POLICY_KINDS, Streaming};
use crate::read::{MODELS, SINKS, SOURCES};
use crate::scopes::has_times;
use crate::zones;

use super::place::Place;

/// Whether the choice depends on the rest of the document.
pub fn needs_document(key: &str) -> bool {
    ["store", "source"].contains(&key.to_lowercase().as_str())
}

pub fn suggestions(
    place: &Place,
    key: &str,
    kind: Option<DocumentKind>,
    document: Option<&Document>,
    project: &Project,
) -> Vec<Suggestion> {
    let inside = place.path.last().map_or(String::new(), |key| key.to_lowercase());
    let fixed = |names: &[&str]| names.iter().map(|name| choice(name, "")).collect();
    match (inside.as_str(), key.to_lowercase().as_str()) {
        ("window", "type") | (_, "windowtype") => {
            vec![choice("day", ""), choice("hour", ""), choice("count", "blocks")]
        }
        ("sources", "type") => fixed(&SOURCES),
        ("sinks", "type") => fixed(&SINKS),
        ("sources" | "sinks", "mechanism") => fixed(&MECHANISMS),
        ("sources" | "sinks", "tls") => fixed(&["true", "false"]),
        ("override", "scope") => fixed(&OVERRIDE_SCOPES),
        (inside, "type") => types(inside, kind).iter().map(|name| choice(name, "")).collect(),
        (_, "version") => vec![Suggestion { insert: "'2018-03-01'".to_owned(), ..choice("2018-03-01", "") }],
        (_, "compatibility") => fixed(&["studio", "blurr"]),
        (_, "maxper") => fixed(&["day", "identity", "run"]),
        (_, "pick") => fixed(&["first", "random"]),
        (_, "calendar") => fixed(&["true", "false"]),
        (_, "zone") => zones::names().map(|name| choice(name, "")).collect(),
        (_, "asof") => fixed(&["start", "end", "final"]),
        (_, "aggregation") => fixed(&AGGREGATIONS),
        ("policies" | "policy", "kind") => fixed(&POLICY_KINDS),
        (_, "duplicates") => fixed(&["first", "every"]),
        (_, "missing") => fixed(&["default", "drop"]),
        (_, "bounds") => {
            let quoted = |name: &str| Suggestion { insert: format!("'{name}'"), ..choice(name, "") };
            ["()", "[)", "(]", "[]"].map(quoted).to_vec()
        }
        (_, "models" | "model") => MODELS.iter().map(|model| choice(&model.example(), model.meaning)).collect(),
        (_, "cycles") => fixed(&["first", "repeat"]),
        (_, "module") => modules(project),
        (_, "sourcebts" | "sourcedtc") => {
            project.streaming.iter().map(|stream| choice(&stream.header.name.value, "streaming document")).collect()
        }
        ("stores", "format") => fixed(&["parquet", "csv"]),
        (_, "store") => stores(document),
        (_, "source") => document.map_or_else(Vec::new, |document| blocks(document, project)),
        _ => Vec::new(),
    }
}

/// Today's names; the older ones are read and not offered.
fn types(inside: &str, kind: Option<DocumentKind>) -> Vec<&'static str> {
    let current = |names: &'static [&'static str]| {
        names.iter().copied().filter(|name| !name.contains(":DataGroup:") && !name.contains(":Storage:")).collect()
    };
    match inside {
        "" => current(dialect::DOCUMENT_TYPES),
        "aggregates" | "datagroups" if kind == Some(DocumentKind::Window) => current(dialect::WINDOW_AGGREGATES),
        "aggregates" | "datagroups" => current(dialect::STREAMING_AGGREGATES),
        "stores" | "store" if kind == Some(DocumentKind::Attribution) => dialect::WAREHOUSE_TYPES.to_vec(),
        "stores" | "store" => current(dialect::STORE_TYPES),
        "fields" => dialect::FIELD_TYPES.to_vec(),
        "dimensions" => vec!["string", "integer"],
        _ => Vec::new(),
    }
}

fn choice(name: &str, detail: &str) -> Suggestion {
    Suggestion { documentation: meaning::type_name(name).unwrap_or_default().to_owned(), ..plain(name, detail) }
}

/// A choice that is no name of a type.
pub(super) fn plain(name: &str, detail: &str) -> Suggestion {
    Suggestion {
        label: name.to_owned(),
        insert: name.to_owned(),
        snippet: false,
        kind: SuggestionKind::Choice,
        detail: detail.to_owned(),
        documentation: String::new(),
    }
}

fn modules(project: &Project) -> Vec<Suggestion> {
    let own = project.functions.module_names().map(|name| choice(&format!("functions/{name}"), "your functions"));
    own.chain(dtc_expr::module_names().map(|name| choice(name, "module of Python"))).collect()
}

fn stores(document: Option<&Document>) -> Vec<Suggestion> {
    let stores = match document {
        Some(Document::Streaming(streaming)) => &streaming.stores,
        Some(Document::Window(window)) => &window.stores,
        _ => return Vec::new(),
    };
    stores.iter().map(|store| choice(&store.name.value, "store")).collect()
}

/// `stream.aggregate` of everything that has blocks.
fn blocks(document: &Document, project: &Project) -> Vec<Suggestion> {
    let streams: Vec<&Streaming> = match document {
        // Those of any streaming document may be its records.
        Document::Attribution(_) => project.streaming.iter().collect(),
        _ => stream_of(document, project).into_iter().collect(),
    };
    let blocks = |stream: &&Streaming| -> Vec<Suggestion> {
        let blocks = stream.aggregates.iter().filter(|aggregate| has_times(&aggregate.kind));
        let name = |aggregate: &Aggregate| format!("{}.{}", stream.header.name.value, aggregate.name.value);
        blocks.map(|aggregate| choice(&name(aggregate), "blocks")).collect()
    };
    streams.iter().flat_map(blocks).collect()
}
