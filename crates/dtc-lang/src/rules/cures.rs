//! Cures of expressions as fixes of the document, where the text there is what the expression holds.

use dtc_expr::infer::{Cure, Finding};

use crate::diagnostic::{Diagnostic, Fix};
use crate::document::Expression;
use crate::parts::Part;
use crate::scopes::sentence;
use crate::text::Span;

/// A finding's label, help and cure, on a diagnostic at its place.
pub(crate) fn explained(mut diagnostic: Diagnostic, text: &str, part: &Part, finding: &Finding) -> Diagnostic {
    diagnostic.primary.text = finding.label.clone();
    diagnostic.help = Some(sentence(&finding.help));
    diagnostic.fix = finding.cure.as_ref().and_then(|cure| fix(text, part.expression, cure));
    diagnostic
}

/// The cure of an expression as a change of the document; `None` where it cannot be written there.
pub(crate) fn fix(text: &str, expression: &Expression, cure: &Cure) -> Option<Fix> {
    let edits = cure.edits.iter().map(|(place, new)| edit(text, expression, place.clone(), new));
    Some(Fix { title: cure.title.clone(), edits: edits.collect::<Option<_>>()? })
}

fn edit(text: &str, expression: &Expression, place: std::ops::Range<usize>, new: &str) -> Option<(Span, String)> {
    let quotes = new.contains(['\'', '"', '\\']);
    if expression.offsets.is_some() && quotes {
        return None;
    }
    // A plain scalar cannot begin with a quote.
    if place.start == 0 && new.starts_with(['\'', '"']) {
        return None;
    }
    if place.start < place.end {
        let span = expression.place(place.clone());
        return (span.of(text) == expression.text.get(place)?).then(|| (span, new.to_owned()));
    }
    // Beside a character that stands in the document as it is.
    let after = expression.text.get(place.start..)?.chars().next();
    let at = match after {
        Some(character) if !character.is_whitespace() => {
            let end = place.start + character.len_utf8();
            let span = expression.place(place.start..end);
            (span.of(text) == expression.text.get(place.start..end)?).then_some(span.start)?
        }
        _ => {
            let before = expression.text.get(..place.start)?.chars().next_back()?;
            let start = place.start - before.len_utf8();
            let span = expression.place(start..place.start);
            (span.of(text) == expression.text.get(start..place.start)?).then_some(span.end)?
        }
    };
    Some((Span { start: at, end: at }, new.to_owned()))
}
