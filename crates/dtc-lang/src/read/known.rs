//! Which attributes a mapping may have, by where it stands: what the readers ask for, for completion.

use super::header::{IMPORT, with_header};
use super::{
    Attribute, aggregate, attribution, field, join, outlets, pipeline, policies, store, streaming, warehouse, window,
};
use crate::dialect::{self, AggregateType, DocumentKind};

/// The attributes of the mapping below the keys `path` of a document; `written` are those it has, with
/// their values. `None`: no mapping belongs there.
pub fn known(kind: DocumentKind, path: &[&str], written: &[(&str, &str)]) -> Option<Vec<Attribute>> {
    if kind == DocumentKind::Pipeline {
        return pipeline::known(path, type_of(written));
    }
    let path: Vec<String> = path.iter().map(|key| key.to_lowercase()).collect();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let is_part = |key: &str| kind == DocumentKind::Window && key == "window";
    Some(match path.as_slice() {
        [] => document(kind, written),
        ["import"] => IMPORT.to_vec(),
        ["stores" | "store"] if kind == DocumentKind::Attribution => warehouse::known(type_of(written)),
        ["stores" | "store"] => stores(written),
        ["aggregates" | "datagroups"] => aggregates(kind, written),
        ["aggregates" | "datagroups", "fields" | "dimensions"] => field::FIELD.to_vec(),
        ["aggregates" | "datagroups", part] if is_part(part) => window::BLOCK.to_vec(),
        ["anchor"] if kind == DocumentKind::Window => window::ANCHOR.to_vec(),
        ["touch"] if kind == DocumentKind::Attribution => attribution::TOUCH.to_vec(),
        ["conversion"] if kind == DocumentKind::Attribution => attribution::CONVERSION.to_vec(),
        ["milestone"] if kind == DocumentKind::Attribution => attribution::MILESTONE.to_vec(),
        ["journeys"] if kind == DocumentKind::Attribution => attribution::JOURNEYS.to_vec(),
        ["doubt"] if kind == DocumentKind::Attribution => attribution::DOUBT.to_vec(),
        ["decision"] if kind == DocumentKind::Join => join::DECISION.to_vec(),
        ["reward"] if kind == DocumentKind::Join => join::REWARD.to_vec(),
        ["override"] if kind == DocumentKind::Join => join::OVERRIDE.to_vec(),
        ["activation"] if kind == DocumentKind::Join => join::ACTIVATION.to_vec(),
        ["policies" | "policy"] if kind == DocumentKind::Join => policies::known(written_as(written, "Kind")),
        ["sources"] if kind == DocumentKind::Join => outlet(&outlets::SOURCE, &outlets::SOURCES, written),
        ["sinks"] if kind == DocumentKind::Join => outlet(&outlets::SINK, &outlets::SINKS, written),
        _ => return None,
    })
}

fn document(kind: DocumentKind, written: &[(&str, &str)]) -> Vec<Attribute> {
    match kind {
        DocumentKind::Streaming => with_header(&streaming::OWN),
        DocumentKind::Window => with_header(&window::OWN),
        DocumentKind::Attribution => {
            let has_source = written.iter().any(|(key, _)| key.eq_ignore_ascii_case("Source"));
            with_header(&attribution::own(has_source))
        }
        DocumentKind::Join => with_header(&join::OWN),
        DocumentKind::Pipeline => pipeline::known(&[], None).unwrap_or_default(),
    }
}

fn type_of<'w>(written: &[(&str, &'w str)]) -> Option<&'w str> {
    written_as(written, "Type")
}

fn written_as<'w>(written: &[(&str, &'w str)], name: &str) -> Option<&'w str> {
    written.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim_matches(['\'', '"']))
}

fn stores(written: &[(&str, &str)]) -> Vec<Attribute> {
    let kind = type_of(written).and_then(dialect::store_type);
    store::STORE.iter().filter(|attribute| store::belongs(kind, attribute.name)).copied().collect()
}

fn outlet(all: &[Attribute], kinds: &[&'static str], written: &[(&str, &str)]) -> Vec<Attribute> {
    let kind = type_of(written).and_then(|name| outlets::kind_of(kinds, name));
    all.iter().filter(|attribute| outlets::belongs(kind, attribute.name)).copied().collect()
}

fn aggregates(kind: DocumentKind, written: &[(&str, &str)]) -> Vec<Attribute> {
    let type_name = type_of(written);
    let aggregate = type_name.and_then(dialect::aggregate_type);
    let has = |name: &str| written.iter().any(|(key, _)| key.eq_ignore_ascii_case(name));
    if kind != DocumentKind::Window {
        let own = aggregate::own(aggregate, &has, type_name.is_some_and(aggregate::is_block_aggregate));
        return aggregate::COMMON.iter().copied().chain(own).collect();
    }
    let mut known = window::AGGREGATE.to_vec();
    match aggregate {
        Some(AggregateType::Variable) => known.push(Attribute::optional("Store")),
        Some(AggregateType::Window) => known.extend(window::WINDOW),
        // Whether they are required is the type's to say.
        _ => known.extend(window::WINDOW.map(|attribute| Attribute { required: false, ..attribute })),
    }
    known
}
