//! `a = b` where `a == b` was meant: found by its tokens, cured in a copy that is compiled on, so
//! that the rest of the expression is checked too.

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use ruff_text_size::Ranged;

use super::{Compiler, syntax};
use crate::error::{CompileError, CompileErrorKind};
use crate::scope::Scope;

/// The text with every lone `=` doubled.
pub(super) struct Repair {
    text: String,
    /// Where the lone ones stood.
    places: Vec<usize>,
}

/// `None` when the text has no lone `=` or is still wrong after the cure of it.
pub(super) fn repair(text: &str) -> Option<Repair> {
    // As a module, because there every token is read, whatever is wrong before it.
    let parsed = parse_unchecked(text, ParseOptions::from(Mode::Module));
    let mut equals = Vec::new();
    let mut open = Vec::new();
    let mut last = TokenKind::Newline;
    for token in parsed.tokens().iter() {
        match token.kind() {
            // After a name, `(` opens a call, in which `name=value` is right.
            TokenKind::Lpar => {
                open.push(matches!(last, TokenKind::Name | TokenKind::Rpar | TokenKind::Rsqb | TokenKind::String))
            }
            TokenKind::Lsqb | TokenKind::Lbrace => open.push(false),
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                open.pop();
            }
            TokenKind::Equal => equals.push((token.start().to_usize(), open.last() == Some(&true))),
            _ => {}
        }
        last = token.kind();
    }
    let outside: Vec<usize> = equals.iter().filter(|(_, call)| !call).map(|(place, _)| *place).collect();
    let all: Vec<usize> = equals.iter().map(|(place, _)| *place).collect();
    [outside, all].into_iter().find_map(|places| {
        let repair = Repair::new(text, places);
        (!repair.places.is_empty() && syntax::parse(&repair.text).is_ok()).then_some(repair)
    })
}

impl Repair {
    fn new(text: &str, places: Vec<usize>) -> Repair {
        let mut repaired = String::with_capacity(text.len() + places.len());
        let mut from = 0;
        for place in &places {
            repaired.push_str(&text[from..=*place]);
            repaired.push('=');
            from = place + 1;
        }
        repaired.push_str(&text[from..]);
        Repair { text: repaired, places }
    }

    /// A place of the repaired text in the original one.
    fn original(&self, place: usize) -> usize {
        let added = self.places.iter().enumerate().filter(|(index, at)| *at + index + 1 < place).count();
        place - added
    }

    pub(super) fn errors(&self, scope: &Scope) -> Vec<CompileError> {
        let mut errors: Vec<CompileError> = self
            .places
            .iter()
            .map(|place| CompileError {
                kind: CompileErrorKind::SingleEquals,
                span: *place..place + 1,
                message: "`=` does not compare; a comparison is `==`".to_owned(),
                help: Some("write `==`".to_owned()),
                replacement: Some("==".to_owned()),
            })
            .collect();
        if let Ok(expression) = syntax::parse(&self.text)
            && let Err(more) = Compiler::new(scope).finish(expression)
        {
            errors.extend(more.into_iter().map(|mut error| {
                error.span = self.original(error.span.start)..self.original(error.span.end);
                error
            }));
        }
        errors
    }
}
