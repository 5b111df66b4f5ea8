//! Where the cursor stands in a document: below which keys, at a key or at a value. By lines and
//! indentation, because a text that is being written is often no YAML yet.

use crate::rules::names::is_name_part;
use crate::text::Span;

/// The cursor's mapping, and what of it is under the cursor.
#[derive(Debug, PartialEq)]
pub struct Place<'t> {
    /// Keys from the document's top; lists add nothing.
    pub path: Vec<&'t str>,
    /// What the same mapping has besides, with its values where they stand on the key's line.
    pub siblings: Vec<(&'t str, &'t str)>,
    pub at: At<'t>,
    /// Whether the line begins an item of a list.
    pub in_item: bool,
    /// What the document's `Type` says.
    pub document_type: &'t str,
}

#[derive(Debug, PartialEq)]
pub enum At<'t> {
    /// A key, or where one would begin; the span is what is written of it.
    Key(Span),
    /// The value of a key on its line; the span is the value, without a comment behind it.
    Value(&'t str, Span),
    /// An item of a list of scalars, below or behind its key.
    Item(&'t str, Span),
}

/// A line as far as it matters.
struct Line<'t> {
    start: usize,
    text: &'t str,
    /// Column of the first dash, where the line begins an item.
    dash: Option<usize>,
    /// Column of what stands behind the blanks and dashes.
    column: usize,
    key: Option<&'t str>,
    /// Column behind the colon.
    value: usize,
}

impl<'t> Line<'t> {
    fn read(start: usize, text: &'t str) -> Line<'t> {
        let bytes = text.as_bytes();
        let (mut column, mut dash) = (0, None);
        loop {
            match bytes.get(column) {
                Some(b' ') => column += 1,
                Some(b'-') if matches!(bytes.get(column + 1), Some(b' ') | None) => {
                    dash.get_or_insert(column);
                    column += 1;
                }
                _ => break,
            }
        }
        let rest = &text[column..];
        let name = rest.len() - rest.trim_start_matches(is_name_part).len();
        let after = rest[name..].trim_start_matches(' ');
        let is_key = name > 0 && after.starts_with(':') && after[1..].chars().next().is_none_or(char::is_whitespace);
        let (key, value) = match is_key {
            true => (Some(&rest[..name]), column + rest.len() - after.len() + 1),
            false => (None, column),
        };
        Line { start, text, dash, column, key, value }
    }

    fn is_blank(&self) -> bool {
        let rest = self.text[self.column..].trim();
        (rest.is_empty() && self.dash.is_none()) || rest.starts_with('#')
    }

    fn is_boundary(&self) -> bool {
        self.text.starts_with("---")
    }

    /// The value on the line, without a comment.
    fn written(&self) -> &'t str {
        let value = &self.text[self.value..];
        value.split(" #").next().unwrap_or(value).trim()
    }

    /// Where the line's part of the outer structure begins.
    fn outer(&self) -> usize {
        self.dash.unwrap_or(self.column)
    }
}

/// Lines of the YAML document around an offset, and which of them holds it.
fn lines(text: &str, offset: usize) -> (Vec<Line<'_>>, usize) {
    let mut lines = Vec::new();
    let (mut here, mut start) = (0, 0);
    for line in text.split_inclusive('\n') {
        let read = Line::read(start, line.trim_end_matches(['\n', '\r']));
        let passed = start > offset;
        if read.is_boundary() && passed {
            return (lines, here);
        }
        if read.is_boundary() {
            lines.clear();
        }
        if !passed {
            here = lines.len();
        }
        start += line.len();
        lines.push(read);
    }
    if text.is_empty() || (text.ends_with('\n') && offset >= text.len()) {
        here = lines.len();
        lines.push(Line::read(text.len(), ""));
    }
    (lines, here)
}

/// `None` in comments, in multi-line texts and in flow mappings.
pub fn place(text: &str, offset: u32) -> Option<Place<'_>> {
    let offset = (offset as usize).min(text.len());
    let (lines, here) = lines(text, offset);
    let line = lines.get(here)?;
    let cursor = offset.checked_sub(line.start)?.min(line.text.len());
    let before = line.text.get(..cursor)?;
    if before.trim_start().starts_with('#') || before.contains(" #") || line.is_boundary() {
        return None;
    }
    let document_type = lines
        .iter()
        .find(|line| line.outer() == 0 && line.key.is_some_and(|key| key.eq_ignore_ascii_case("Type")))
        .map_or("", Line::written);
    let span = |from: usize, to: usize| Span::new(line.start + from, line.start + to.max(from));
    let at = match line.key {
        Some(key) if cursor >= line.value => {
            let blanks = line.text[line.value..].len() - line.text[line.value..].trim_start().len();
            let start = line.value + blanks;
            At::Value(key, span(start.min(cursor), (start + line.written().len()).max(cursor)))
        }
        Some(key) => At::Key(span(line.column.min(cursor), line.column + key.len())),
        None if line.text[line.column..].starts_with(['{', '[', '"', '\'', '|', '>']) => return None,
        None => At::Key(span(line.column.min(cursor), line.text.trim_end().len().max(cursor))),
    };
    let column = if line.is_blank() && line.dash.is_none() { before.len() } else { line.column };
    let (mut path, siblings, owner) = mapping(&lines, here, column)?;
    let at = match (at, owner) {
        // Dashes below a key whose items are no mappings.
        (At::Key(span), Some(key)) if line.dash.is_some() && is_list_of_texts(key) => {
            path.pop();
            At::Item(key, span)
        }
        (at, _) => at,
    };
    Some(Place { path, siblings, at, in_item: line.dash.is_some(), document_type })
}

fn is_list_of_texts(key: &str) -> bool {
    ["Models", "Identifiers", "Documents", "Emails", "Arguments", "Choices"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(key))
}

type Around<'t> = (Vec<&'t str>, Vec<(&'t str, &'t str)>, Option<&'t str>);

/// What is looked for on the way up.
enum Climb {
    /// The start of the mapping whose keys stand at a column, or the key above it.
    Mapping(usize),
    /// The key above the list whose dashes stand at a column.
    List(usize),
}

/// Keys above, siblings, and the key that the mapping or list hangs on.
fn mapping<'t>(lines: &[Line<'t>], here: usize, column: usize) -> Option<Around<'t>> {
    let dash = lines.get(here)?.dash;
    let mut climb = dash.map_or(Climb::Mapping(column), Climb::List);
    let (mut path, mut siblings) = (Vec::new(), Vec::new());
    for line in lines[..here].iter().rev().filter(|line| !line.is_blank()) {
        // A key with a value on its line is nobody's parent.
        let parent = line.key.filter(|_| line.written().is_empty());
        match climb {
            Climb::Mapping(column) if line.column == column => {
                if path.is_empty()
                    && let Some(key) = line.key
                {
                    siblings.push((key, line.written()));
                }
                if let Some(dash) = line.dash {
                    climb = Climb::List(dash);
                }
            }
            Climb::Mapping(column) if line.column < column => {
                if let Some(key) = parent {
                    path.push(key);
                    climb = line.dash.map_or(Climb::Mapping(line.column), Climb::List);
                }
            }
            Climb::List(dash) if line.dash.is_none_or(|other| other < dash) && line.column <= dash => {
                if let Some(key) = parent {
                    path.push(key);
                    climb = line.dash.map_or(Climb::Mapping(line.column), Climb::List);
                }
            }
            Climb::Mapping(_) | Climb::List(_) => {}
        }
    }
    siblings.extend(below(lines, here, column));
    path.reverse();
    let owner = path.last().copied();
    Some((path, siblings, owner))
}

/// The rest of the same mapping, further down.
fn below<'t>(lines: &[Line<'t>], here: usize, column: usize) -> Vec<(&'t str, &'t str)> {
    let mut found = Vec::new();
    for line in lines.iter().skip(here + 1).filter(|line| !line.is_blank()) {
        if line.outer() < column || (line.outer() == column && line.dash.is_some()) {
            break;
        }
        if let Some(key) = line.key.filter(|_| line.column == column && line.dash.is_none()) {
            found.push((key, line.written()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The place of `‸` in a text.
    fn at(marked: &str) -> (String, Option<String>) {
        let offset = marked.find('‸').unwrap();
        let text = marked.replace('‸', "");
        let place = place(&text, offset as u32);
        let words = place.as_ref().map(|place| {
            let at = match place.at {
                At::Key(span) => format!("key {:?}", span.of(&text)),
                At::Value(key, span) => format!("{key} = {:?}", span.of(&text)),
                At::Item(key, span) => format!("item of {key} {:?}", span.of(&text)),
            };
            let siblings: Vec<&str> = place.siblings.iter().map(|(key, _)| *key).collect();
            format!("{} | {at} | {}", place.path.join("."), siblings.join(" "))
        });
        (text.clone(), words)
    }

    fn says(marked: &str, expected: &str) {
        assert_eq!(at(marked).1.as_deref(), Some(expected), "{marked}");
    }

    #[test]
    fn keys_and_values_of_the_document() {
        says("Ty‸", " | key \"Ty\" | ");
        says("Type: x\n‸", " | key \"\" | Type");
        says("Type: x\nTi‸me: y\nName: z", " | key \"Time\" | Type Name");
        says("Type: ‸", " | Type = \"\" | ");
        says("Type:‸ äö", " | Type = \" äö\" | ");
        says("Identity: source.‸", " | Identity = \"source.\" | ");
    }

    #[test]
    fn mappings_in_lists() {
        let head = "Type: x\nAggregates:\n";
        says(&format!("{head}  - Na‸"), "Aggregates | key \"Na\" | ");
        says(&format!("{head}  - Type: t\n    ‸\n    Store: s\n"), "Aggregates | key \"\" | Type Store");
        says(
            &format!("{head}- Type: t\n  Fields:\n  - Name: a\n    Value: x.‸\n  - Name: b\n"),
            "Aggregates.Fields | Value = \"x.\" | Name",
        );
        says(
            &format!("{head}  - Type: t\n    Fields:\n      - Name: a\n        Value: 1\n      - Name: ‸"),
            "Aggregates.Fields | Name = \"\" | ",
        );
        says(&format!("{head}  - Type: t\n    Fields:\n      - Name: a\n‸"), " | key \"\" | Aggregates Type");
    }

    #[test]
    fn mappings_in_mappings_and_lists_of_texts() {
        says("Anchor:\n  Condition: a\n  M‸", "Anchor | key \"M\" | Condition");
        says("Models:\n  - fi‸", " | item of Models \"fi\" | ");
    }

    #[test]
    fn nothing_in_comments_and_flow() {
        assert_eq!(at("# Ty‸").1, None);
        assert_eq!(at("Import:\n  - { Mod‸").1, None);
        assert_eq!(at("Name: x # ‸").1, None);
    }

    #[test]
    fn documents_end_at_their_line() {
        says("Type: a\nName: b\n---\nType: ‸", " | Type = \"\" | ");
    }
}
