//! Every expression of a document with the scope in which it runs: one walk, for whoever looks at them all.

use dtc_expr::Scope;

use crate::check::Project;
use crate::document::{AggregateKind, Document, Expression, Field, Streaming, Window};
use crate::rules::sources::stream_of;
use crate::scopes;

/// Which part of its document an expression belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Header,
    /// The aggregate of that number.
    Aggregate(usize),
}

/// Calls `visit` for each expression in the order of the document's parts. A window document whose
/// streaming document is unknown has nothing to resolve names in and is left out.
pub fn visit(document: &Document, project: &Project, mut visit: impl FnMut(&Expression, &Scope, Part)) {
    match document {
        Document::Streaming(streaming) => visit_streaming(streaming, project, &mut visit),
        Document::Window(window) => {
            if let Some(stream) = stream_of(window, &project.streaming) {
                visit_window(window, stream, project, &mut visit);
            }
        }
        Document::Attribution(document) => {
            let scope = scopes::attribution(document, &project.functions);
            let parts = [&document.identity, &document.time, &document.touch.value, &document.conversion_when];
            let parts = parts.into_iter().chain(&document.touch.when).chain(&document.header.when);
            parts.for_each(|expression| visit(expression, &scope, Part::Header));
        }
        Document::Join(document) => {
            let scope = scopes::join(document, &project.functions);
            let parts = [
                &document.key,
                &document.time,
                &document.decision_when,
                &document.action,
                &document.reward_when,
                &document.reward_value,
            ];
            let parts = parts.into_iter().chain(&document.override_when).chain(&document.header.when);
            parts.for_each(|expression| visit(expression, &scope, Part::Header));
        }
    }
}

fn visit_streaming(document: &Streaming, project: &Project, visit: &mut impl FnMut(&Expression, &Scope, Part)) {
    let intake = scopes::intake(&document.header.imports, &project.functions);
    let header = [&document.identity, &document.time].into_iter().chain(&document.event_id);
    header.for_each(|expression| visit(expression, &intake, Part::Header));
    if let Some(when) = &document.header.when {
        visit(when, &scopes::streaming(document, &project.functions, None), Part::Header);
    }
    for (index, aggregate) in document.aggregates.iter().enumerate() {
        let scope = scopes::streaming(document, &project.functions, Some(index));
        let split = match &aggregate.kind {
            AggregateKind::Session { split } => split.as_ref(),
            _ => None,
        };
        let fields = fields(&aggregate.fields).chain(fields(aggregate.dimensions()));
        for expression in aggregate.when.iter().chain(split).chain(fields) {
            visit(expression, &scope, Part::Aggregate(index));
        }
    }
}

fn visit_window(
    document: &Window,
    stream: &Streaming,
    project: &Project,
    visit: &mut impl FnMut(&Expression, &Scope, Part),
) {
    let scope = scopes::window(document, stream, &project.functions, None);
    for expression in document.header.when.iter().chain([&document.anchor.condition]) {
        visit(expression, &scope, Part::Header);
    }
    for (index, aggregate) in document.aggregates.iter().enumerate() {
        let scope = scopes::window(document, stream, &project.functions, Some(index));
        for expression in aggregate.when.iter().chain(fields(&aggregate.fields)) {
            visit(expression, &scope, Part::Aggregate(index));
        }
    }
}

fn fields(fields: &[Field]) -> impl Iterator<Item = &Expression> {
    fields.iter().flat_map(|field| [&field.value].into_iter().chain(&field.when))
}
