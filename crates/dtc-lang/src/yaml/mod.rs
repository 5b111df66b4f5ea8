//! YAML as PyYAML reads it, into a tree of our own that knows every place and survives faults.
//!
//! Knows nothing of documents. Parsing is `saphyr-parser`'s; limits, repairs and words are ours.

mod build;
mod faults;
mod lines;
mod node;
mod offsets;
mod python;
mod repair;
mod scalar;

pub use faults::quoted;
pub use node::{Data, Node, Pair, Scalar, Style};
pub use offsets::content;
pub use python::python_text;
pub use scalar::Plain;

use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::text::Span;

const BYTE_ORDER_MARK: &str = "\u{FEFF}";

/// The first document of the text, as far as it can be read. `None`: nothing is there.
pub fn parse(text: &str) -> (Option<Node>, Vec<Diagnostic>) {
    let start = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let mut lines = lines::Lines::new(text, start);
    let (rendered, mut diagnostics) = repair::repair(&mut lines);
    let (root, more) = build::build(&lines, &rendered);
    diagnostics.extend(more);
    let root = root.filter(|root| !root.is_null());
    if root.is_none() && diagnostics.is_empty() {
        let end = text.lines().next().map_or(0, str::len);
        diagnostics.push(
            Diagnostic::error(
                codes::EMPTY_TEXT,
                "There is no document yet",
                Span::new(start, end.max(start)),
                "nothing but blanks and comments",
            )
            .help("Start with `Type: ProductML:DTC:Streaming` and `Name: …`"),
        );
    }
    (root, diagnostics)
}
