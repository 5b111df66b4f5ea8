//! Inside an expression: the dotted name at the cursor, what it stands for, and what may follow.

use dtc_expr::{FieldType, Offer, OfferKind, Scope, offers_of};

use super::{Hover, Suggestion, SuggestionKind, Suggestions, TypeAt, stream_of};
use crate::check::Project;
use crate::data_fields::DataField;
use crate::dialect::DocumentKind;
use crate::document::{Document, Field, PolicyKind};
use crate::rules::names::is_name_part;
use crate::scopes;
use crate::text::Span;

/// The dotted name around an offset: the names before the one at it, and that one's place.
struct Dotted<'t> {
    before: Vec<&'t str>,
    span: Span,
}

/// `None` inside a text in quotes. `whole`: take what follows the offset too.
fn dotted(text: &str, value: Span, offset: u32, whole: bool) -> Option<Dotted<'_>> {
    let (from, at) = (value.start as usize, offset as usize);
    let before = text.get(from..at)?;
    if in_quotes(before) {
        return None;
    }
    let start = before.trim_end_matches(is_name_part).len();
    let mut names = Vec::new();
    let mut rest = &before[..start];
    while let Some(shorter) = rest.strip_suffix('.') {
        let begin = shorter.trim_end_matches(is_name_part).len();
        if begin == shorter.len() {
            // Behind a call or an index: what it gives is known only while running.
            return None;
        }
        names.push(&shorter[begin..]);
        rest = &shorter[..begin];
    }
    names.reverse();
    let after = if whole { text[at..].len() - text[at..].trim_start_matches(is_name_part).len() } else { 0 };
    Some(Dotted { before: names, span: Span::new(from + start, at + after) })
}

/// A whole expression in YAML quotes is none in Python's.
fn in_quotes(before: &str) -> bool {
    let inner = before.strip_prefix(['"', '\'']).unwrap_or(before);
    let mut open = None;
    for character in inner.chars() {
        match open {
            None if matches!(character, '"' | '\'') => open = Some(character),
            Some(quote) if quote == character => open = None,
            _ => {}
        }
    }
    open.is_some()
}

/// The names that the expression at `offset` sees.
struct Around<'a> {
    scope: Scope,
    /// Names of the data's fields may stand behind `source`.
    reads_events: bool,
    /// The members that `source` lists in a window.
    members: Vec<Offer>,
    /// The aggregate whose block `source` is.
    block: Option<&'a str>,
    stream: Option<&'a crate::document::Streaming>,
    document: Option<&'a Document>,
}

/// A place in an expression.
pub(super) struct Cursor<'a> {
    pub text: &'a str,
    pub offset: u32,
    /// The whole expression as it is written.
    pub value: Span,
    pub kind: Option<DocumentKind>,
    pub document: Option<&'a Document>,
    /// The attribute whose value it is.
    pub key: &'a str,
    pub project: &'a Project,
}

fn around<'a>(cursor: &Cursor<'a>) -> Around<'a> {
    let Cursor { offset, kind, document, key, project, .. } = *cursor;
    let functions = &project.functions;
    let stream = document.and_then(|document| stream_of(document, project));
    let (mut reads_events, mut members, mut block) = (kind != Some(DocumentKind::Window), Vec::new(), None);
    let scope = match document {
        Some(Document::Streaming(streaming)) => {
            let header = ["identity", "time", "eventid"].contains(&key.to_lowercase().as_str());
            let starts = streaming.aggregates.iter().map(|aggregate| aggregate.name.span.start);
            let own = last_before(starts, offset).filter(|_| !header);
            match header {
                true => scopes::intake(&streaming.header.imports, functions),
                false => scopes::streaming(streaming, functions, own),
            }
        }
        Some(Document::Window(window)) => {
            let starts = window.aggregates.iter().map(|aggregate| aggregate.name.span.start);
            let own = last_before(starts, offset);
            reads_events = false;
            if let (Some(index), Some(stream)) = (own, stream) {
                members = listed(window, index, stream);
            }
            match stream {
                Some(stream) => scopes::window(window, stream, functions, own),
                None => Scope::new(),
            }
        }
        Some(Document::Attribution(document)) => {
            block = document.source.as_ref().and_then(|source| source.value.split('.').nth(1));
            reads_events = document.source.is_none();
            scopes::attribution(document, &project.streaming, functions)
        }
        Some(Document::Join(document)) => {
            let own = last_before(document.policies.iter().map(|policy| policy.name.span.start), offset);
            match own.map(|place| &document.policies[place].kind) {
                Some(PolicyKind::Expression(_)) if key.eq_ignore_ascii_case("value") => {
                    scopes::policy(document, functions)
                }
                _ => scopes::join(document, functions),
            }
        }
        Some(Document::Pipeline(_)) | None => Scope::new(),
    };
    Around { scope, reads_events, members, block, stream, document }
}

/// The last part that begins at or before an offset: the one that it stands in.
fn last_before(starts: impl Iterator<Item = u32>, offset: u32) -> Option<usize> {
    starts.enumerate().filter(|(_, start)| *start <= offset).last().map(|(index, _)| index)
}

/// The fields of the blocks that a window gathers; each is a list there.
fn listed(window: &crate::Window, index: usize, stream: &crate::document::Streaming) -> Vec<Offer> {
    let Some(spec) = &window.aggregates[index].window else { return Vec::new() };
    let name = spec.source.value.rsplit('.').next().unwrap_or_default();
    let Some(aggregate) = stream.aggregates.iter().find(|aggregate| aggregate.name.value == name) else {
        return Vec::new();
    };
    let offer = |(name, _): &(std::sync::Arc<str>, FieldType)| Offer {
        name: name.to_string(),
        kind: OfferKind::Field(FieldType::List),
        script: None,
        reference: None,
    };
    scopes::group_fields(aggregate).iter().map(offer).collect()
}

impl Around<'_> {
    fn offers(&self, path: &[&str]) -> Vec<Offer> {
        match path {
            ["time"] | ["anchor", "_start_time" | "_end_time"] => offers_of(FieldType::DateTime),
            ["identity"] => offers_of(FieldType::String),
            ["source"] if !self.members.is_empty() => self.members.clone(),
            ["source", _] if !self.members.is_empty() => offers_of(FieldType::List),
            _ => self.scope.offers(path),
        }
    }

    /// The definition of `aggregate.field`, `stream.aggregate.field`, or a bare field.
    fn field(&self, path: &[&str]) -> Option<&Field> {
        let (name, before) = path.split_last()?;
        let aggregate = match before.last() {
            Some(&"source") if self.block.is_some() => self.block.as_ref(),
            other => other,
        };
        let called = |field: &&Field| field.name.value == *name;
        let streaming = self.stream.iter().flat_map(|stream| &stream.aggregates);
        let mut in_stream = streaming
            .filter(|known| aggregate.is_none_or(|aggregate| known.name.value == *aggregate))
            .flat_map(|known| known.fields.iter().chain(known.dimensions()));
        let own = match self.document {
            Some(Document::Window(window)) => window.aggregates.as_slice(),
            _ => &[],
        };
        let mut in_window = own
            .iter()
            .filter(|known| aggregate.is_none_or(|aggregate| known.name.value == *aggregate))
            .flat_map(|known| known.fields.iter());
        in_window.find(called).or_else(|| in_stream.find(called))
    }
}

pub(super) fn suggestions(cursor: &Cursor) -> Option<Suggestions> {
    let Cursor { text, project, .. } = *cursor;
    let dotted = dotted(text, cursor.value, cursor.offset, false)?;
    let around = around(cursor);
    let called = text[dotted.span.end as usize..].trim_start_matches(is_name_part).starts_with('(');
    let mut items: Vec<Suggestion> = around
        .offers(&dotted.before)
        .into_iter()
        .map(|offer| {
            let path: Vec<&str> = dotted.before.iter().copied().chain([offer.name.as_str()]).collect();
            let own = around.field(&path).map(|field| format!("`{}`", field.value.text.trim()));
            let documentation = own.or_else(|| page(&offer)).unwrap_or_default();
            named(&offer, documentation, called)
        })
        .collect();
    if let (["source", inner @ ..], true) = (dotted.before.as_slice(), around.reads_events) {
        items.extend(data(&project.data, inner));
    }
    // Implicit fields after the user's own.
    items.sort_by_key(|item| (rank(item.kind), item.label.starts_with('_')));
    Some(Suggestions { replace: dotted.span, items })
}

/// What is written about a function, type, method or constant, in Markdown.
fn page(offer: &Offer) -> Option<String> {
    let Some(entry) = offer.reference else {
        let function = offer.script.as_ref()?;
        let forms = function.forms.iter().map(|parameters| format!("{}({})", function.name, parameters.join(", ")));
        let forms = forms.collect::<Vec<_>>().join("\n");
        return Some(format!("```python\n{forms}\n```\n\nYour own, in functions/{}.rhai.", function.module));
    };
    let forms: Vec<&str> = entry.signatures.iter().map(|signature| signature.text).collect();
    let examples: Vec<String> =
        entry.examples.iter().map(|example| format!(">>> {}\n{}", example.expression, example.result)).collect();
    Some(format!("```python\n{}\n```\n\n{}\n\n```python\n{}\n```", forms.join("\n"), entry.text, examples.join("\n")))
}

/// The user's own names before Python's.
fn rank(kind: SuggestionKind) -> u8 {
    match kind {
        SuggestionKind::Data | SuggestionKind::Attribute | SuggestionKind::Choice | SuggestionKind::Part => 0,
        SuggestionKind::Name(OfferKind::Field(_) | OfferKind::Aggregate | OfferKind::Document) => 1,
        SuggestionKind::Name(OfferKind::Variable) => 2,
        SuggestionKind::Name(OfferKind::Module | OfferKind::Constant | OfferKind::Method) => 3,
        SuggestionKind::Name(OfferKind::Function | OfferKind::Type) => 4,
    }
}

/// What is called gets its brackets, unless they are there.
fn named(offer: &Offer, documentation: String, called: bool) -> Suggestion {
    let callable = matches!(offer.kind, OfferKind::Function | OfferKind::Method | OfferKind::Type);
    let snippet = callable && !called;
    Suggestion {
        label: offer.name.clone(),
        insert: if snippet { format!("{}($0)", offer.name) } else { offer.name.clone() },
        snippet,
        kind: SuggestionKind::Name(offer.kind),
        detail: word(offer.kind).to_owned(),
        documentation,
    }
}

fn word(kind: OfferKind) -> &'static str {
    match kind {
        OfferKind::Variable => "of the event",
        OfferKind::Aggregate => "aggregate",
        OfferKind::Document => "streaming document",
        OfferKind::Field(field) => field.name(),
        OfferKind::Function => "function",
        OfferKind::Method => "method",
        OfferKind::Type => "type",
        OfferKind::Module => "module",
        OfferKind::Constant => "constant",
    }
}

/// The data's fields one level below a path.
fn data(fields: &[DataField], inner: &[&str]) -> Vec<Suggestion> {
    let prefix = inner.iter().map(|name| format!("{name}.")).collect::<String>();
    let below = fields.iter().filter_map(|field| Some((field, field.path.strip_prefix(&prefix)?)));
    let direct = below.filter(|(_, rest)| crate::is_identifier(rest) && !crate::is_keyword(rest));
    let suggestion = |(field, rest): (&DataField, &str)| Suggestion {
        label: rest.to_owned(),
        insert: rest.to_owned(),
        snippet: false,
        kind: SuggestionKind::Data,
        detail: format!("{} · {}", field.types.first().map_or("", String::as_str), share(field.share)),
        documentation: examples(field),
    };
    direct.map(suggestion).collect()
}

fn share(share: f64) -> String {
    match share * 100.0 {
        share if share > 0.0 && share < 1.0 => "<1 %".to_owned(),
        share => format!("{share:.0} %"),
    }
}

fn examples(field: &DataField) -> String {
    let shown: Vec<String> = field.examples.iter().map(|example| format!("`{}`", example.replace('`', "'"))).collect();
    if shown.is_empty() { String::new() } else { format!("For example {}", shown.join(", ")) }
}

/// What the name that ends at the cursor stands for.
pub(super) fn offer_at(cursor: &Cursor) -> Option<Offer> {
    let dotted = dotted(cursor.text, cursor.value, cursor.offset, false)?;
    let offers = around(cursor).offers(&dotted.before);
    offers.into_iter().find(|offer| offer.name == dotted.span.of(cursor.text))
}

/// `known`: the type of the part that is hovered.
pub(super) fn hover(cursor: &Cursor, known: Option<&TypeAt>) -> Option<Hover> {
    let Cursor { text, project, .. } = *cursor;
    let dotted = dotted(text, cursor.value, cursor.offset, true)?;
    let name = dotted.span.of(text);
    if name.is_empty() {
        return None;
    }
    let around = around(cursor);
    let mut path = dotted.before.clone();
    path.push(name);
    let mut lines = vec![format!("**{}**", path.join("."))];
    if let (["source", inner @ ..], true) = (path.as_slice(), around.reads_events)
        && !inner.is_empty()
    {
        let field = project.data.iter().find(|field| field.path == inner.join("."));
        // A method of a field's value.
        if let (None, Some(known)) = (field, known)
            && known.span.of(text).ends_with(')')
            && let Some(typed) = typed(text, known)
        {
            return Some(Hover { span: dotted.span, text: vec![format!("**{name}**"), typed] });
        }
        lines.push(match field {
            Some(field) => format!("{}, in {} of the records", field.types.join(" or "), share(field.share)),
            None if project.data.is_empty() => "A field of the event.".to_owned(),
            None => "No record of the sample that was looked at has this field.".to_owned(),
        });
        lines.extend(field.map(examples).filter(|examples| !examples.is_empty()));
        return Some(Hover { span: dotted.span, text: lines });
    }
    let offer = around.offers(&dotted.before).into_iter().find(|offer| offer.name == name)?;
    lines.push(match (name, offer.kind) {
        ("source", _) if !around.members.is_empty() => "The blocks in the window; each field is a list.".to_owned(),
        ("source", _) if around.block.is_some() => "The block: a row of the streaming document.".to_owned(),
        ("source", _) => "The event. A field that it lacks is `None`.".to_owned(),
        ("time", OfferKind::Variable) => "The event's moment, a datetime.".to_owned(),
        ("identity", OfferKind::Variable) => "Who the event belongs to, a text.".to_owned(),
        ("anchor", OfferKind::Variable) => "The block that the row is about.".to_owned(),
        (_, OfferKind::Field(_)) if !around.members.is_empty() && dotted.before == ["source"] => match known {
            Some(known) => format!("One value for each block: {}.", known.of),
            None => sentence(offer.kind),
        },
        _ => sentence(offer.kind),
    });
    let page = page(&offer);
    if page.is_some() || matches!(offer.kind, OfferKind::Function | OfferKind::Method | OfferKind::Type) {
        let given = known.and_then(|known| typed(text, known));
        // The page says what it is; what it gives here comes before.
        lines = if page.is_some() {
            given.into_iter().chain(page).collect()
        } else {
            lines.into_iter().chain(given).collect()
        };
    } else if let Some(field) = around.field(&path) {
        lines.push(format!("Value: `{}`", field.value.text.trim()));
        lines.extend(field.when.as_ref().map(|when| format!("When: `{}`", when.text.trim())));
    }
    Some(Hover { span: dotted.span, text: lines })
}

/// What is told of a part that is no name of its own: an operator, an index, a local name.
pub fn part(text: &str, known: TypeAt) -> Option<Hover> {
    Some(Hover { span: known.span, text: vec![typed(text, &known)?] })
}

/// "`sum(source.score)` gives float"; nothing for what shows its own type.
fn typed(text: &str, known: &TypeAt) -> Option<String> {
    const LONGEST: usize = 60;
    let written = known.span.of(text);
    if written.starts_with(['\'', '"']) || written.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let one_line = written.split_whitespace().collect::<Vec<_>>().join(" ").replace('`', "'");
    let short: String = one_line.chars().take(LONGEST).collect();
    let more = if short.len() < one_line.len() { "…" } else { "" };
    Some(format!("`{short}{more}` gives {}.", known.of))
}

fn sentence(kind: OfferKind) -> String {
    match kind {
        OfferKind::Field(field) => format!("A field of type {}.", field.name()),
        OfferKind::Aggregate => "An aggregate.".to_owned(),
        OfferKind::Document => "A streaming document.".to_owned(),
        OfferKind::Variable => "Known for each event.".to_owned(),
        OfferKind::Function => "A function.".to_owned(),
        OfferKind::Method => "A method.".to_owned(),
        OfferKind::Type => "A type of Python.".to_owned(),
        OfferKind::Module => "A module of Python.".to_owned(),
        OfferKind::Constant => "A constant.".to_owned(),
    }
}
