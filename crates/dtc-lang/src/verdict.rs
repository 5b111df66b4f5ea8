//! The verdict of `blurr validate` at its HEAD (LANGUAGE.md B.14): which of our diagnostics would have
//! stopped there, and what it refused that we accept.
//!
//! Only for who asks whether Blurr would take a document. A run in Blurr's mode does not ask: Blurr never
//! validated before it ran.

use crate::codes::{self, Known};
use crate::diagnostic::{Diagnostic, Severity, quote};
use crate::rules::names::is_identifier;
use crate::text::Span;
use crate::yaml::{self, Data, Node, Plain, Style};

/// What Blurr's validator does not look at.
const UNCHECKED: [Known; 16] = [
    codes::UNKNOWN_ATTRIBUTE,
    codes::DUPLICATE_KEY,
    codes::DUPLICATE_NAME,
    codes::NOT_TEXT,
    codes::WINDOW_TYPE,
    codes::UNKNOWN_STREAM,
    codes::UNKNOWN_SOURCE,
    codes::SOURCE_NOT_BLOCKS,
    codes::AMBIGUOUS_SOURCE,
    codes::UNKNOWN_IMPORT,
    codes::UNKNOWN_NAME,
    codes::UNKNOWN_FIELD,
    codes::UNKNOWN_MEMBER,
    codes::UNSUPPORTED,
    codes::BAD_PATTERN,
    codes::BAD_ARGUMENTS,
];
const DOCUMENTS: &[&str] = &["Blurr:Transform:Streaming", "Blurr:Transform:Window"];
const AGGREGATES: &[&str] = &[
    "Blurr:Aggregate:Identity",
    "Blurr:Aggregate:Block",
    "Blurr:Aggregate:Activity",
    "Blurr:Aggregate:Variable",
    "Blurr:Aggregate:Window",
];
const STORES: &[&str] = &["Blurr:Store:Memory", "Blurr:Store:Dynamo"];

/// Our diagnostics with the severities that Blurr's verdict gives them, and what only Blurr refuses.
pub fn blurr_verdict(text: &str, diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let (root, _) = yaml::parse(text);
    let mut seen = Seen::default();
    if let Some(root) = &root {
        seen.document(root);
    }
    let softened = diagnostics.into_iter().map(|mut diagnostic| {
        if diagnostic.severity == Severity::Error && seen.is_unchecked(&diagnostic) {
            diagnostic.severity = Severity::Warning;
        }
        diagnostic
    });
    let mut verdict: Vec<Diagnostic> = softened.collect();
    for refusal in seen.refusals {
        let told = verdict.iter().any(|known| {
            known.severity == Severity::Error
                && known.primary.span == refusal.primary.span
                && known.code == refusal.code
        });
        if !told {
            verdict.push(refusal);
        }
    }
    verdict.sort_by_key(|diagnostic| (diagnostic.primary.span.start, diagnostic.severity));
    verdict
}

/// What the tree shows beyond our own reading of it.
#[derive(Default)]
struct Seen {
    refusals: Vec<Diagnostic>,
    /// Activity aggregates, which may lack a `Store` for the validator.
    activities: Vec<Span>,
    /// Stores that no aggregate names: they are never looked at.
    unreferenced: Vec<Span>,
    /// A whole number in quotes, which passes as `Max`.
    quoted_max: Vec<Span>,
}

fn get<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    let pair = node.mapping()?.iter().rev().find(|pair| pair.key.scalar().is_some_and(|key| key.text == name))?;
    Some(&pair.value)
}

fn text_of<'n>(node: &'n Node, name: &str) -> Option<&'n str> {
    Some(get(node, name)?.scalar()?.text.trim())
}

fn items<'n>(node: &'n Node, name: &str) -> &'n [Node] {
    get(node, name).and_then(Node::sequence).unwrap_or(&[])
}

fn is_type(node: &Node, name: &str) -> bool {
    text_of(node, "Type").is_some_and(|written| written.eq_ignore_ascii_case(name))
}

impl Seen {
    fn document(&mut self, root: &Node) {
        self.declared(root, DOCUMENTS);
        self.name(root);
        let used: Vec<&str> = items(root, "Aggregates").iter().filter_map(|item| text_of(item, "Store")).collect();
        for store in items(root, "Stores") {
            self.declared(store, STORES);
            self.name(store);
            if !text_of(store, "Name").is_some_and(|name| used.contains(&name)) {
                self.unreferenced.push(store.span);
            }
        }
        for aggregate in items(root, "Aggregates") {
            self.declared(aggregate, AGGREGATES);
            self.name(aggregate);
            if is_type(aggregate, "Blurr:Aggregate:Activity") {
                self.activities.push(aggregate.span);
            }
            for field in items(aggregate, "Fields") {
                self.field(field);
            }
            for dimension in items(aggregate, "Dimensions") {
                self.field(dimension);
                self.dimension(dimension);
            }
        }
        if let Some(max) = get(root, "Anchor").and_then(|anchor| get(anchor, "Max"))
            && let Some(scalar) = max.scalar()
            && scalar.style != Style::Plain
            && scalar.text.trim().parse::<u32>().is_ok_and(|number| number > 0)
        {
            self.quoted_max.push(max.span);
        }
        self.empty(root);
    }

    fn is_unchecked(&self, diagnostic: &Diagnostic) -> bool {
        let is = |code: Known| diagnostic.code.0 == code.number;
        let within = |spans: &[Span]| {
            let place = diagnostic.primary.span;
            spans.iter().any(|span| span.start <= place.start && place.end <= span.end)
        };
        let lacks = |name: &str| is(codes::MISSING_ATTRIBUTE) && diagnostic.message.starts_with(&format!("`{name}` "));
        UNCHECKED.into_iter().any(is)
            || (lacks("Store") && within(&self.activities))
            || (lacks("Table") && within(&self.unreferenced))
            || (is(codes::BAD_NUMBER) && within(&self.quoted_max))
    }

    fn refuse(&mut self, code: Known, message: String, span: Span, label: &str, help: &str) {
        self.refusals.push(Diagnostic::error(code, message, span, label).help(help));
    }

    /// The type names of other times cannot be loaded.
    fn declared(&mut self, node: &Node, names: &[&str]) {
        let Some(written) = get(node, "Type") else { return };
        let Some(scalar) = written.scalar() else { return };
        if !names.iter().any(|name| name.eq_ignore_ascii_case(scalar.text.trim())) {
            let message = format!("Blurr does not know the type {}", quote(&scalar.text));
            let help = format!("Its names: {}", names.join(", "));
            self.refuse(codes::UNKNOWN_TYPE, message, written.span, "no name of Blurr's last version", &help);
        }
    }

    /// Keywords pass.
    fn name(&mut self, node: &Node) {
        let Some(name) = get(node, "Name") else { return };
        let text = name.scalar().map_or("", |scalar| scalar.text.trim());
        if text.starts_with('_') || text.starts_with("run_") || !is_identifier(text) {
            let message = format!("Blurr refuses the name {}", quote(text));
            let help = "Use letters, digits and `_`; do not begin with `_` or `run_`";
            self.refuse(codes::BAD_NAME, message, name.span, "no name for Blurr", help);
        }
    }

    fn field(&mut self, field: &Node) {
        self.name(field);
        if field.mapping().is_some() && get(field, "Type").is_none() {
            let name = text_of(field, "Name").unwrap_or_default();
            let place = get(field, "Name").map_or(field.span, |name| name.span);
            let message = format!("Blurr wants a `Type` for the field {}", quote(name));
            self.refuse(codes::MISSING_ATTRIBUTE, message, place, "this has no `Type`", "Add `Type: string`");
        }
    }

    fn dimension(&mut self, dimension: &Node) {
        let Some(written) = get(dimension, "Type") else { return };
        if !["integer", "string"].contains(&text_of(dimension, "Type").unwrap_or_default()) {
            let message = "Blurr wants `integer` or `string` here, in small letters".to_owned();
            self.refuse(codes::DIMENSION_TYPE, message, written.span, "not one of the two", "Write `string`");
        }
    }

    /// Every attribute, known or not, must hold something that Python takes for true.
    fn empty(&mut self, node: &Node) {
        match &node.data {
            Data::Scalar(_) => {}
            Data::Sequence(items) => items.iter().for_each(|item| self.empty(item)),
            Data::Mapping(pairs) => {
                for pair in pairs {
                    if is_falsy(&pair.value) {
                        let name = pair.key.scalar().map_or("", |key| key.text.as_str());
                        let message = format!("Blurr takes {} for empty", quote(name));
                        let help = "Quote it, as in `'0'`, or delete the line";
                        self.refuse(codes::EMPTY_ATTRIBUTE, message, pair.value.span, "false in Python", help);
                    }
                    self.empty(&pair.value);
                }
            }
        }
    }
}

fn is_falsy(node: &Node) -> bool {
    match &node.data {
        Data::Sequence(items) => items.is_empty(),
        Data::Mapping(pairs) => pairs.is_empty(),
        Data::Scalar(scalar) => match scalar.resolve() {
            Plain::Null | Plain::Bool(false) | Plain::Int(Some(0)) => true,
            Plain::Float(value) => value == 0.0,
            Plain::Text => scalar.text.is_empty(),
            Plain::Bool(true) | Plain::Int(_) | Plain::Timestamp => false,
        },
    }
}
