//! A key written twice: YAML keeps the last silently, we show both places and offer to merge lists.

use std::borrow::Cow;

use dtc_expr::Mode;

use crate::codes;
use crate::diagnostic::{Diagnostic, Severity};
use crate::read::{Entry, Reader};
use crate::text::Span;
use crate::yaml::{Data, Node, Pair};

/// Reports the second of two; gives both lists as one where they are lists.
pub fn merge<'n>(
    reader: &mut Reader,
    name: &str,
    before: &Entry<'n>,
    pair: &'n Pair,
    pairs: &[Pair],
) -> Option<Entry<'n>> {
    let written = pair.key.scalar().map_or(name, |key| key.text.as_str());
    let mut diagnostic = Diagnostic::error(
        codes::DUPLICATE_KEY,
        format!("`{written}` is written twice"),
        pair.key.span,
        "the second one",
    )
    .other(before.key, "the first one");
    if reader.mode == Mode::Blurr {
        // Blurr's loader keeps the last; so do we, and say so.
        diagnostic.severity = Severity::Note;
        reader.report(diagnostic.help("Blurr reads only the last one"));
        return None;
    }
    let lists = before.value.sequence().zip(pair.value.sequence());
    let Some((first, second)) = lists else {
        reader.report(diagnostic.help("Keep one of the two lines"));
        return None;
    };
    diagnostic = diagnostic.help("Put the items of both into one list");
    if let Some(edits) = merge_edits(reader.text, before, pair, pairs) {
        diagnostic = diagnostic.fix(format!("Merge into one `{written}`"), edits);
    }
    reader.report(diagnostic);
    let items: Vec<Node> = first.iter().chain(second).cloned().collect();
    let value = Node { data: Data::Sequence(items), span: before.value.span };
    Some(Entry { key: before.key, value: Cow::Owned(value) })
}

/// Moves the second list's lines below the first list's. Only for lists in lines, not in brackets.
fn merge_edits(text: &str, before: &Entry, pair: &Pair, pairs: &[Pair]) -> Option<Vec<(Span, String)>> {
    let second = pair.value.span;
    let (first_item, second_item) = (before.value.sequence()?.first()?.span, pair.value.sequence()?.first()?.span);
    // Where more than two keys are merged, each list goes below the one right before it.
    let name = pair.key.scalar().map(|key| &key.text);
    let first = pairs.iter().rev().find(|other| {
        other.value.sequence().is_some()
            && other.key.span.end <= pair.key.span.start
            && other.key.scalar().map(|key| &key.text) == name
    });
    let first = first?.value.span;
    if !dash_before(text, first_item) || !dash_before(text, second_item) {
        return None;
    }
    let (key_line, list_line) = (line_start(text, pair.key.span.start), line_start(text, second_item.start));
    let (first_end, second_end) = (line_end(text, first.end), line_end(text, second.end));
    let indent = |span: Span| dash_column(text, span);
    let shift = indent(first_item)? as isize - indent(second_item)? as isize;
    if key_line < first_end || list_line <= key_line {
        return None;
    }
    let moved: String =
        text.get(list_line..second_end)?.split_inclusive('\n').map(|line| shifted(line, shift)).collect();
    let moved = if text.get(..first_end)?.ends_with('\n') { moved } else { format!("\n{moved}") };
    Some(vec![(Span::new(first_end, first_end), moved), (Span::new(key_line, second_end), String::new())])
}

fn shifted(line: &str, shift: isize) -> String {
    let body = line.trim_start_matches(' ');
    if body.trim().is_empty() {
        return line.to_owned();
    }
    let indent = (line.len() - body.len()).saturating_add_signed(shift);
    format!("{}{body}", " ".repeat(indent))
}

fn line_start(text: &str, at: u32) -> usize {
    text.get(..at as usize).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1)
}

fn line_end(text: &str, at: u32) -> usize {
    let at = at as usize;
    text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |end| at + end + 1)
}

fn dash_before(text: &str, item: Span) -> bool {
    dash_column(text, item).is_some()
}

/// Column of the `-` before an item on its line.
fn dash_column(text: &str, item: Span) -> Option<usize> {
    let start = line_start(text, item.start);
    let before = text.get(start..item.start as usize)?;
    let dash = before.find('-')?;
    before.chars().all(|c| matches!(c, ' ' | '-')).then_some(dash)
}
