//! An aggregate's `Store` names a store of its document.

use crate::codes;
use crate::diagnostic::{Diagnostic, quote};
use crate::document::Streaming;
use crate::suggest::nearest;

pub fn check(document: &Streaming, diagnostics: &mut Vec<Diagnostic>) {
    for store in document.aggregates.iter().filter_map(|aggregate| aggregate.store.as_ref()) {
        let mut names = document.stores.iter().map(|store| store.name.value.as_str());
        if names.clone().any(|name| name == store.value) {
            continue;
        }
        let diagnostic = Diagnostic::error(
            codes::UNKNOWN_STORE,
            format!("The store {} is not defined", quote(&store.value)),
            store.span,
            "no store of this document has this name",
        );
        let only = names.next().filter(|_| document.stores.len() == 1);
        let meant = nearest(&store.value, document.stores.iter().map(|store| store.name.value.as_str())).or(only);
        diagnostics.push(match meant.filter(|name| !name.is_empty()) {
            Some(name) => diagnostic.help(format!("Did you mean `{name}`?")).replace(name),
            None => diagnostic.help("Define it under `Stores`, or name one that is defined there"),
        });
    }
}
