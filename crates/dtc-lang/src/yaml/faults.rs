//! Syntax faults in the user's words, with their cure.

use std::ops::Range;

use super::lines::Lines;
use super::repair::indent;
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::text::Span;

/// The parser's words for a fault that no repair explains, as ours.
pub fn syntax(words: &str, span: Span) -> Diagnostic {
    if words.contains("recursion limit") {
        return super::build::too_deep(span);
    }
    if words.contains("unknown anchor") {
        return Diagnostic::error(
            codes::UNKNOWN_ALIAS,
            "This alias names no anchor",
            span,
            "`*name` repeats what `&name` marks above",
        )
        .help("Put an expression that starts with `*` in quotes, or define the anchor above");
    }
    let (message, help) = explain(words);
    Diagnostic::error(codes::YAML_SYNTAX, message, span, "reading stops here").help(help)
}

/// A part of the parser's words, what is wrong, what to do.
const TABLE: &[(&str, &str, &str)] = &[
    (
        "unprintable",
        "A character that cannot be shown stands here",
        "Delete it; look for control characters in a text editor",
    ),
    ("quoted scalar", "A quoted text is not closed", "Add the closing quote; write a quote inside '…' twice"),
    (
        "escape",
        "This escape is not known in a text in double quotes",
        "Use single quotes, or write `\\\\` for a backslash",
    ),
    ("hex digit", "An escape in double quotes lacks digits", "Use single quotes, or write `\\\\` for a backslash"),
    ("tab", "A tab stands where YAML wants spaces", "Replace the tab by spaces"),
    (
        "flow sequence",
        "A list in brackets is not closed or lacks a comma",
        "Close it with `]`; put expressions in quotes",
    ),
    (
        "flow mapping",
        "A mapping in braces is not closed or lacks a comma",
        "Close it with `}`; put expressions in quotes",
    ),
    ("bracket", "A bracket is closed that was never opened", "Delete it, or put the expression in quotes"),
    ("mapping values", "A second `: ` stands on this line", "Put the value in quotes"),
    ("simple key", "A `:` is missing after a name", "Write `Name: value`"),
    ("':'", "A `:` is missing after a name", "Write `Name: value`"),
    ("unexpected character", "A value starts with a character that YAML keeps for itself", "Put the value in quotes"),
    ("reserved", "A value starts with a character that YAML keeps for itself", "Put the value in quotes"),
    (
        "block scalar",
        "The lines after `|` or `>` are not indented as one block",
        "Indent them alike, deeper than the key",
    ),
    ("'-' indicator", "A line of a list does not start with `-` at the list's column", "Align it with the list above"),
    ("expected key", "This line does not fit the lines above", "Align it with its neighbours; write `Name: value`"),
    ("indentation", "This line is indented in a way that fits no line above", "Align it with its neighbours"),
    ("block sequence entries", "A `-` stands where no list can start", "Put the list on the lines below its key"),
    ("directive", "A line that starts with `%` is not understood", "Delete the line, or put the value in quotes"),
    ("tag", "`!` starts a tag, which documents do not use", "Put the value in quotes"),
    ("handle", "`!` starts a tag, which documents do not use", "Put the value in quotes"),
    ("anchor", "`&` and `*` mark and repeat parts; here one lacks its name", "Put the value in quotes"),
    ("byte order mark", "A byte order mark stands inside the text", "Delete it"),
];

fn explain(words: &str) -> (&'static str, &'static str) {
    let found = TABLE.iter().find(|(part, ..)| words.contains(part));
    found.map_or(
        (
            "The text cannot be read from here on",
            "Compare with the lines above; put values with `:`, `#`, quotes or brackets in quotes",
        ),
        |(_, message, help)| (message, help),
    )
}

/// A line, or a line with what hangs below it, is indented otherwise than the text around it.
pub fn indentation(lines: &Lines, first: usize, last: usize, to: usize) -> Diagnostic {
    let from = indent(lines.shown(first));
    let range = lines.range(first);
    let written = &lines.text[range.clone()];
    let body = range.start + written.len() - written.trim_start().len();
    let message = format!("This line is indented by {}, its neighbours by {to}", spaces(from));
    let diagnostic = Diagnostic::error(
        codes::YAML_SYNTAX,
        message,
        Span::new(body, range.end),
        "it belongs to nothing at this column",
    )
    .help(format!("Indent it by {}", spaces(to)));
    if (first..=last).any(|line| lines.is_changed(line)) {
        return diagnostic;
    }
    let edits = (first..=last)
        .filter(|line| !lines.shown(*line).trim().is_empty())
        .map(|line| {
            let old = indent(lines.shown(line));
            let start = lines.range(line).start;
            (Span::new(start, start + old), " ".repeat((old + to).saturating_sub(from)))
        })
        .collect();
    diagnostic.fix(format!("Indent by {}", spaces(to)), edits)
}

/// A value that YAML takes for syntax of its own.
pub fn unquoted(lines: &Lines, line: usize, part: Range<usize>) -> Diagnostic {
    let range = lines.range(line);
    let shift = range.start;
    let span = Span::new(shift + part.start, shift + part.end);
    let value = span.of(lines.text);
    let why = match value.chars().next() {
        Some('[' | '{') => "YAML takes the bracket for a list or mapping of its own",
        Some('\'' | '"') => "YAML takes the first quotes for the whole value",
        Some('*' | '&' | '!' | '%' | '@' | '`') => "YAML keeps the first character for itself",
        _ => "YAML takes `: ` in it for a key of its own",
    };
    let diagnostic = Diagnostic::error(codes::YAML_SYNTAX, "This value must stand in quotes", span, why)
        .help("Put the whole value in quotes");
    if lines.is_changed(line) {
        return diagnostic;
    }
    diagnostic.fix("Put it in quotes", vec![(span, quoted(value))])
}

/// Quotes that are opened and not closed on the line.
pub fn unclosed(lines: &Lines, line: usize, start: usize, mark: char) -> Diagnostic {
    let range = lines.range(line);
    let span = Span::new(range.start + start, range.end);
    let diagnostic = Diagnostic::error(codes::YAML_SYNTAX, "A quoted text is not closed", span, "the quotes open here")
        .help(format!("Add `{mark}` at the end"));
    if lines.is_changed(line) {
        return diagnostic;
    }
    let end = range.start + lines.text[range].trim_end().len();
    diagnostic.fix("Close the quotes", vec![(Span::new(end, end), mark.to_string())])
}

/// The text as a YAML scalar in quotes.
pub fn quoted(text: &str) -> String {
    let plain = !text.contains(['\\', '"']) && !text.contains(char::is_control);
    if plain { format!("\"{text}\"") } else { format!("'{}'", text.replace('\'', "''")) }
}

/// Tabs in the indentation at or above the fault: the first is shown, all are cured.
pub fn tabs(lines: &Lines, fault: usize, width: usize) -> Option<Diagnostic> {
    let first = first_tab(lines, fault)?;
    let range = lines.range(first);
    let blanks = |line: usize| {
        let range = lines.range(line);
        let written = &lines.text[range.clone()];
        Span::new(range.start, range.start + written.len() - written.trim_start_matches([' ', '\t']).len())
    };
    let edits = (0..lines.count())
        .filter(|line| has_tab_indent(lines.shown(*line)))
        .map(|line| (blanks(line), " ".repeat(width_with_tabs(lines.shown(line), width))))
        .collect();
    let span = Span::new(range.start, blanks(first).end as usize);
    Some(
        Diagnostic::error(codes::TAB_INDENT, "This line is indented with a tab", span, "YAML allows only spaces here")
            .help("Replace tabs at the start of lines by spaces")
            .fix("Replace tabs by spaces", edits),
    )
}

/// The first line with a tab in its indentation, at or above the fault or right below it.
pub fn first_tab(lines: &Lines, fault: usize) -> Option<usize> {
    (0..lines.count().min(fault + 2)).find(|line| has_tab_indent(lines.shown(*line)))
}

pub fn has_tab_indent(line: &str) -> bool {
    let body = line.trim_start_matches([' ', '\t']);
    !body.is_empty() && !body.starts_with('#') && line[..line.len() - body.len()].contains('\t')
}

/// Width of the indentation when a tab goes to the next multiple of `tab`.
pub fn width_with_tabs(line: &str, tab: usize) -> usize {
    let blanks = line.chars().take_while(|c| matches!(c, ' ' | '\t'));
    blanks.fold(0, |width, c| if c == '\t' { width / tab * tab + tab } else { width + 1 })
}

fn spaces(count: usize) -> String {
    if count == 1 { "1 space".to_owned() } else { format!("{count} spaces") }
}
