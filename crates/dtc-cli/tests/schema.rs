//! `dtc schema`.

use serde_json::Value;

use crate::Place;

/// The schema of the document's kind, by its `Type`.
fn kind<'s>(schema: &'s Value, document: &Value) -> &'s Value {
    let kinds = schema["oneOf"].as_array().unwrap();
    let has = |kind: &&Value| kind["properties"]["Type"]["enum"].as_array().unwrap().contains(&document["Type"]);
    kinds.iter().find(has).expect("a kind")
}

/// Every key of the document is described, every value of a closed list is in it, nothing required lacks.
fn fits(schema: &Value, value: &Value, place: &str) {
    if let Some(allowed) = schema["enum"].as_array().filter(|allowed| !allowed.is_empty()) {
        assert!(allowed.contains(value), "{place}: {value} is none of {allowed:?}");
    }
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                assert!(schema["properties"].get(key).is_some(), "{place}.{key} is not described");
                fits(&schema["properties"][key], value, &format!("{place}.{key}"));
            }
            for needed in schema["allOf"].as_array().unwrap() {
                let names =
                    needed["anyOf"].as_array().unwrap().iter().map(|name| name["required"][0].as_str().unwrap());
                assert!(names.clone().any(|name| fields.contains_key(name)), "{place} lacks {needed}");
            }
        }
        Value::Array(items) => items.iter().for_each(|item| fits(&schema["items"], item, place)),
        _ => {}
    }
}

#[test]
fn the_templates_documents_fit() {
    let said = Place::make().dtc(&["schema"]);
    let schema: Value = serde_json::from_str(&said.succeeds().out).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    for name in ["streaming", "window", "attribution", "rewards"] {
        let path = format!("{}/../../dtc-templates/offer-ai/{name}.dtc.yaml", env!("CARGO_MANIFEST_DIR"));
        let document: Value = serde_yaml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        fits(kind(&schema, &document), &document, name);
    }
}
