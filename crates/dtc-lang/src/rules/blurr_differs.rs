//! Where a document of Blurr's gives other rows here than it did there (LANGUAGE.md A, "Two modes"): told, so
//! that nobody is surprised. Documents under this project's own type names never ran there.

use dtc_expr::infer::Kinds;
use dtc_expr::{FieldType, Mode, NameTarget, name_uses};

use crate::check::Project;
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::dialect;
use crate::document::{AggregateKind, AsOf, Document, Field, Streaming, Window};
use crate::expressions::{self, Role};
use crate::parts::Part;
use crate::rules::sources::stream_of;
use crate::text::Span;

/// `document_type`: as it is written.
pub(crate) fn check(
    document: &Document,
    document_type: &str,
    project: &Project,
    parts: &[Part],
    diagnostics: &mut Vec<Diagnostic>,
) {
    if document.header().mode == Mode::Blurr || !dialect::is_of_blurr(document_type) {
        return;
    }
    diagnostics.extend(parts.iter().filter_map(value));
    match document {
        Document::Streaming(streaming) => {
            variables(streaming, diagnostics);
            if let Some(id) = &streaming.event_id {
                let message = "An event with the id of another one counts once; Blurr counts both";
                diagnostics.push(note(message, id.span, "other rows than Blurr's"));
            }
        }
        Document::Window(window) => {
            if let Some(when) = &window.header.when {
                diagnostics.push(note(
                    "There is no row where this is false; Blurr makes one of defaults",
                    when.span,
                    "other rows than Blurr's",
                ));
            }
            maps(window, diagnostics);
            if window.anchor.as_of != AsOf::Final {
                identities(document, window, project, diagnostics);
            }
        }
        Document::Attribution(_) | Document::Join(_) | Document::Pipeline(_) => {}
    }
}

fn note(message: &str, span: Span, label: &str) -> Diagnostic {
    Diagnostic::note(codes::BLURR_DIFFERS, message, span, label)
        .help("Write `Compatibility: blurr` in the header for Blurr's rows")
}

/// What a field makes of a value of another type (A.5).
fn value(part: &Part) -> Option<Diagnostic> {
    let Role::FieldValue(place) = part.role else { return None };
    let message = match (place.field.field_type, part.inferred.result.present()) {
        (FieldType::Boolean, Kinds::STR) => "A text is read by its meaning here; for Blurr every text is true",
        (FieldType::Integer, Kinds::BOOL) => "True and False are 1 and 0 here; Blurr prints them as they are at times",
        _ => return None,
    };
    Some(note(message, part.expression.span, "other rows than Blurr's"))
}

/// Variables start each event at their defaults (A.7).
fn variables(document: &Streaming, diagnostics: &mut Vec<Diagnostic>) {
    let variables = document.aggregates.iter().filter(|aggregate| aggregate.kind == AggregateKind::Variable);
    for aggregate in variables {
        let conditions = aggregate.when.iter().chain(aggregate.fields.iter().filter_map(|field| field.when.as_ref()));
        for when in conditions {
            diagnostics.push(note(
                "A variable starts anew with each event; Blurr keeps it from the one before",
                when.span,
                "where this is false, the values differ",
            ));
        }
    }
}

/// Map columns keep their aggregate's name (A.12).
fn maps(document: &Window, diagnostics: &mut Vec<Diagnostic>) {
    let is_map = |field: &&Field| field.field_type == FieldType::Map;
    for (aggregate, field) in
        document.aggregates.iter().flat_map(|own| own.fields.iter().filter(is_map).map(move |field| (own, field)))
    {
        let (owner, name) = (&aggregate.name.value, &field.name.value);
        diagnostics.push(note(
            &format!("This map gives columns `{owner}.{name}.KEY`; Blurr calls them `KEY`"),
            field.name.span,
            "other columns than Blurr's",
        ));
    }
}

/// Identity aggregates show their state as of the anchor (A.8). Told once for each field.
fn identities(document: &Document, window: &Window, project: &Project, diagnostics: &mut Vec<Diagnostic>) {
    let Some(stream) = stream_of(window, &project.streaming) else { return };
    let mut told = Vec::new();
    expressions::visit(document, project, |site| {
        for found in name_uses(&site.expression.text, site.scope).unwrap_or_default() {
            let NameTarget::Field(group, field) = found.target else { continue };
            let aggregate = stream.aggregates.get(usize::from(group.0));
            let of_identity = aggregate.is_some_and(|own| matches!(own.kind, AggregateKind::Identity { .. }));
            if of_identity && !told.contains(&(group, field)) {
                told.push((group, field));
                let message = "This shows the state as of the anchor; Blurr shows the one after the last event";
                let found = note(message, site.expression.place(found.span), "no feature sees the future");
                diagnostics.push(found.help("Write `AsOf: final` in the anchor for the state at the end"));
            }
        }
    });
}
