//! `dtc schema`: the shape of documents as JSON Schema (draft 2020-12), for tools that read it. Made of the
//! tables that the language itself reads by; what expressions may say is beyond it.

use std::io::{self, Write};

use dtc_lang::dialect::{self, DocumentKind};
use dtc_lang::pipeline_shape::Takes;
use dtc_lang::{Attribute, attribute_meaning, known_attributes};
use serde_json::{Map, Value, json};

use crate::failure::{Outcome, printing};

const KINDS: [(DocumentKind, &str); 5] = [
    (DocumentKind::Streaming, "Streaming"),
    (DocumentKind::Window, "Window"),
    (DocumentKind::Attribution, "Attribution"),
    (DocumentKind::Join, "Join"),
    (DocumentKind::Pipeline, "Pipeline"),
];

pub fn run() -> Outcome {
    let mut out = io::stdout().lock();
    let written = serde_json::to_writer_pretty(&mut out, &schema()).map_err(io::Error::from);
    written.and_then(|()| writeln!(out)).map_err(|error| printing(&error))
}

fn schema() -> Value {
    let documents: Vec<Value> = KINDS.iter().map(|(kind, name)| document(*kind, name)).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "DTC document",
        "description": "Data Transform Configuration: events to features, in YAML with Python expressions.",
        "type": "object",
        "required": ["Type"],
        "oneOf": documents,
    })
}

fn document(kind: DocumentKind, name: &str) -> Value {
    let mut schema = mapping(kind, &[]);
    let types = dialect::DOCUMENT_TYPES.iter().filter(|known| dialect::document_kind(known) == Some(kind));
    schema["title"] = json!(format!("{name} document"));
    schema["properties"]["Type"]["enum"] = json!(types.collect::<Vec<_>>());
    schema
}

/// The mapping below these keys. Other attributes are warnings of ours, so they are allowed here too.
fn mapping(kind: DocumentKind, path: &[&str]) -> Value {
    // With a `Source` less is required, and a schema allows both.
    let written: &[(&str, &str)] = if path.is_empty() { &[("Source", "")] } else { &[] };
    let known = known_attributes(kind, path, written).unwrap_or_default();
    let names = |attribute: &Attribute| -> Vec<&str> {
        [attribute.name].into_iter().chain(attribute.aliases.iter().copied()).collect()
    };
    let mut properties = Map::new();
    for attribute in &known {
        let described = property(kind, path, attribute);
        properties.extend(names(attribute).into_iter().map(|name| (name.to_owned(), described.clone())));
    }
    // One of its names is enough.
    let needed = known.iter().filter(|attribute| attribute.required).map(|attribute| {
        let by_name = names(attribute).into_iter().map(|name| json!({ "required": [name] }));
        json!({ "anyOf": by_name.collect::<Vec<_>>() })
    });
    json!({ "type": "object", "properties": properties, "allOf": needed.collect::<Vec<_>>() })
}

fn property(kind: DocumentKind, path: &[&str], attribute: &Attribute) -> Value {
    let mut inner: Vec<&str> = path.to_vec();
    inner.push(attribute.name);
    let mut value = match attribute.name {
        name if kind == DocumentKind::Pipeline && !(path.is_empty() && matches!(name, "Type" | "Version")) => {
            of_pipeline(path, name)
        }
        "Stores" | "Aggregates" | "Fields" | "Dimensions" | "Import" | "Policies" | "Sources" | "Sinks" => {
            json!({ "type": "array", "items": mapping(kind, &inner) })
        }
        "Identifiers" | "Models" | "Exclude" => json!({ "type": ["array", "string"], "items": { "type": "string" } }),
        "Anchor" | "Touch" | "Conversion" | "Milestone" | "Decision" | "Reward" | "Override" | "Activation"
        | "Journeys" | "Doubt" => mapping(kind, &inner),
        "Groups" => json!({ "type": "object", "additionalProperties": { "type": ["string", "null"] } }),
        "Top" | "Replicates" | "Splits" => json!({ "type": "integer", "minimum": 0 }),
        "LookbackDays" | "RepeatWithinSeconds" => json!({ "type": "number", "minimum": 0 }),
        "Cycles" => json!({ "type": "string", "enum": ["first", "repeat"] }),
        "Max" | "SeparateByInactiveSeconds" | "Retention" | "ReadCapacityUnits" | "WriteCapacityUnits" => {
            json!({ "type": "integer", "minimum": 1 })
        }
        "Lateness" => json!({ "type": "integer", "minimum": 0 }),
        "WindowValue" => json!({ "type": "integer", "not": { "const": 0 } }),
        "Default" if kind == DocumentKind::Join => json!({ "type": "number" }),
        "Window" | "EarlyTolerance" | "Remember" if kind == DocumentKind::Join => {
            json!({ "type": "number", "minimum": 0 })
        }
        "Aggregation" => json!({ "type": "string", "enum": dtc_lang::document::AGGREGATIONS }),
        "Kind" => json!({ "type": "string", "enum": dtc_lang::document::POLICY_KINDS }),
        "Scope" => json!({ "type": "string", "enum": dtc_lang::document::OVERRIDE_SCOPES }),
        "RotateMegabytes" => json!({ "type": "integer", "minimum": 1 }),
        "Duplicates" => json!({ "type": "string", "enum": ["first", "every"] }),
        "Port" => json!({ "type": "integer", "minimum": 1, "maximum": 65_535 }),
        "Type" => json!({ "type": "string", "enum": types(kind, path) }),
        "Version" => json!({ "type": "string", "enum": dialect::VERSIONS }),
        // YAML reads an expression such as `1` as a number and `True` as a boolean.
        _ => json!({ "type": ["string", "number", "boolean"] }),
    };
    if let Some(meaning) = attribute_meaning(kind, path, attribute.name) {
        value["description"] = json!(meaning);
    }
    value
}

/// What a pipeline document's tables say.
fn of_pipeline(path: &[&str], name: &str) -> Value {
    let mut inner: Vec<&str> = path.to_vec();
    inner.push(name);
    let below = || mapping(DocumentKind::Pipeline, &inner);
    let slot = dtc_lang::PIPELINE.below(path).and_then(|shape| shape.slot(name));
    match slot.map(|slot| slot.takes) {
        Some(Takes::List(_)) => json!({ "type": "array", "items": below() }),
        Some(Takes::Mapping(_)) => below(),
        Some(Takes::Choice(choices)) => json!({ "type": ["string", "number"], "enum": with_numbers(choices) }),
        Some(Takes::Flag) => json!({ "type": "boolean" }),
        Some(Takes::Whole(bounds)) => json!({ "type": "integer", "minimum": bounds.least, "maximum": bounds.most }),
        Some(Takes::Number(_)) => json!({ "type": "number" }),
        Some(Takes::Texts(_) | Takes::PartsNamed(_)) => {
            json!({ "type": ["array", "string"], "items": { "type": ["string", "number"] } })
        }
        Some(Takes::Pairs(_)) => json!({ "type": "object" }),
        Some(Takes::Filter) => json!({ "type": "object" }),
        _ => json!({ "type": ["string", "number", "boolean"] }),
    }
}

/// Choices that are numbers may be written without quotes.
fn with_numbers(choices: &[&str]) -> Vec<Value> {
    let numbers = choices
        .iter()
        .filter_map(|choice| choice.parse::<f64>().ok())
        .map(|number| if number.fract() == 0.0 { json!(number as i64) } else { json!(number) });
    choices.iter().map(|choice| json!(choice)).chain(numbers).collect()
}

fn types(kind: DocumentKind, path: &[&str]) -> Vec<&'static str> {
    match path {
        ["Stores"] if kind == DocumentKind::Attribution => dialect::WAREHOUSE_TYPES.to_vec(),
        ["Sources"] => dtc_lang::JOIN_SOURCES.to_vec(),
        ["Sinks"] => dtc_lang::JOIN_SINKS.to_vec(),
        ["Stores"] => dialect::STORE_TYPES.to_vec(),
        ["Aggregates"] => {
            let mut all = dialect::STREAMING_AGGREGATES.to_vec();
            all.extend(dialect::WINDOW_AGGREGATES.iter().filter(|name| !dialect::STREAMING_AGGREGATES.contains(name)));
            all
        }
        ["Aggregates", ..] => dialect::FIELD_TYPES.to_vec(),
        _ => Vec::new(),
    }
}
