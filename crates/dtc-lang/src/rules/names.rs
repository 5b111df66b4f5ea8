//! Names of documents, aggregates, stores and fields are identifiers that expressions can write.

use dtc_expr::Mode;

use crate::codes;
use crate::diagnostic::{Diagnostic, Severity, quote};
use crate::document::Name;
use crate::read::Reader;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// A document, an aggregate, a store.
    Part,
    /// May hold other characters: brackets reach it, `vars['os-version']`.
    Field,
}

pub fn check(reader: &mut Reader, name: &Name, named: Named) {
    let text = name.value.as_str();
    let shown = quote(text);
    let reserved = ["_", "run_"].into_iter().find(|prefix| text.starts_with(prefix));
    let mut diagnostic = if let Some(prefix) = reserved {
        Diagnostic::error(
            codes::BAD_NAME,
            format!("The name {shown} starts with `{prefix}`"),
            name.span,
            "such names are reserved",
        )
        .help("Choose a name that starts with a letter")
    } else if !is_identifier(text)
        && named == Named::Field
        && !text.chars().any(char::is_control)
        && !text.contains(['\'', '"', '\\'])
    {
        if reader.mode == Mode::Blurr || !text.contains(char::is_whitespace) {
            reader.report(
                Diagnostic::note(
                    codes::BAD_NAME,
                    format!("The name {shown} needs brackets"),
                    name.span,
                    "not an identifier",
                )
                .help(format!("Write `aggregate['{text}']` in expressions")),
            );
            return;
        }
        bad(name, &shown)
    } else if !is_identifier(text) || is_keyword(text) {
        bad(name, &shown)
    } else {
        return;
    };
    if reader.mode == Mode::Blurr && (reserved.is_some() || is_keyword(text)) {
        // Blurr refuses these only when it validates; its runs accept them.
        diagnostic.severity = Severity::Note;
    }
    reader.report(diagnostic);
}

fn bad(name: &Name, shown: &str) -> Diagnostic {
    let label =
        if is_keyword(&name.value) { "this is a word of Python's own" } else { "expressions cannot write this" };
    let diagnostic = Diagnostic::error(codes::BAD_NAME, format!("{shown} cannot be a name"), name.span, label)
        .help("Use letters, digits and `_`, starting with a letter");
    let cured: String = name.value.trim().chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    let cured = cured.trim_matches('_').to_owned();
    if is_identifier(&cured) && !is_keyword(&cured) && cured != name.value {
        diagnostic.replace(cured)
    } else {
        diagnostic
    }
}

pub fn is_identifier(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|c| c.is_alphabetic() || c == '_') && characters.all(is_name_part)
}

/// Whether a character can stand in an identifier, behind its first.
pub(crate) fn is_name_part(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

pub fn is_keyword(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
        "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
        "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
    ];
    WORDS.contains(&text)
}
