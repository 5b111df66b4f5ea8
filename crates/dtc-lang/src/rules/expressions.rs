//! Every expression of a document compiles in the scope where it will run, and is typed there.

use dtc_expr::error::CompileErrorKind;
use dtc_expr::infer;

use crate::check::Project;
use crate::diagnostic::Diagnostic;
use crate::document::Document;
use crate::expressions::visit;
use crate::parts::Part;
use crate::rules::imports;
use crate::rules::streamed;
use crate::scopes::expression_diagnostic;
use crate::surroundings::{self, Around};

/// Reports the expressions that do not compile, and returns the others.
pub(crate) fn check<'d>(document: &'d Document, project: &Project, diagnostics: &mut Vec<Diagnostic>) -> Vec<Part<'d>> {
    let data = surroundings::by_path(&project.data);
    let mode = document.header().mode;
    let stream = streamed::stream(document, project);
    let around = |aggregate: Option<usize>| match document {
        Document::Window(window) => Around::window(window, stream, aggregate),
        _ => Around::event(mode, &data),
    };
    // Only syntax: a document that names come from is not at hand.
    let draws = match document {
        Document::Window(_) => true,
        Document::Attribution(document) => document.source.is_some(),
        Document::Streaming(_) | Document::Join(_) | Document::Pipeline(_) => false,
    };
    let names_unknown = draws && stream.is_none();
    let unbound = imports::unbound(document.imports(), &project.functions);
    let mut parts = Vec::new();
    let mut here = (None, around(None));
    visit(document, project, |site| {
        let expression = site.expression;
        // Empty: it could not be read, which has been reported.
        if expression.text.trim().is_empty() {
            return;
        }
        if here.0 != site.aggregate {
            here = (site.aggregate, around(site.aggregate));
        }
        let errors = match infer(&expression.text, site.scope, &here.1, site.role.used_as(mode)) {
            Ok(inferred) => return parts.push(Part { expression, role: site.role, inferred }),
            Err(errors) => errors,
        };
        for error in errors {
            let is_name = matches!(error.kind, CompileErrorKind::UnknownName | CompileErrorKind::UnknownField);
            let written = expression.text.get(error.span.clone()).unwrap_or_default();
            let reported = unbound.iter().any(|name| name == written);
            if !(is_name && (names_unknown || reported)) {
                diagnostics.push(expression_diagnostic(expression, &error));
            }
        }
    });
    parts
}
