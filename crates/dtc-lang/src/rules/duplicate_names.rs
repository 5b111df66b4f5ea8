//! Fields, aggregates and stores that share a name.

use dtc_expr::Mode;

use crate::codes;
use crate::diagnostic::{Diagnostic, Severity, quote};
use crate::document::{Document, Field, Name};
use crate::read::Reader;

/// A field defined twice keeps the last definition at the first place, as in Blurr; it is rarely meant.
pub fn fields(reader: &mut Reader, all: Vec<Field>) -> Vec<Field> {
    let mut kept: Vec<Field> = Vec::with_capacity(all.len());
    for field in all {
        let before =
            kept.iter_mut().find(|before| !field.name.value.is_empty() && before.name.value == field.name.value);
        match before {
            Some(before) => {
                let mut diagnostic = twice("field", &before.name, &field.name)
                    .help("The last one counts; rename or delete one of the two");
                diagnostic.severity = if reader.mode == Mode::Blurr { Severity::Note } else { Severity::Warning };
                reader.report(diagnostic);
                *before = field;
            }
            None => kept.push(field),
        }
    }
    kept
}

/// Parts that expressions or references must tell apart.
pub fn check(document: &Document, diagnostics: &mut Vec<Diagnostic>) {
    match document {
        Document::Streaming(streaming) => {
            let aggregates: Vec<&Name> = streaming.aggregates.iter().map(|aggregate| &aggregate.name).collect();
            let stores: Vec<&Name> = streaming.stores.iter().map(|store| &store.name).collect();
            unique("aggregate", &aggregates, diagnostics);
            unique("store", &stores, diagnostics);
            for aggregate in &streaming.aggregates {
                let both: Vec<&Name> =
                    aggregate.fields.iter().chain(aggregate.dimensions()).map(|field| &field.name).collect();
                unique("field", &both, diagnostics);
            }
        }
        Document::Window(window) => {
            let aggregates: Vec<&Name> = window.aggregates.iter().map(|aggregate| &aggregate.name).collect();
            unique("aggregate", &aggregates, diagnostics);
        }
        Document::Attribution(document) => {
            unique("store", &document.stores.iter().map(|store| &store.name).collect::<Vec<_>>(), diagnostics);
        }
        // Its reader has looked at its names.
        Document::Pipeline(_) => {}
        Document::Join(join) => {
            unique("source", &join.sources.iter().map(|source| &source.name).collect::<Vec<_>>(), diagnostics);
            unique("sink", &join.sinks.iter().map(|sink| &sink.name).collect::<Vec<_>>(), diagnostics);
        }
    }
}

pub(crate) fn unique(kind: &str, names: &[&Name], diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: std::collections::HashMap<&str, &Name> = std::collections::HashMap::new();
    for name in names.iter().filter(|name| !name.value.is_empty()) {
        match seen.get(name.value.as_str()) {
            Some(before) => diagnostics.push(twice(kind, before, name).help("Rename one of the two")),
            None => {
                seen.insert(&name.value, name);
            }
        }
    }
}

fn twice(kind: &str, before: &Name, name: &Name) -> Diagnostic {
    Diagnostic::error(
        codes::DUPLICATE_NAME,
        format!("Two {kind}s are called {}", quote(&name.value)),
        name.span,
        "the second one",
    )
    .other(before.span, "the first one")
}
