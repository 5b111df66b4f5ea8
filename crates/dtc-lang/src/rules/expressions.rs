//! Every expression of a document compiles in the scope where it will run, and is typed there.

use dtc_expr::error::CompileErrorKind;
use dtc_expr::{FieldId, GroupId, Mode, Scope, infer};

use crate::check::Project;
use crate::diagnostic::Diagnostic;
use crate::document::{Aggregate, AggregateKind, Document, Expression, Field, Streaming, Window};
use crate::parts::{Part, Place, Role};
use crate::rules::imports;
use crate::rules::sources::stream_of;
use crate::scopes::{self, expression_diagnostic};
use crate::surroundings::{self, Around, Data};

/// Compiles expressions and collects what is wrong with them.
struct Checker<'d, 'c> {
    project: &'c Project,
    mode: Mode,
    data: &'c Data<'c>,
    diagnostics: &'c mut Vec<Diagnostic>,
    parts: Vec<Part<'d>>,
    /// Only syntax: a document that names come from is not at hand.
    names_unknown: bool,
    /// Names of refused imports.
    unbound: Vec<String>,
}

/// What expressions are compiled in.
struct Setting<'s> {
    scope: Scope,
    around: Around<'s>,
}

/// Reports the expressions that do not compile, and returns the others.
pub(crate) fn check<'d>(document: &'d Document, project: &Project, diagnostics: &mut Vec<Diagnostic>) -> Vec<Part<'d>> {
    let data = surroundings::by_path(&project.data);
    let mut checker = Checker {
        project,
        mode: document.header().mode,
        data: &data,
        diagnostics,
        parts: Vec::new(),
        names_unknown: false,
        unbound: imports::unbound(document.imports(), &project.functions),
    };
    checker.document(document);
    checker.parts
}

impl<'d> Checker<'d, '_> {
    fn document(&mut self, document: &'d Document) {
        let functions = &self.project.functions;
        match document {
            Document::Streaming(streaming) => self.streaming(streaming),
            Document::Window(window) => self.window(window),
            Document::Attribution(document) => {
                let setting = self.events(scopes::attribution(document, functions));
                let conditions = document.touch.when.iter().chain([&document.conversion_when]);
                self.all([&document.touch.value, &document.identity, &document.time], Role::Value, &setting);
                self.all(conditions.chain(&document.header.when), Role::Condition, &setting);
            }
            Document::Join(document) => {
                let setting = self.events(scopes::join(document, functions));
                let values = [&document.key, &document.time, &document.action, &document.reward_value];
                let conditions = [&document.decision_when, &document.reward_when].into_iter();
                self.all(values, Role::Value, &setting);
                let conditions = conditions.chain(&document.override_when).chain(&document.header.when);
                self.all(conditions, Role::Condition, &setting);
            }
        }
    }

    fn events<'s>(&self, scope: Scope) -> Setting<'s>
    where
        Self: 's,
    {
        Setting { scope, around: Around::event(self.mode, self.data) }
    }

    fn streaming(&mut self, document: &'d Streaming) {
        let functions = &self.project.functions;
        let intake = self.events(scopes::intake(&document.header.imports, functions));
        let header = [&document.identity, &document.time].into_iter().chain(&document.event_id);
        self.all(header, Role::Value, &intake);
        let outer = self.events(scopes::streaming(document, functions, None));
        self.all(&document.header.when, Role::DocumentWhen, &outer);
        for (index, aggregate) in document.aggregates.iter().enumerate() {
            let setting = self.events(scopes::inside(&outer.scope, document, index));
            self.aggregate(aggregate, scopes::group(index), &setting);
        }
    }

    fn aggregate(&mut self, aggregate: &'d Aggregate, group: GroupId, setting: &Setting) {
        self.all(&aggregate.when, Role::AggregateWhen(group), setting);
        if let AggregateKind::Session { split } = &aggregate.kind {
            self.all(split, Role::Split(group), setting);
        }
        let first = if scopes::has_times(&aggregate.kind) { 3 } else { 1 };
        self.fields(&aggregate.fields, group, first, false, setting);
        let after = first + aggregate.fields.len();
        self.fields(aggregate.dimensions(), group, after, true, setting);
    }

    fn window(&mut self, document: &'d Window) {
        let project = self.project;
        let stream = stream_of(document, &project.streaming);
        self.names_unknown = stream.is_none();
        let setting = |index| Setting {
            scope: match stream {
                Some(stream) => scopes::window(document, stream, &project.functions, index),
                None => scopes::intake(&document.header.imports, &project.functions),
            },
            around: Around::window(document, stream, index),
        };
        let outer = setting(None);
        self.all(&document.header.when, Role::RowWhen, &outer);
        self.all([&document.anchor.condition], Role::Anchor, &outer);
        let before = stream.map_or(0, |stream| stream.aggregates.len());
        for (index, aggregate) in document.aggregates.iter().enumerate() {
            let setting = setting(Some(index));
            let group = scopes::group(before + index);
            self.all(&aggregate.when, Role::AggregateWhen(group), &setting);
            self.fields(&aggregate.fields, group, 1, false, &setting);
        }
    }

    fn fields(&mut self, fields: &'d [Field], group: GroupId, first: usize, dimension: bool, setting: &Setting) {
        for (index, field) in fields.iter().enumerate() {
            let slot = FieldId(u16::try_from(first + index).unwrap_or(u16::MAX));
            let place = Place { group, slot, field, dimension };
            self.one(&field.value, Role::FieldValue(place), setting);
            self.all(&field.when, Role::FieldWhen(place), setting);
        }
    }

    fn all(&mut self, expressions: impl IntoIterator<Item = &'d Expression>, role: Role<'d>, setting: &Setting) {
        for expression in expressions {
            self.one(expression, role, setting);
        }
    }

    fn one(&mut self, expression: &'d Expression, role: Role<'d>, setting: &Setting) {
        // Empty: it could not be read, which has been reported.
        if expression.text.trim().is_empty() {
            return;
        }
        let errors = match infer(&expression.text, &setting.scope, &setting.around, role.used_as(self.mode)) {
            Ok(inferred) => return self.parts.push(Part { expression, role, inferred }),
            Err(errors) => errors,
        };
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
