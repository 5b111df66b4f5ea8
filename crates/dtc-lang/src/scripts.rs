//! Faults of the user's Rhai functions, as diagnostics of their script.

use dtc_expr::FunctionFault;

use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::text::{LineIndex, Span};

/// `text` is the script that the fault is about.
pub fn script_diagnostic(text: &str, fault: &FunctionFault) -> Diagnostic {
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let at = LineIndex::new(text).offset(text, number(fault.line), number(fault.column));
    let message = "The function's script does not compile";
    Diagnostic::error(codes::SCRIPT_SYNTAX, message, Span { start: at, end: at }, &fault.message)
        .help("A script holds functions: `fn name(arguments) { … }`")
}
