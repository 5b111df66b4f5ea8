//! Numbers of attributes: whole, in range, and written as numbers.

use dtc_expr::Mode;

use crate::codes;
use crate::diagnostic::{Diagnostic, Severity, quote};
use crate::read::{Entry, Reader, first_line};
use crate::text::Span;
use crate::yaml::{Plain, Style};

/// What an attribute's number may be.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    pub least: i64,
    pub most: i64,
    /// "at least 1", "a whole number other than 0"
    pub words: &'static str,
    pub zero: bool,
}

pub const POSITIVE: Bounds = Bounds { least: 1, most: i64::MAX, words: "a whole number of at least 1", zero: true };
pub const ANY: Bounds = Bounds { least: i64::MIN, most: i64::MAX, words: "a whole number", zero: true };
/// Windows reach at most some thousands of years; more would overflow times.
pub const WINDOW: Bounds =
    Bounds { least: -10_000_000, most: 10_000_000, words: "a whole number other than 0", zero: false };

pub fn whole(reader: &mut Reader, name: &str, entry: &Entry, bounds: Bounds) -> Option<i64> {
    let span = first_line(reader.text, entry.value.span);
    let fault = |label: &str| {
        Diagnostic::error(codes::BAD_NUMBER, format!("`{name}` must be {}", bounds.words), span, label.to_owned())
    };
    let Some(scalar) = entry.value.scalar() else {
        reader.report(fault("this is a list or mapping").help("Write one number"));
        return None;
    };
    let in_range = |value: i64| (bounds.least..=bounds.most).contains(&value) && (bounds.zero || value != 0);
    match scalar.resolve() {
        Plain::Int(Some(value)) if in_range(value) => Some(value),
        Plain::Int(_) => {
            reader.report(fault("this is out of range").help(format!("Write {}", bounds.words)));
            None
        }
        // Blurr truncates such a number.
        Plain::Float(value) if reader.mode == Mode::Blurr && in_range(value.trunc() as i64) => {
            let mut note = fault("Blurr truncates it");
            note.severity = Severity::Note;
            reader.report(note);
            Some(value.trunc() as i64)
        }
        Plain::Float(_) => {
            reader.report(fault("this has a fraction").help("Write a whole number"));
            None
        }
        Plain::Text => {
            let value = scalar.text.trim().parse::<i64>().ok().filter(|value| in_range(*value));
            let mut diagnostic = fault("this is a text");
            if let (Some(value), false) = (value, scalar.style == Style::Plain) {
                diagnostic =
                    diagnostic.help("Remove the quotes").fix("Remove the quotes", vec![(span, value.to_string())]);
            } else {
                diagnostic = diagnostic.help(format!("Write {} in place of {}", bounds.words, quote(&scalar.text)));
            }
            reader.report(diagnostic);
            value
        }
        Plain::Null | Plain::Bool(_) | Plain::Timestamp => {
            reader.report(fault("this is not a number").help(format!("Write {}", bounds.words)));
            None
        }
    }
}

/// A number that may have a fraction, at least `least`.
pub fn number(reader: &mut Reader, name: &str, entry: &Entry, least: f64) -> Option<f64> {
    let value = match entry.value.scalar().map(|scalar| scalar.resolve()) {
        Some(Plain::Int(Some(value))) => Some(value as f64),
        Some(Plain::Float(value)) if value.is_finite() => Some(value),
        _ => None,
    };
    let value = value.filter(|value| *value >= least);
    if value.is_none() {
        let span: Span = first_line(reader.text, entry.value.span);
        let words = if least.is_finite() { format!("a number of at least {least}") } else { "a number".to_owned() };
        reader.report(
            Diagnostic::error(codes::BAD_NUMBER, format!("`{name}` must be {words}"), span, "this is none")
                .help(format!("Write {words}, without quotes")),
        );
    }
    value
}
