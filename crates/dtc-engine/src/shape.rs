//! Documents as text without their places: two of them are equal where no edit can have changed a run.

use std::fmt::Write;

use dtc_expr::{Functions, Mode};
use dtc_lang::document::{AggregateKind, Expression, Field, Import, Streaming, Window};

/// A field's expressions.
pub(crate) fn field(field: &Field) -> String {
    format!("{}\0{}", field.value.text, condition(field.when.as_ref()))
}

/// All but the expressions of fields: what decides which events enter which records.
pub(crate) fn streaming(document: &Streaming, mode: Mode, functions: &Functions) -> String {
    let header = &document.header;
    let mut out = format!("{mode:?}\0{}\0{}\0", header.name.value, imports(&header.imports));
    let expressions =
        [Some(&document.identity), Some(&document.time), document.event_id.as_ref(), header.when.as_ref()];
    expressions.iter().for_each(|expression| line(&mut out, &condition(*expression)));
    for store in &document.stores {
        line(&mut out, &store.name.value);
    }
    for aggregate in &document.aggregates {
        let store = aggregate.store.as_ref().map(|store| store.value.as_str());
        line(&mut out, &format!("{} {store:?} {}", aggregate.name.value, condition(aggregate.when.as_ref())));
        match &aggregate.kind {
            AggregateKind::Identity { .. } => line(&mut out, "identity"),
            AggregateKind::Block { .. } => line(&mut out, "block"),
            AggregateKind::Session { split } => line(&mut out, &format!("session {}", condition(split.as_ref()))),
            AggregateKind::Activity { gap_seconds } => line(&mut out, &format!("activity {gap_seconds}")),
            AggregateKind::Variable => line(&mut out, "variable"),
        }
        for dimension in aggregate.dimensions() {
            line(&mut out, &format!("by {} {}", named(dimension), field(dimension)));
        }
        for own in &aggregate.fields {
            line(&mut out, &named(own));
        }
    }
    line(&mut out, &functions.fingerprint());
    out
}

/// All but the expressions of its aggregates.
pub(crate) fn window(document: &Window) -> String {
    let (header, anchor) = (&document.header, &document.anchor);
    let mut out = format!("{}\0{}\0{}\0", header.name.value, imports(&header.imports), condition(header.when.as_ref()));
    let source = anchor.source.as_ref().map(|source| source.value.as_str());
    let limits = (anchor.max, anchor.as_of, anchor.max_per, anchor.pick);
    line(&mut out, &format!("{} {limits:?} {source:?}", anchor.condition.text));
    for aggregate in &document.aggregates {
        line(&mut out, &aggregate.name.value);
        if let Some(window) = &aggregate.window {
            let bounds = (window.kind, window.value, window.keep_missing, window.include_lower, window.include_upper);
            line(&mut out, &format!("{bounds:?} {:?} {}", window.calendar, window.source.value));
        }
        for own in &aggregate.fields {
            line(&mut out, &named(own));
        }
    }
    out
}

fn named(field: &Field) -> String {
    format!("{} {}", field.name.value, field.field_type.name())
}

pub(crate) fn condition(expression: Option<&Expression>) -> String {
    expression.map_or_else(String::new, |expression| format!("={}", expression.text))
}

fn imports(imports: &[Import]) -> String {
    let mut out = String::new();
    for import in imports {
        let names: Vec<&str> = import.identifiers.iter().map(|name| name.value.as_str()).collect();
        line(&mut out, &format!("{} {names:?}", import.module.value));
    }
    out
}

fn line(out: &mut String, text: &str) {
    // Writing to a text cannot fail.
    let _ = writeln!(out, "{text}\0");
}
