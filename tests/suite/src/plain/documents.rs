//! Checked documents as the plain interpreter reads them: what the language's reader found, nothing resolved.

use dtc_expr::Mode;
use dtc_lang::document::{
    Aggregate, AggregateKind, AsOf, Expression, Field, Import, MaxPer, Streaming, Window, WindowAggregate, WindowKind,
    WindowSpec,
};
use serde_json::{Value as Json, json};

pub fn streaming(document: &Streaming, mode: Mode) -> Json {
    let stores = &document.stores;
    // Blurr prints only what is kept in the first declared store (LANGUAGE.md B.9).
    let stored = |aggregate: &Aggregate| match &aggregate.store {
        None => !matches!(aggregate.kind, AggregateKind::Variable),
        Some(store) => mode == Mode::Studio || stores.first().is_none_or(|first| first.name.value == store.value),
    };
    json!({
        "name": document.header.name.value,
        "imports": imports(&document.header.imports),
        "identity": document.identity.text,
        "time": document.time.text,
        "event_id": optional(document.event_id.as_ref()),
        "when": optional(document.header.when.as_ref()),
        "aggregates": document.aggregates.iter().map(|found| aggregate(found, stored(found))).collect::<Vec<Json>>(),
    })
}

/// `anchor` is the aggregate whose blocks are tested: the anchor's source, or the only one that it can be.
pub fn window(document: &Window, streaming: &Streaming) -> Json {
    let anchor = &document.anchor;
    json!({
        "imports": imports(&document.header.imports),
        "when": optional(document.header.when.as_ref()),
        "condition": anchor.condition.text,
        "max": anchor.max,
        "as_of": match anchor.as_of { AsOf::Start => "start", AsOf::End => "end", AsOf::Final => "final" },
        "max_per": match anchor.max_per { MaxPer::Day => "day", MaxPer::Identity => "identity", MaxPer::Run => "run" },
        "anchor": anchor_name(document, streaming),
        "aggregates": document.aggregates.iter().map(window_aggregate).collect::<Vec<Json>>(),
    })
}

fn anchor_name(document: &Window, streaming: &Streaming) -> String {
    let mut blocks = streaming.aggregates.iter().filter(|found| dtc_lang::scopes::has_times(&found.kind));
    let mut sources = document.aggregates.iter().filter_map(|found| found.window.as_ref()).map(|spec| &spec.source);
    match (&document.anchor.source, blocks.next(), blocks.next()) {
        (Some(source), ..) => last_part(&source.value),
        (None, Some(only), None) => only.name.value.clone(),
        _ => sources.next().map(|source| last_part(&source.value)).unwrap_or_default(),
    }
}

fn last_part(source: &str) -> String {
    source.rsplit('.').next().unwrap_or_default().to_owned()
}

fn imports(imports: &[Import]) -> Json {
    let import = |import: &Import| {
        let identifiers: Vec<&str> = import.identifiers.iter().map(|name| name.value.as_str()).collect();
        json!({ "module": import.module.value, "identifiers": identifiers })
    };
    imports.iter().map(import).collect()
}

fn optional(expression: Option<&Expression>) -> Option<&str> {
    expression.map(|expression| expression.text.as_str())
}

fn aggregate(found: &Aggregate, stored: bool) -> Json {
    let (kind, split, gap) = match &found.kind {
        AggregateKind::Identity { .. } => ("identity_aggregate", None, None),
        AggregateKind::Block { .. } => ("block", None, None),
        AggregateKind::Session { split } => ("session", optional(split.as_ref()), None),
        AggregateKind::Activity { gap_seconds } => ("activity", None, Some(gap_seconds)),
        AggregateKind::Variable => ("variable", None, None),
    };
    json!({
        "name": found.name.value,
        "kind": kind,
        "split": split,
        "gap": gap,
        "store": found.store.as_ref().map(|store| &store.value),
        "stored": stored,
        "when": optional(found.when.as_ref()),
        "fields": fields(&found.fields),
        "dimensions": fields(found.dimensions()),
    })
}

fn window_aggregate(found: &WindowAggregate) -> Json {
    json!({
        "name": found.name.value,
        "kind": "window",
        "window": found.window.as_ref().map(spec),
        "when": optional(found.when.as_ref()),
        "fields": fields(&found.fields),
    })
}

fn spec(spec: &WindowSpec) -> Json {
    json!({
        "kind": match spec.kind { WindowKind::Day => "day", WindowKind::Hour => "hour", WindowKind::Count => "count" },
        "value": spec.value,
        "source": last_part(&spec.source.value),
        "list_name": spec.list_name.as_ref().map(|name| &name.value),
        "keep_missing": spec.keep_missing,
        "include_lower": spec.include_lower,
        "include_upper": spec.include_upper,
        "calendar": spec.calendar,
    })
}

fn fields(fields: &[Field]) -> Json {
    let field = |field: &Field| {
        json!({
            "name": field.name.value,
            "type": field.field_type.name(),
            "value": field.value.text,
            "when": optional(field.when.as_ref()),
        })
    };
    fields.iter().map(field).collect()
}
