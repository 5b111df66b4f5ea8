//! The OpenAPI document, and a page that shows it without anything from the network.

use serde_json::{Value, json};

const TEXT: &str = include_str!("openapi.json");

pub fn document() -> Value {
    serde_json::from_str(TEXT).unwrap_or_else(|error| json!({"error": error.to_string()}))
}

/// Each address with what it takes.
pub fn page() -> String {
    let document = document();
    let mut rows = String::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, about) in methods.as_object().into_iter().flatten() {
            let summary = about["summary"].as_str().unwrap_or_default();
            let example = &about["requestBody"]["content"]["application/json"]["example"];
            let body =
                if example.is_null() { String::new() } else { format!("<pre>{}</pre>", escaped(&example.to_string())) };
            let (method, path, summary) = (method.to_uppercase(), escaped(path), escaped(summary));
            rows.push_str(&format!("<h2><code>{method} {path}</code></h2><p>{summary}</p>{body}"));
        }
    }
    let about = escaped(document["info"]["description"].as_str().unwrap_or_default());
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Join service</title><body><h1>Join service</h1>\
         <p>{about} <a href=\"/openapi.json\">openapi.json</a></p>{rows}</body></html>"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_document_is_json_and_the_page_shows_its_addresses() {
        assert_eq!(super::document()["openapi"], "3.1.0");
        for address in ["POST /log_decision", "POST /override_decision", "GET /metrics"] {
            assert!(super::page().contains(address), "{address}");
        }
    }
}
