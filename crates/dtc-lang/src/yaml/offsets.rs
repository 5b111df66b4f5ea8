//! Where each byte of a scalar's text stands in the document, for quotes, escapes and folded lines.

use super::node::{Node, Style};
use crate::text::Span;

/// The place of the scalar's content, and the document offset of each byte of its text where that is
/// not simply `span.start + i`.
pub fn content(document: &str, node: &Node) -> (Span, Option<Vec<u32>>) {
    let Some(scalar) = node.scalar() else { return (node.span, None) };
    let raw = node.span.of(document);
    if raw == scalar.text {
        return (node.span, None);
    }
    let inner = inner(raw, scalar.style);
    let start = node.span.start as usize + inner.start;
    let span = Span::new(start, node.span.start as usize + inner.end);
    let body = &raw[inner];
    if body == scalar.text {
        return (span, None);
    }
    (span, Some(align(body, &scalar.text, scalar.style, start)))
}

/// The content without quotes, or without the header line of a block scalar.
fn inner(raw: &str, style: Style) -> std::ops::Range<usize> {
    match style {
        Style::Plain => 0..raw.len(),
        Style::SingleQuoted | Style::DoubleQuoted => {
            let mark = if style == Style::SingleQuoted { '\'' } else { '"' };
            let start = usize::from(raw.starts_with(mark));
            let end = if raw.len() > start && raw.ends_with(mark) { raw.len() - 1 } else { raw.len() };
            start..end
        }
        Style::Block => raw.find('\n').map_or(0, |at| at + 1)..raw.len(),
    }
}

/// Walks text and body side by side. White space matches white space of any length; where nothing
/// matches (a repaired text), the rest points at that place.
fn align(body: &str, text: &str, style: Style, start: usize) -> Vec<u32> {
    let mut offsets = Vec::with_capacity(text.len());
    let mut at = 0;
    let mut text_at = 0;
    while let Some(character) = text[text_at..].chars().next() {
        if !character.is_whitespace() {
            at += body[at..].len() - body[at..].trim_start().len();
        }
        let step = step(&body[at..], &text[text_at..], character, style);
        offsets.extend(std::iter::repeat_n(Span::new(start + at, start + at).start, character.len_utf8()));
        at += step;
        text_at += character.len_utf8();
    }
    offsets
}

/// How many bytes of the body stand for the next character of the text.
fn step(body: &str, text: &str, character: char, style: Style) -> usize {
    let escape = style == Style::DoubleQuoted && body.starts_with('\\');
    if escape {
        return escape_length(body);
    }
    if style == Style::SingleQuoted && body.starts_with("''") {
        return 2;
    }
    if body.starts_with(character) {
        return character.len_utf8();
    }
    if !character.is_whitespace() {
        return 0;
    }
    // A folded line end: the run of blanks is one character, unless more of the text is blank.
    let run = body.len() - body.trim_start().len();
    let next_is_blank = text[character.len_utf8()..].starts_with(char::is_whitespace);
    if next_is_blank {
        body.chars().next().map_or(0, |c| if c.is_whitespace() { c.len_utf8() } else { 0 })
    } else {
        run
    }
}

fn escape_length(body: &str) -> usize {
    let mut characters = body.chars();
    characters.next();
    let length = match characters.next() {
        Some('x') => 4,
        Some('u') => 6,
        Some('U') => 10,
        // `\` at the end of a line swallows the line end and the next line's indentation.
        Some(c) if c.is_whitespace() && c != ' ' && c != '\t' => {
            let rest = &body[1..];
            let blank = 1 + rest.len() - rest.trim_start().len();
            return blank + body[blank..].chars().next().map_or(0, char::len_utf8);
        }
        Some(c) => 1 + c.len_utf8(),
        None => 1,
    };
    if body.is_char_boundary(length) { length.min(body.len()) } else { 1 }
}
