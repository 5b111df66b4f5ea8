//! A window's `source.field` is a list of values; given as it is to a field of one value, it is a
//! mistake (A.11) that Blurr passes over silently.

use dtc_expr::{FieldType, Mode};

use crate::codes;
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::{Expression, Window};
use crate::rules::names::is_identifier;

pub fn check(window: &Window, diagnostics: &mut Vec<Diagnostic>) {
    for aggregate in &window.aggregates {
        let Some(spec) = &aggregate.window else { continue };
        let names = std::iter::once("source").chain(spec.list_name.as_ref().map(|name| name.value.as_str()));
        let names: Vec<&str> = names.collect();
        for field in &aggregate.fields {
            let holds_many = matches!(field.field_type, FieldType::List | FieldType::Set | FieldType::Map);
            if holds_many || !is_column(&field.value, &names) {
                continue;
            }
            let span = field.value.span;
            let text = field.value.text.trim();
            let mut diagnostic = Diagnostic::error(
                codes::LIST_FOR_SCALAR,
                format!("`{}` is a list, the field holds one {}", shown(text), field.field_type.name()),
                span,
                "one value for each block of the window",
            )
            .help("Take one value with `[0]` or `[-1]`, or reduce the list: `sum(…)`, `max(…)`, `len(…)`");
            if field.value.offsets.is_none() {
                let first = !matches!(field.field_type, FieldType::Integer | FieldType::Float) || spec.value.abs() == 1;
                let cured = if first { format!("{text}[0]") } else { format!("sum({text})") };
                diagnostic = diagnostic.replace(cured);
            }
            if window.header.mode == Mode::Blurr {
                diagnostic.severity = Severity::Note;
            }
            diagnostics.push(diagnostic);
        }
    }
}

/// `source.field` and nothing else.
fn is_column(value: &Expression, names: &[&str]) -> bool {
    let Some((name, field)) = value.text.trim().split_once('.') else { return false };
    names.contains(&name) && is_identifier(field)
}

fn shown(text: &str) -> &str {
    if text.chars().count() <= 30 { text } else { "source.…" }
}
