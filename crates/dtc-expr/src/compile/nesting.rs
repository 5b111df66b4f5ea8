//! Refuses, before parsing, texts that nest so deeply that a stack could overflow: the parser and
//! everything after it recurse, and in the page the stack is small.

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::Mode;
use ruff_python_parser::lexer::lex;

use crate::error::{CompileError, CompileErrorKind};

const MAX_BYTES: usize = 64 << 10;
const MAX_BRACKETS: usize = 50;
/// Operators that nest to the right, anywhere in the text.
const MAX_PREFIXES: usize = 200;
/// Operators, dots and calls, which nest to the left.
const MAX_OPERATORS: usize = 1000;

pub(super) fn check(text: &str) -> Result<(), CompileError> {
    if text.len() > MAX_BYTES {
        return Err(fault(text, "the expression is longer than 64 kB"));
    }
    let mut lexer = lex(text, Mode::Expression);
    let (mut brackets, mut prefixes, mut operators) = (0usize, 0usize, 0usize);
    loop {
        let token = lexer.next_token();
        match token {
            TokenKind::EndOfFile => return Ok(()),
            TokenKind::Lpar
            | TokenKind::Lsqb
            | TokenKind::Lbrace
            | TokenKind::FStringStart
            | TokenKind::TStringStart => {
                brackets += 1;
                operators += 1;
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace | TokenKind::FStringEnd | TokenKind::TStringEnd => {
                brackets = brackets.saturating_sub(1);
            }
            TokenKind::Not
            | TokenKind::Lambda
            | TokenKind::If
            | TokenKind::Else
            | TokenKind::DoubleStar
            | TokenKind::Tilde
            | TokenKind::Await
            | TokenKind::Yield
            | TokenKind::ColonEqual => {
                prefixes += 1;
            }
            TokenKind::Minus
            | TokenKind::Plus
            | TokenKind::Star
            | TokenKind::Slash
            | TokenKind::DoubleSlash
            | TokenKind::Percent
            | TokenKind::Dot
            | TokenKind::Vbar
            | TokenKind::Amper
            | TokenKind::CircumFlex
            | TokenKind::LeftShift
            | TokenKind::RightShift
            | TokenKind::At => {
                operators += 1;
                prefixes += usize::from(matches!(token, TokenKind::Minus | TokenKind::Plus));
            }
            _ => {}
        }
        if brackets > MAX_BRACKETS || prefixes > MAX_PREFIXES || operators > MAX_OPERATORS {
            return Err(fault(text, "the expression is nested too deeply"));
        }
    }
}

fn fault(text: &str, message: &str) -> CompileError {
    CompileError {
        kind: CompileErrorKind::Unsupported,
        span: 0..text.len(),
        message: message.to_owned(),
        help: Some("split it into several fields, or write a function in functions/".to_owned()),
        replacement: None,
    }
}
