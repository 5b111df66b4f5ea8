//! Which names each expression of a document sees (LANGUAGE.md B.4, A.3): one place, used by the
//! checks and by the engine's plan, so that what validates is what runs.
//!
//! Slots: a streaming frame has the variables below and one group per aggregate in document order.
//! A group's fields: `_identity`, then (Block, Session, Activity) `_start_time`, `_end_time`, then the
//! fields, then the dimensions. A window frame has the streaming groups first, then one group per
//! window aggregate (`_identity`, fields).
//!
//! Which of two equal names wins is the scope's to say: aggregates, then variables, then bare fields
//! (or imports, where the name is called), then Python's builtins.

use std::sync::Arc;

use dtc_expr::error::CompileErrorKind;
use dtc_expr::{CompileError, FieldId, FieldType, Functions, GroupId, Mode, Scope, VariableId};

use crate::codes;
use crate::diagnostic::{Diagnostic, Fix};
use crate::document::{
    Aggregate, AggregateKind, Attribution, Expression, Field, Import, Join, Streaming, Window, WindowAggregate,
};
use crate::rules::sources::blocks_of;

pub const SOURCE: VariableId = VariableId(0);
pub const TIME: VariableId = VariableId(1);
pub const IDENTITY: VariableId = VariableId(2);
/// The anchor block, a record of its fields (window documents).
pub const ANCHOR: VariableId = VariableId(3);
pub const VARIABLES: usize = 4;

/// Field slot of `_identity` in every group.
pub const IDENTITY_FIELD: FieldId = FieldId(0);
/// Field slots of the two times in groups of blocks.
pub const START_FIELD: FieldId = FieldId(1);
pub const END_FIELD: FieldId = FieldId(2);

type Fields = Vec<(Arc<str>, FieldType)>;

/// The slots of an aggregate, implicit fields and dimensions included.
pub fn group_fields(aggregate: &Aggregate) -> Fields {
    let mut fields = vec![(Arc::from("_identity"), FieldType::String)];
    if has_times(&aggregate.kind) {
        fields.push((Arc::from("_start_time"), FieldType::DateTime));
        fields.push((Arc::from("_end_time"), FieldType::DateTime));
    }
    fields.extend(slots(&aggregate.fields));
    fields.extend(slots(aggregate.dimensions()));
    fields
}

/// The slots of a window document's aggregate: `_identity`, then its fields.
pub fn window_group_fields(aggregate: &WindowAggregate) -> Fields {
    let mut fields = vec![(Arc::from("_identity"), FieldType::String)];
    fields.extend(slots(&aggregate.fields));
    fields
}

/// Whether records of the kind are blocks in time.
pub fn has_times(kind: &AggregateKind) -> bool {
    match kind {
        AggregateKind::Block { .. } | AggregateKind::Session { .. } | AggregateKind::Activity { .. } => true,
        AggregateKind::Identity { .. } | AggregateKind::Variable => false,
    }
}

/// The slot of an aggregate's first own field, behind those that it brings along.
pub(crate) fn first_field(kind: &AggregateKind) -> usize {
    if has_times(kind) { 3 } else { 1 }
}

/// Scope of `Identity` and `Time`: imports and `source`.
pub fn intake(imports: &[Import], functions: &Functions) -> Scope {
    let mut scope = Scope::new();
    add_imports(&mut scope, imports, functions);
    scope.add_variable("source", SOURCE);
    scope
}

/// Scope of the document's `When` and of every aggregate. `aggregate` adds that one's bare field names.
pub fn streaming(document: &Streaming, functions: &Functions, aggregate: Option<usize>) -> Scope {
    let mut scope = Scope::new();
    add_imports(&mut scope, &document.header.imports, functions);
    scope.add_variable("identity", IDENTITY);
    for (index, aggregate) in document.aggregates.iter().enumerate() {
        scope.add_group(&aggregate.name.value, group(index), &group_fields(aggregate));
    }
    scope.add_variable("source", SOURCE);
    scope.add_variable("time", TIME);
    match aggregate {
        Some(index) => inside(&scope, document, index),
        None => scope,
    }
}

/// The document's scope with the bare field names of one of its aggregates.
pub fn inside(scope: &Scope, document: &Streaming, aggregate: usize) -> Scope {
    let mut scope = scope.clone();
    if let Some(own) = document.aggregates.get(aggregate) {
        add_bare(&mut scope, document.header.mode, group(aggregate), &group_fields(own));
    }
    scope
}

/// Scope of the anchor condition (`aggregate = None`) and of a window aggregate (adds `source`, and the
/// list name of 2018-03).
pub fn window(document: &Window, source: &Streaming, functions: &Functions, aggregate: Option<usize>) -> Scope {
    let mut scope = Scope::new();
    let first = source.aggregates.len();
    let own = aggregate.and_then(|i| Some((i, document.aggregates.get(i)?)));
    if let Some((index, own)) = own {
        add_bare(&mut scope, document.header.mode, group(first + index), &window_group_fields(own));
    }
    add_imports(&mut scope, &document.header.imports, functions);
    scope.add_variable("identity", IDENTITY);
    let members: Vec<_> = (source.aggregates.iter().enumerate())
        .map(|(index, aggregate)| (Arc::from(aggregate.name.value.as_str()), group(index), group_fields(aggregate)))
        .collect();
    scope.add_namespace(&source.header.name.value, &members);
    let list_name = own.and_then(|(_, own)| own.window.as_ref()?.list_name.as_ref());
    for (index, aggregate) in document.aggregates.iter().enumerate() {
        // 2018-03 gave window and aggregate the same name at times, and meant the window's list.
        if list_name.is_none_or(|name| name.value != aggregate.name.value) {
            scope.add_group(&aggregate.name.value, group(first + index), &window_group_fields(aggregate));
        }
    }
    scope.add_variable("anchor", ANCHOR);
    if let Some((index, own)) = own {
        if let Some(name) = list_name {
            scope.add_variable(&name.value, SOURCE);
        }
        if own.window.is_some() || source_leaks(document, index) {
            scope.add_variable("source", SOURCE);
        }
    }
    scope
}

/// Scope of every expression of an attribution document: imports and `source`, which is an event, or with `Source` a
/// block, whose fields have the slots of its aggregate. Where that is not found, `source` is not known.
pub fn attribution(document: &Attribution, streams: &[Streaming], functions: &Functions) -> Scope {
    let Some(source) = &document.source else { return intake(&document.header.imports, functions) };
    let mut scope = Scope::new();
    add_imports(&mut scope, &document.header.imports, functions);
    if let Some((stream, index)) = blocks_of(&source.value, streams) {
        scope.add_group("source", group(index), &group_fields(&stream.aggregates[index]));
    }
    scope
}

/// Scope of every expression of a join document: imports and `source`.
pub fn join(document: &Join, functions: &Functions) -> Scope {
    intake(&document.header.imports, functions)
}

/// Scope of a policy's expression: imports, `context`, `actions`, `action` (whose use says that it is asked for each) and
/// `source`. For checks and completion; who evaluates policies numbers slots as it likes.
pub fn policy(document: &Join, functions: &Functions) -> Scope {
    let mut scope = join(document, functions);
    for (place, name) in ["context", "actions", "action"].into_iter().enumerate() {
        scope.add_variable(name, VariableId((VARIABLES + place) as u16));
    }
    scope
}

/// A compile error of an expression as a diagnostic at its place in the document.
pub fn expression_diagnostic(expression: &Expression, error: &CompileError) -> Diagnostic {
    let span = expression.place(error.span.clone());
    let (code, label) = match error.kind {
        CompileErrorKind::Syntax => (codes::EXPRESSION_SYNTAX, "this is not a Python expression"),
        CompileErrorKind::SingleEquals => (codes::SINGLE_EQUALS, "`=` assigns, `==` compares"),
        CompileErrorKind::UnknownName => (codes::UNKNOWN_NAME, "no field, aggregate, import or function"),
        CompileErrorKind::UnknownField => (codes::UNKNOWN_FIELD, "this field does not exist"),
        CompileErrorKind::UnknownMember => (codes::UNKNOWN_MEMBER, "this does not exist"),
        CompileErrorKind::Pattern => (codes::BAD_PATTERN, "`re` cannot read this"),
        CompileErrorKind::Arguments => (codes::BAD_ARGUMENTS, "it cannot be called like this"),
        CompileErrorKind::Unsupported => (codes::UNSUPPORTED, "this cannot run here"),
    };
    let mut diagnostic = Diagnostic::error(code, sentence(&error.message), span, label);
    diagnostic.help = error.help.as_deref().map(sentence);
    let written = expression.text.get(error.span.clone()).unwrap_or_default();
    if let Some(help) = importable(written).filter(|_| error.kind == CompileErrorKind::UnknownName) {
        diagnostic.help = Some(help.to_owned());
        return diagnostic;
    }
    // A fix needs a span that lies in the text as written: nothing that a quoted scalar escapes.
    let plain = error.span.end.saturating_sub(error.span.start) == (span.end - span.start) as usize;
    if let Some(text) = error.replacement.as_ref().filter(|text| plain && writable(expression, text)) {
        diagnostic.fix = Some(Fix { title: format!("Replace with `{text}`"), edits: vec![(span, text.clone())] });
    }
    if span.start == span.end && !expression.text.is_empty() {
        // Something is missing here: show the character before.
        let before = expression.text.get(..error.span.start).and_then(|text| text.char_indices().next_back());
        let start = before.map_or(0, |(at, _)| at);
        diagnostic.primary.span = expression.place(start..error.span.start.max(1));
    }
    diagnostic
}

/// What to import for a name that is often used without.
fn importable(name: &str) -> Option<&'static str> {
    match name {
        "parser" => Some("Add `Import: [{ Module: dateutil, Identifiers: [parser] }]`, or use `parse_time(…)`"),
        "parse" => Some("Add `Import: [{ Module: dateutil.parser, Identifiers: [parse] }]`, or use `parse_time(…)`"),
        "datetime" | "date" | "timedelta" | "timezone" => {
            Some("Add `Import: [{ Module: datetime, Identifiers: [datetime, date, timedelta] }]`")
        }
        "math" => Some("Add `Import: [{ Module: math }]`"),
        "json" => Some("Add `Import: [{ Module: json }]`"),
        "re" => Some("Add `Import: [{ Module: re }]`"),
        "Counter" => Some("Add `Import: [{ Module: collections, Identifiers: [Counter] }]`"),
        "statistics" => Some("Add `Import: [{ Module: statistics }]`"),
        _ => None,
    }
}

/// With a capital letter, as all messages have.
pub(crate) fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// Whether `text` can stand inside the expression's scalar without escaping.
fn writable(expression: &Expression, text: &str) -> bool {
    expression.offsets.is_none() || !text.contains(['\'', '"', '\\', '\n'])
}

/// Blurr leaves `source` set after a Window aggregate, so that a Variable below sees it (B.4).
fn source_leaks(document: &Window, index: usize) -> bool {
    document.header.mode == Mode::Blurr && document.aggregates[..index].iter().any(|before| before.window.is_some())
}

fn add_imports(scope: &mut Scope, imports: &[Import], functions: &Functions) {
    for import in imports {
        let identifiers: Vec<String> = import.identifiers.iter().map(|name| name.value.clone()).collect();
        // A module that does not exist adds no names; the check of imports reports it once.
        let _ = scope.add_import(&import.module.value, &identifiers, functions);
    }
}

/// Blurr never resolved bare names of fields; ours yield to every other name, so that a document of
/// Blurr's keeps its meaning.
fn add_bare(scope: &mut Scope, mode: Mode, group: GroupId, fields: &Fields) {
    if mode == Mode::Studio {
        scope.add_bare_fields(group, fields);
    }
}

fn slots(fields: &[Field]) -> impl Iterator<Item = (Arc<str>, FieldType)> {
    fields.iter().map(|field| (Arc::from(field.name.value.as_str()), field.field_type))
}

/// Documents with more aggregates than slots are refused by the checks.
pub(crate) fn group(index: usize) -> GroupId {
    GroupId(u16::try_from(index).unwrap_or(u16::MAX))
}
