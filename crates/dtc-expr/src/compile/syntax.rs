//! Parsing, and the parser's complaints in the user's words.

use ruff_python_ast::{Expr, Mod};
use ruff_python_parser::{LexicalErrorType, Mode, ParseError, ParseErrorType, ParseOptions, parse_unchecked};
use ruff_text_size::Ranged;

use super::span;
use crate::error::{CompileError, CompileErrorKind};

pub(super) fn parse(text: &str) -> Result<Expr, Vec<CompileError>> {
    let parsed = parse_unchecked(text, ParseOptions::from(Mode::Expression));
    if !parsed.errors().is_empty() {
        let named = named_character(text, parsed.errors()).map(|fault| vec![fault]);
        return Err(named.unwrap_or_else(|| faults(text, parsed.errors())));
    }
    if let Some(error) = parsed.unsupported_syntax_errors().first() {
        return Err(vec![fault(text, span(error.range()), error.to_string())]);
    }
    match parsed.into_syntax() {
        Mod::Expression(module) => Ok(*module.body),
        Mod::Module(_) => Err(vec![fault(text, 0..text.len(), "not an expression".to_owned())]),
    }
}

/// A character by its name: no names are at hand.
fn named_character(text: &str, errors: &[ParseError]) -> Option<CompileError> {
    let at = text.find("\\N{")?;
    let end = text[at..].find('}').map_or(text.len(), |end| at + end + 1);
    let unknown = ParseErrorType::Lexical(LexicalErrorType::UnicodeError);
    errors.iter().find(|error| error.error == unknown)?;
    Some(CompileError {
        kind: CompileErrorKind::Unsupported,
        help: Some("write the character itself, or its number: `\\u00b0`".to_owned()),
        ..fault(text, at..end, "characters are not known by name here".to_owned())
    })
}

/// The first complaint; those after it are mostly its consequences.
fn faults(text: &str, errors: &[ParseError]) -> Vec<CompileError> {
    errors.first().map(|error| fault(text, span(error.location), message(text, error))).into_iter().collect()
}

fn message(text: &str, error: &ParseError) -> String {
    let at = span(error.location);
    let found = text.get(at.clone()).unwrap_or_default().trim();
    match &error.error {
        ParseErrorType::UnexpectedExpressionToken if !found.is_empty() => {
            format!("`{}` cannot stand here: the expression is complete before it", shorten(found))
        }
        ParseErrorType::Lexical(LexicalErrorType::Eof) => "a bracket is not closed".to_owned(),
        ParseErrorType::ExpectedExpression if found.is_empty() => "something is missing here".to_owned(),
        ParseErrorType::ExpectedExpression => format!("a value is expected here, not `{}`", shorten(found)),
        other => {
            let words = other.to_string();
            let mut characters = words.chars();
            let first = characters.next().map(|first| first.to_lowercase().collect::<String>());
            first.unwrap_or_default() + characters.as_str().trim_end_matches('.')
        }
    }
}

fn shorten(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() > 20 { line.chars().take(19).chain(['…']).collect() } else { line.to_owned() }
}

fn fault(text: &str, at: std::ops::Range<usize>, message: String) -> CompileError {
    let message =
        if message.chars().count() > 80 { message.chars().take(79).chain(['…']).collect() } else { message };
    let end = at.end.min(text.len());
    CompileError {
        kind: CompileErrorKind::Syntax,
        span: at.start.min(end)..end,
        message,
        help: Some("write one Python expression".to_owned()),
        replacement: None,
    }
}
