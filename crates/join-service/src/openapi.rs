//! The OpenAPI document, and a page that shows it without anything from the network.

use std::fmt::Write;

use serde_json::{Value, json};

const TEXT: &str = include_str!("openapi.json");
/// Of the live page too; without one a browser asks for a file that there is not.
const ICON: &str = "<link rel=\"icon\" href=\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E\
                    %3Cpath fill='%230b63c5' d='M8 0l8 8-8 8-8-8z'/%3E%3C/svg%3E\">";

pub fn document() -> Value {
    serde_json::from_str(TEXT).unwrap_or_else(|error| json!({"error": error.to_string()}))
}

/// Each address with what it takes and answers.
pub fn page() -> String {
    let document = document();
    let mut page = String::new();
    // Writing to a text does not fail.
    let _ = write_page(&document, &mut page);
    page
}

fn write_page(document: &Value, out: &mut String) -> std::fmt::Result {
    write!(
        out,
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Join service: interface</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         {ICON}<link rel=\"stylesheet\" href=\"/live.css\"></head><body class=\"docs\"><header><h1>Join service: interface</h1>\
         <nav><a href=\"/live\">Live</a> <a href=\"/metrics\">Metrics</a> <a href=\"/openapi.json\">openapi.json</a></nav>\
         </header><main><p>{}</p>",
        escaped(document["info"]["description"].as_str().unwrap_or_default())
    )?;
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, about) in methods.as_object().into_iter().flatten() {
            write_address(document, path, method, about, out)?;
        }
    }
    out.write_str("</main></body></html>")
}

fn write_address(document: &Value, path: &str, method: &str, about: &Value, out: &mut String) -> std::fmt::Result {
    let summary = escaped(about["summary"].as_str().unwrap_or_default());
    let (method, shown) = (method.to_uppercase(), escaped(path));
    write!(out, "<section><h2><code>{method} {shown}</code></h2><p>{summary}</p>")?;
    for parameter in about["parameters"].as_array().into_iter().flatten() {
        let name = escaped(parameter["name"].as_str().unwrap_or_default());
        let text = escaped(parameter["description"].as_str().unwrap_or_default());
        write!(out, "<p><code>?{name}=</code> {text}</p>")?;
    }
    let body = &about["requestBody"]["content"]["application/json"];
    if !body.is_null() {
        let example = escaped(&body["example"].to_string());
        write!(out, "<pre>curl http://127.0.0.1:8080{shown} -d \'{example}\'</pre>")?;
        write_fields(document, &body["schema"], out)?;
    }
    out.write_str("<table><tbody>")?;
    for (code, answer) in about["responses"].as_object().into_iter().flatten() {
        let text = escaped(answer["description"].as_str().unwrap_or_default());
        let contents = answer["content"].as_object().into_iter().flatten();
        let mut examples = contents.filter_map(|(_, content)| content.get("example"));
        let example =
            examples.next().map(|example| example.as_str().map_or_else(|| example.to_string(), str::to_owned));
        let example = example.map(|example| format!("<br><code>{}</code>", escaped(&example))).unwrap_or_default();
        write!(out, "<tr><td><b>{code}</b></td><td>{text}{example}</td></tr>")?;
    }
    out.write_str("</tbody></table></section>")
}

/// The fields of a schema that the document names.
fn write_fields(document: &Value, schema: &Value, out: &mut String) -> std::fmt::Result {
    let named = schema["$ref"].as_str().and_then(|named| document.pointer(named.strip_prefix('#')?));
    let schema = named.unwrap_or(schema);
    let Some(fields) = schema["properties"].as_object() else { return Ok(()) };
    let is_required = |name: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
    out.write_str("<table><tbody>")?;
    for (name, about) in fields {
        let needed = if is_required(name) { "" } else { " (may be left out)" };
        let text = escaped(about["description"].as_str().unwrap_or_default());
        write!(out, "<tr><td><code>{}</code></td><td>{text}{needed}</td></tr>", escaped(name))?;
    }
    out.write_str("</tbody></table>")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::{document, page};

    #[test]
    fn the_document_is_whole_and_the_page_shows_it() {
        let document = document();
        assert_eq!(document["openapi"], "3.1.0");
        // Every schema that is named is there.
        let text = document.to_string();
        for named in text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(document.pointer(named).is_some(), "{named}");
        }
        for (path, _) in document["paths"].as_object().unwrap() {
            assert!(page().contains(&format!(" {path}</code>")), "{path}");
        }
    }
}
