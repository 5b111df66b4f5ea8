//! A fix that moves one item of a list above another: whole lines, with the comments that stand on them.
//! Not offered where lines do not tell items apart, or anchors and aliases would change places.

use crate::diagnostic::Fix;
use crate::text::Span;

/// Items are known by the places of their names.
pub(crate) fn fix(text: &str, above: Span, moved: Span, title: String) -> Option<Fix> {
    let (above, moved) = (item(text, above)?, item(text, moved)?);
    if above.indent != moved.indent || moved.span.start < above.span.end {
        return None;
    }
    let lines = moved.span.of(text);
    if refers(lines) {
        return None;
    }
    let end = if lines.ends_with('\n') { "" } else { "\n" };
    let place = Span { start: above.span.start, end: above.span.start };
    Some(Fix { title, edits: vec![(place, format!("{lines}{end}")), (moved.span, String::new())] })
}

struct Item {
    span: Span,
    indent: usize,
}

struct Line<'t> {
    start: usize,
    text: &'t str,
}

impl Line<'_> {
    fn indent(&self) -> usize {
        self.text.len() - self.text.trim_start_matches(' ').len()
    }
    fn content(&self) -> &str {
        self.text.trim()
    }
    fn is_comment(&self) -> bool {
        self.content().starts_with('#')
    }
    fn is_item(&self) -> bool {
        self.content().starts_with("- ") || self.content() == "-"
    }
}

/// The lines of the list's item that holds a name.
fn item(text: &str, name: Span) -> Option<Item> {
    let mut start = 0;
    let lines: Vec<Line> = (text.split_inclusive('\n'))
        .map(|line| {
            start += line.len();
            Line { start: start - line.len(), text: line }
        })
        .collect();
    let own = lines.partition_point(|line| line.start <= name.start as usize).checked_sub(1)?;
    let first = first_line(&lines, own)?;
    let indent = lines[first].indent();
    let inside = |line: &Line| line.content().is_empty() || line.is_comment() || line.indent() > indent;
    let mut end = first + 1 + lines[first + 1..].iter().take_while(|line| inside(line)).count();
    // What stands above the next item is that one's.
    while end > first + 1 && (lines[end - 1].content().is_empty() || is_above(&lines[end - 1], indent)) {
        end -= 1;
    }
    let comments = lines[..first].iter().rev().take_while(|line| is_above(line, indent)).count();
    let from = lines[first - comments].start;
    let to = lines.get(end).map_or(text.len(), |line| line.start);
    Some(Item { span: Span::new(from, to), indent })
}

fn is_above(line: &Line, indent: usize) -> bool {
    line.is_comment() && line.indent() <= indent
}

/// The line with the dash of the item that has a key on line `own`.
fn first_line(lines: &[Line], own: usize) -> Option<usize> {
    if lines[own].is_item() {
        return Some(own);
    }
    let key = lines[own].indent();
    for (number, line) in lines[..own].iter().enumerate().rev() {
        if line.content().is_empty() || line.is_comment() || line.indent() >= key {
            continue;
        }
        return (line.is_item() && !line.content().contains(['{', '['])).then_some(number);
    }
    None
}

/// Whether lines define an anchor, use an alias or merge.
fn refers(lines: &str) -> bool {
    let marks = |mark: &str| {
        let behind = lines.match_indices(mark).map(|(at, mark)| lines[at + mark.len()..].chars().next());
        behind.flatten().any(char::is_alphanumeric)
    };
    [" &", ": *", "- *", "<<:"].into_iter().any(marks) || lines.contains("<<:")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(text: &str) -> Option<String> {
        let span = |name: &str| {
            let start = text.find(&format!("Name: {name}")).unwrap() + "Name: ".len();
            Span::new(start, start + name.len())
        };
        let fix = fix(text, span("a"), span("b"), String::new())?;
        let mut out = text.to_owned();
        for (span, new) in fix.edits.iter().rev() {
            out.replace_range(span.start as usize..span.end as usize, new);
        }
        Some(out)
    }

    #[test]
    fn whole_items_move_with_their_comments() {
        let text = "L:\n  # of a\n  - Type: x\n    Name: a\n    F:\n      - Name: inner\n\n  # of b\n  - Name: b\n    F:\n    - Name: z\nM: 1\n";
        let expected = "L:\n  # of b\n  - Name: b\n    F:\n    - Name: z\n  # of a\n  - Type: x\n    Name: a\n    F:\n      - Name: inner\n\nM: 1\n";
        assert_eq!(moved(text).as_deref(), Some(expected));
        assert_eq!(moved("L:\n- Name: a\n- Name: b").as_deref(), Some("L:\n- Name: b\n- Name: a\n"));
    }

    #[test]
    fn what_lines_do_not_tell_apart_stays() {
        for text in [
            "L: [{ Name: a }, { Name: b }]\n",
            "L:\n- { Name: a }\nM:\n  - Name: b\n",
            "L:\n- Name: a\n  F: *x\n- Name: b\n  F: *x\n",
            "L:\n- Name: b\n- Name: a\n",
        ] {
            assert_eq!(moved(text), None, "{text}");
        }
    }
}
