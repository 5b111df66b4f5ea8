//! Every expression of a document compiles in the scope where it will run.

use dtc_expr::error::CompileErrorKind;
use dtc_expr::{Functions, Scope, compile};

use crate::check::Project;
use crate::diagnostic::Diagnostic;
use crate::document::{Aggregate, AggregateKind, Document, Expression, Field, Streaming, Window, WindowAggregate};
use crate::rules::imports;
use crate::rules::sources::stream_of;
use crate::scopes::{self, expression_diagnostic};

/// Compiles expressions and collects what is wrong with them.
struct Checker<'d> {
    diagnostics: &'d mut Vec<Diagnostic>,
    /// Only syntax: a document that names come from is not at hand.
    names_unknown: bool,
    /// Names of refused imports.
    unbound: Vec<String>,
}

pub fn check(document: &Document, project: &Project, diagnostics: &mut Vec<Diagnostic>) {
    let unbound = imports::unbound(document.imports(), &project.functions);
    let mut checker = Checker { diagnostics, names_unknown: false, unbound };
    let functions = &project.functions;
    match document {
        Document::Streaming(streaming) => checker.streaming(streaming, functions),
        Document::Window(window) => checker.window(window, project),
        Document::Attribution(document) => {
            let scope = scopes::attribution(document, functions);
            let touch = document.touch.when.iter().chain([&document.touch.value]);
            checker.all(touch.chain([&document.identity, &document.time, &document.conversion_when]), &scope);
            checker.all(&document.header.when, &scope);
        }
        Document::Join(document) => {
            let scope = scopes::join(document, functions);
            let parts = [
                &document.key,
                &document.time,
                &document.decision_when,
                &document.action,
                &document.reward_when,
                &document.reward_value,
            ];
            checker.all(parts.into_iter().chain(&document.override_when).chain(&document.header.when), &scope);
        }
    }
}

impl Checker<'_> {
    fn streaming(&mut self, document: &Streaming, functions: &Functions) {
        let intake = scopes::intake(&document.header.imports, functions);
        self.all([&document.identity, &document.time].into_iter().chain(&document.event_id), &intake);
        let header = scopes::streaming(document, functions, None);
        self.all(&document.header.when, &header);
        for (index, aggregate) in document.aggregates.iter().enumerate() {
            let scope = scopes::with_own_fields(&header, document, index);
            self.aggregate(aggregate, &scope);
        }
    }

    fn aggregate(&mut self, aggregate: &Aggregate, scope: &Scope) {
        self.all(&aggregate.when, scope);
        if let AggregateKind::Session { split } = &aggregate.kind {
            self.all(split, scope);
        }
        self.fields(&aggregate.fields, scope);
        self.fields(aggregate.dimensions(), scope);
    }

    fn window(&mut self, document: &Window, project: &Project) {
        let Some(stream) = stream_of(document, &project.streaming) else {
            self.names_unknown = true;
            let scope = scopes::intake(&document.header.imports, &project.functions);
            self.all(document.header.when.iter().chain([&document.anchor.condition]), &scope);
            document.aggregates.iter().for_each(|aggregate| self.window_aggregate(aggregate, &scope));
            return;
        };
        let scope = scopes::window(document, stream, &project.functions, None);
        self.all(document.header.when.iter().chain([&document.anchor.condition]), &scope);
        for (index, aggregate) in document.aggregates.iter().enumerate() {
            let scope = scopes::window(document, stream, &project.functions, Some(index));
            self.window_aggregate(aggregate, &scope);
        }
    }

    fn window_aggregate(&mut self, aggregate: &WindowAggregate, scope: &Scope) {
        self.all(&aggregate.when, scope);
        self.fields(&aggregate.fields, scope);
    }

    fn fields(&mut self, fields: &[Field], scope: &Scope) {
        for field in fields {
            self.one(&field.value, scope);
            self.all(&field.when, scope);
        }
    }

    fn all<'e>(&mut self, expressions: impl IntoIterator<Item = &'e Expression>, scope: &Scope) {
        for expression in expressions {
            self.one(expression, scope);
        }
    }

    fn one(&mut self, expression: &Expression, scope: &Scope) {
        // Empty: it could not be read, which has been reported.
        if expression.text.trim().is_empty() {
            return;
        }
        let Err(errors) = compile(&expression.text, scope) else { return };
        for error in errors {
            let is_name = matches!(error.kind, CompileErrorKind::UnknownName | CompileErrorKind::UnknownField);
            let written = expression.text.get(error.span.clone()).unwrap_or_default();
            let reported = self.unbound.iter().any(|name| name == written);
            if !(is_name && (self.names_unknown || reported)) {
                self.diagnostics.push(expression_diagnostic(expression, &error));
            }
        }
    }
}
