//! From parser events to the tree: aliases expanded under a limit, depth limited, never recursive.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, StrInput};

use super::lines::{Lines, Rendered};
use super::node::{Data, Node, Pair, Scalar, Style};
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::text::Span;

/// A DTC document is some six levels deep.
const DEEPEST: usize = 64;
/// Nodes that aliases may add: some thousand lines' worth.
const MOST_COPIED: usize = 50_000;

/// The first fault of a text: character and the parser's words.
pub struct Fault {
    pub character: usize,
    pub words: String,
}

/// The first syntax fault, without building anything.
pub fn first_fault(text: &str) -> Option<Fault> {
    let mut parser = Parser::new_from_str(text);
    let mut depth = 0_usize;
    while let Some(event) = parser.next_event() {
        match event {
            Err(error) => return Some(fault(&error)),
            Ok((Event::SequenceStart(..) | Event::MappingStart(..), _)) => depth += 1,
            Ok((Event::SequenceEnd | Event::MappingEnd, _)) => depth = depth.saturating_sub(1),
            // Whatever follows the first document is reported as such, not parsed.
            Ok((Event::DocumentEnd, _)) => return None,
            Ok(_) => {}
        }
        if depth > DEEPEST {
            return None;
        }
    }
    None
}

fn fault(error: &ScanError) -> Fault {
    Fault { character: error.marker().index(), words: error.info().to_owned() }
}

struct Frame {
    data: Data,
    key: Option<Node>,
    start: usize,
    anchor: usize,
    /// From `<<`: they fill in keys that are not written, before or after.
    merged: Vec<Pair>,
}

impl Frame {
    fn push_pair(&mut self, key: Node, value: Node) {
        let merges = key.scalar().is_some_and(|scalar| scalar.text == "<<" && scalar.style == Style::Plain);
        if merges {
            add_absent(&mut self.merged, merged_pairs(value));
        } else if let Data::Mapping(pairs) = &mut self.data {
            pairs.push(Pair { key, value });
        }
    }
}

struct Builder<'t, 'l> {
    lines: &'l Lines<'t>,
    rendered: &'l Rendered,
    stack: Vec<Frame>,
    root: Option<Node>,
    anchors: HashMap<usize, Node>,
    copied: usize,
    diagnostics: Vec<Diagnostic>,
}

/// Builds the first document of the text as far as it can be parsed.
pub fn build(lines: &Lines, rendered: &Rendered) -> (Option<Node>, Vec<Diagnostic>) {
    let mut builder = Builder {
        lines,
        rendered,
        stack: Vec::new(),
        root: None,
        anchors: HashMap::new(),
        copied: 0,
        diagnostics: Vec::new(),
    };
    let mut parser: Parser<StrInput> = Parser::new_from_str(&rendered.text);
    let mut ended = false;
    while let Some(Ok((event, span))) = parser.next_event() {
        let (start, end) = (span.start.index(), span.end.index());
        if ended {
            if matches!(event, Event::DocumentStart(_)) {
                let span = builder.span(start, end);
                builder.diagnostics.push(several(span));
            }
            break;
        }
        ended = matches!(event, Event::DocumentEnd);
        if !builder.event(event, start, end) {
            break;
        }
    }
    // What stood open at a fault is closed where the text ended.
    let end = rendered.text.chars().count();
    while !builder.stack.is_empty() {
        builder.close(end);
    }
    (builder.root, builder.diagnostics)
}

fn several(span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::SEVERAL_DOCUMENTS,
        "The text holds more than one document",
        span,
        "a second document starts here",
    )
    .help("Keep one document in a file; move the others to files of their own")
}

impl Builder<'_, '_> {
    /// False when building has to stop.
    fn event(&mut self, event: Event, start: usize, end: usize) -> bool {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let tag = tag.filter(|tag| tag.is_yaml_core_schema()).map(|tag| tag.suffix.clone());
                let style = match style {
                    ScalarStyle::Plain => Style::Plain,
                    ScalarStyle::SingleQuoted => Style::SingleQuoted,
                    ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
                    ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
                };
                let data = Data::Scalar(Scalar { text: text.into_owned(), style, tag });
                let node = Node { data, span: self.span(start, end) };
                self.finish(node, anchor);
                true
            }
            Event::SequenceStart(anchor, _) => self.open(Data::Sequence(Vec::new()), start, end, anchor),
            Event::MappingStart(anchor, _) => self.open(Data::Mapping(Vec::new()), start, end, anchor),
            Event::SequenceEnd | Event::MappingEnd => {
                self.close(end);
                true
            }
            Event::Alias(anchor) => self.alias(anchor, start, end),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {
                true
            }
        }
    }

    fn open(&mut self, data: Data, start: usize, end: usize, anchor: usize) -> bool {
        if self.stack.len() >= DEEPEST {
            let span = self.span(start, end);
            self.diagnostics.push(too_deep(span));
            return false;
        }
        self.stack.push(Frame { data, key: None, start, anchor, merged: Vec::new() });
        true
    }

    fn close(&mut self, end: usize) {
        let Some(mut frame) = self.stack.pop() else { return };
        if let Some(key) = frame.key.take() {
            let value = nothing(Span { start: key.span.end, end: key.span.end });
            frame.push_pair(key, value);
        }
        let mut span = self.span(frame.start, end);
        // A block ends where its last part ends, not at the next line's indentation.
        if let Some(last) = last_end(&frame.data)
            && !self.lines.text[..span.end as usize].ends_with([']', '}'])
        {
            span.end = last.max(span.start);
        }
        if let Data::Mapping(pairs) = &mut frame.data {
            add_absent(pairs, frame.merged);
        }
        self.finish(Node { data: frame.data, span }, frame.anchor);
    }

    fn alias(&mut self, anchor: usize, start: usize, end: usize) -> bool {
        let span = self.span(start, end);
        let Some(node) = self.anchors.get(&anchor) else {
            // An alias inside the node that it names would never end.
            self.diagnostics.push(
                Diagnostic::error(
                    codes::UNKNOWN_ALIAS,
                    "This alias stands inside what it names",
                    span,
                    "it would contain itself",
                )
                .help("Write the value out here"),
            );
            self.finish(nothing(span), 0);
            return true;
        };
        self.copied += node.size();
        if self.copied > MOST_COPIED {
            self.diagnostics.push(
                Diagnostic::error(
                    codes::ALIAS_EXPANSION,
                    "Aliases expand to too much",
                    span,
                    "the limit is passed here",
                )
                .help(format!("Write the parts out; aliases may add {MOST_COPIED} values in all")),
            );
            return false;
        }
        if self.stack.len() + node.depth() > DEEPEST {
            self.diagnostics.push(too_deep(span));
            return false;
        }
        let node = node.clone();
        self.finish(node, 0);
        true
    }

    fn finish(&mut self, node: Node, anchor: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        let Some(frame) = self.stack.last_mut() else {
            self.root.get_or_insert(node);
            return;
        };
        match frame.key.take() {
            Some(key) => frame.push_pair(key, node),
            None => match &mut frame.data {
                Data::Sequence(items) => items.push(node),
                Data::Mapping(_) | Data::Scalar(_) => frame.key = Some(node),
            },
        }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        let (_, from) = self.lines.place(self.rendered, start);
        let (_, to) = self.lines.place(self.rendered, end);
        Span::new(from, to)
    }
}

pub fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::error(codes::NESTED_TOO_DEEP, "The text is nested too deeply", span, "the limit is passed here")
        .help(format!("A document has at most {DEEPEST} levels; look for brackets that are not closed"))
}

fn nothing(span: Span) -> Node {
    Node { data: Data::Scalar(Scalar { text: String::new(), style: Style::Plain, tag: None }), span }
}

fn last_end(data: &Data) -> Option<u32> {
    match data {
        Data::Sequence(items) => items.last().map(|item| item.span.end),
        Data::Mapping(pairs) => pairs.last().map(|pair| pair.value.span.end.max(pair.key.span.end)),
        Data::Scalar(_) => None,
    }
}

/// What `<<: *other` names: the pairs of one mapping or of several, the first winning.
fn merged_pairs(value: Node) -> Vec<Pair> {
    let sources = match value.data {
        Data::Sequence(items) => items,
        Data::Mapping(_) | Data::Scalar(_) => vec![value],
    };
    let mut pairs = Vec::new();
    for source in sources {
        if let Data::Mapping(others) = source.data {
            add_absent(&mut pairs, others);
        }
    }
    pairs
}

fn add_absent(pairs: &mut Vec<Pair>, others: Vec<Pair>) {
    for other in others {
        let name = other.key.scalar().map(|scalar| scalar.text.as_str());
        if !pairs.iter().any(|pair| pair.key.scalar().map(|scalar| scalar.text.as_str()) == name) {
            pairs.push(other);
        }
    }
}
