//! Cures that need more than the place of a fault: the rest of the document, its streaming document, the data.

use dtc_expr::{FieldType, OfferKind};

use crate::check::Project;
use crate::codes;
use crate::data_fields::{self, DataField};
use crate::diagnostic::{Diagnostic, Fix};
use crate::document::{AggregateKind, Document, Streaming, Window};
use crate::rules::names::{is_identifier, is_keyword};
use crate::rules::sources::stream_of;
use crate::scopes;
use crate::text::Span;
use crate::yaml::{Data, Node};

/// Adds cures to diagnostics that have none.
pub fn add(text: &str, root: &Node, document: &Document, project: &Project, found: &mut [Diagnostic]) {
    for diagnostic in found.iter_mut().filter(|diagnostic| diagnostic.fix.is_none()) {
        let is = |code: codes::Known| diagnostic.code.0 == code.number;
        let cure = match document {
            _ if is(codes::MISSING_ATTRIBUTE) && diagnostic.message.starts_with("`Name`") => {
                missing_name(text, root, diagnostic.primary.span)
            }
            Document::Streaming(streaming) if is(codes::UNKNOWN_NAME) => {
                split_field(text, streaming, &project.data, diagnostic.primary.span)
            }
            Document::Streaming(streaming) if is(codes::UNSEEN_FIELD) => {
                likely_identity(streaming, &project.data, diagnostic.primary.span)
            }
            Document::Window(window) if is(codes::UNKNOWN_NAME) => not_empty(window, project, diagnostic.primary.span),
            _ => None,
        };
        if let Some((help, fix)) = cure {
            diagnostic.help = Some(help);
            diagnostic.fix = Some(fix);
        }
    }
}

type Cure = (String, Fix);

/// `Split: source.x != x` compares with the session's last `x`, which must be kept to be compared with.
fn split_field(text: &str, document: &Streaming, data: &[DataField], at: Span) -> Option<Cure> {
    let holds = |whole: Span| whole.start <= at.start && at.end <= whole.end;
    let own = |aggregate: &&crate::document::Aggregate| match &aggregate.kind {
        AggregateKind::Session { split: Some(split) } => holds(split.span),
        _ => false,
    };
    let aggregate = document.aggregates.iter().find(own)?;
    let AggregateKind::Session { split: Some(split) } = &aggregate.kind else { return None };
    let name = at.of(text);
    if !split.text.contains(&format!("source.{name}")) || !is_identifier(name) {
        return None;
    }
    let first = aggregate.fields.first()?.name.span.start as usize;
    let line = text[..first].rfind('\n').map_or(0, |end| end + 1);
    let blanks = text[line..].len() - text[line..].trim_start_matches(' ').len();
    if !text[line + blanks..].starts_with("- ") {
        return None;
    }
    let kind = data.iter().find(|field| field.path == name).and_then(|field| field.types.first());
    let kind = match kind.map(String::as_str) {
        Some("number") => "float",
        Some("boolean") => "boolean",
        _ => "string",
    };
    let (dash, key) = (" ".repeat(blanks), " ".repeat(blanks + 2));
    let field = format!("{dash}- Name: {name}\n{key}Type: {kind}\n{key}Value: source.{name}\n");
    let fix = Fix { title: format!("Add the field `{name}`"), edits: vec![(Span::new(line, line), field)] };
    Some((format!("Keep it in a field `{name}` of the session: `Value: source.{name}`"), fix))
}

/// `any(x) in stream.aggregate.x` means that the field is not empty.
fn not_empty(document: &Window, project: &Project, at: Span) -> Option<Cure> {
    let condition = &document.anchor.condition;
    let inner = condition.text.trim().strip_prefix("any(")?;
    let (name, path) = inner.split_once(')')?;
    let path = path.trim().strip_prefix("in ")?.trim();
    let names: Vec<&str> = path.split('.').collect();
    let plain = condition.offsets.is_none() && names.iter().all(|name| is_identifier(name) && !is_keyword(name));
    if at.start < condition.span.start || condition.span.end < at.end || !plain || names.last() != Some(&name.trim()) {
        return None;
    }
    let stream = stream_of(document, &project.streaming)?;
    let offer = scopes::window(document, stream, &project.functions, None).offer(&names)?;
    let OfferKind::Field(kind) = offer.kind else { return None };
    let asked = match kind {
        FieldType::String => format!("{path} != ''"),
        _ => path.to_owned(),
    };
    let fix = Fix { title: format!("Replace with `{asked}`"), edits: vec![(condition.span, asked.clone())] };
    Some((format!("To ask whether the block has one, write `{asked}`"), fix))
}

/// An aggregate is called as its window is, or as its type is.
fn missing_name(text: &str, root: &Node, at: Span) -> Option<Cure> {
    let aggregates = root.value("Aggregates").or_else(|| root.value("DataGroups"))?.sequence()?;
    let own = aggregates.iter().find(|node| {
        node.mapping().and_then(|pairs| pairs.first()).is_some_and(|pair| pair.key.span == at)
            && node.value("Name").is_none()
    })?;
    let kind = own.text_of("Type")?;
    let taken: Vec<&str> = aggregates.iter().filter_map(|node| node.text_of("Name")).collect();
    let by_window = own.value("Window").and_then(|window| match &window.data {
        Data::Sequence(items) => items.first()?.text_of("Name"),
        _ => window.text_of("Name"),
    });
    let last = kind.rsplit(':').next().unwrap_or_default().to_lowercase();
    let by_type = last.strip_suffix("aggregate").unwrap_or(&last).to_owned();
    let name = by_window
        .map(str::to_owned)
        .into_iter()
        .chain([by_type])
        .find(|name| is_identifier(name) && !is_keyword(name) && !taken.contains(&name.as_str()))?;
    // Below the line of the first key, in its column.
    let start = at.start as usize;
    let line = text[..start].rfind('\n').map_or(0, |end| end + 1);
    let end = text[start..].find('\n').map_or(text.len(), |length| start + length);
    if !text[line..start].trim_start_matches([' ', '-']).is_empty() || text[start..end].contains('{') {
        return None;
    }
    let added = format!("\n{}Name: {name}", " ".repeat(start - line));
    let fix = Fix { title: format!("Add `Name: {name}`"), edits: vec![(Span::new(end, end), added)] };
    Some((format!("Add a line such as `Name: {name}`"), fix))
}

/// An identity that the data does not have leaves no event; the data's likeliest one is proposed.
fn likely_identity(document: &Streaming, data: &[DataField], at: Span) -> Option<Cure> {
    let identity = &document.identity;
    let inside = identity.span.start <= at.start && at.end <= identity.span.end && identity.offsets.is_none();
    let name = data_fields::likely_identity(data).filter(|_| inside)?;
    let fix = Fix { title: format!("Replace with `{name}`"), edits: vec![(at, name.to_owned())] };
    Some((format!("The data tells events apart by `{name}`, as it seems"), fix))
}
