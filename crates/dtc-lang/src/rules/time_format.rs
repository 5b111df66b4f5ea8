//! `parse_time(source.field, FORMAT)` where the format reads none of the values that the data shows.

use dtc_expr::{Frame, Scope, Value, compile};

use crate::codes;
use crate::data_fields::DataField;
use crate::diagnostic::{Diagnostic, Fix};
use crate::document::{Document, Expression};

pub fn check(document: &Document, data: &[DataField], diagnostics: &mut Vec<Diagnostic>) {
    let time = match document {
        Document::Streaming(document) => &document.time,
        Document::Attribution(document) => match &document.time {
            Some(time) if document.source.is_none() => time,
            _ => return,
        },
        Document::Join(document) => &document.time,
        Document::Window(_) | Document::Pipeline(_) => return,
    };
    diagnostics.extend(unread(time, data));
}

fn unread(time: &Expression, data: &[DataField]) -> Option<Diagnostic> {
    let text = time.text.as_str();
    let start = text.find("parse_time(source.")?;
    let inner = &text[start + "parse_time(source.".len()..];
    let (path, rest) = inner.split_once(',')?;
    let quote = rest.trim_start().chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
    let format = rest.trim_start()[1..].split(quote).next()?;
    let field = data.iter().find(|field| field.path == path.trim())?;
    let texts: Vec<&str> =
        field.examples.iter().filter_map(|example| example.strip_prefix('"')?.strip_suffix('"')).collect();
    let cut = |text: &&str| text.contains(['\\', '…']);
    if texts.is_empty() || texts.iter().any(cut) || texts.iter().any(|text| reads(text, Some(format))) {
        return None;
    }
    // From the comma to the closing quote.
    let comma = text.len() - rest.len() - 1;
    let end = text.len() - rest.trim_start().len() + format.len() + 2;
    let span = time.place(comma + 1..end);
    let message = "The format reads none of the data's times";
    let label = format!("the data has {}", Value::str(texts[0]).repr());
    let diagnostic = Diagnostic::warning(codes::TIME_FORMAT, message, span, label);
    if !texts.iter().all(|text| reads(text, None)) || time.offsets.is_some() {
        return Some(diagnostic.help("Write the format as the values have it; events without a time are left out"));
    }
    let mut diagnostic = diagnostic.help("Leave the format out: these are ISO 8601");
    let edits = vec![(time.place(comma..end), String::new())];
    diagnostic.fix = Some(Fix { title: "Leave the format out".to_owned(), edits });
    Some(diagnostic)
}

fn reads(text: &str, format: Option<&str>) -> bool {
    let format = format.map_or_else(String::new, |format| format!(", {}", Value::str(format).repr()));
    let expression = format!("parse_time({}{format})", Value::str(text).repr());
    let program = compile(&expression, &Scope::new());
    program.is_ok_and(|program| program.eval(&mut Frame::default()).is_ok_and(|time| !matches!(time, Value::None)))
}
