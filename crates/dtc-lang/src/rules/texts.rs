//! Fields that hold one of a few written texts, compared with another text.

use std::collections::HashMap;

use dtc_expr::infer::{Cure, TextComparison};
use dtc_expr::{FieldId, FieldType, GroupId};

use crate::check::Project;
use crate::codes;
use crate::diagnostic::{Diagnostic, quote};
use crate::document::{Document, Streaming};
use crate::expressions::Role;
use crate::parts::Part;
use crate::rules::cures;
use crate::rules::streamed;
use crate::suggest::nearest;

type Slot = (GroupId, FieldId);

pub(crate) fn check(
    text: &str,
    document: &Document,
    project: &Project,
    parts: &[Part],
    diagnostics: &mut Vec<Diagnostic>,
) {
    if parts.iter().all(|part| part.inferred.text_comparisons.is_empty()) {
        return;
    }
    let own: HashMap<Slot, Vec<&str>> = parts.iter().filter_map(written).collect();
    let stream = streamed::stream(document, project);
    for part in parts {
        for comparison in &part.inferred.text_comparisons {
            let below = || written_below(stream?, project, comparison.field);
            let own = own.get(&comparison.field).map(|texts| texts.iter().map(|text| (*text).to_owned()).collect());
            let Some(texts) = own.or_else(below) else { continue };
            // The default stays until the field is set.
            if !comparison.text.is_empty() && !texts.contains(&comparison.text) {
                diagnostics.push(diagnostic(text, part, comparison, &texts));
            }
        }
    }
}

/// The texts that a field's value chooses from.
fn written<'p>(part: &'p Part) -> Option<(Slot, Vec<&'p str>)> {
    let Role::FieldValue(place) = part.role else { return None };
    let holds_text = place.field.field_type == FieldType::String && !place.dimension;
    let texts = part.inferred.program.texts().filter(|texts| holds_text && !texts.is_empty())?;
    Some(((place.group, place.slot), texts))
}

/// Those of a field of the streaming document that a window document reads.
fn written_below(stream: &Streaming, project: &Project, slot: Slot) -> Option<Vec<String>> {
    let (_, field, program) = streamed::field(stream, project, slot)?;
    let texts = program.texts().filter(|texts| field.field_type == FieldType::String && !texts.is_empty())?;
    Some(texts.into_iter().map(str::to_owned).collect())
}

fn diagnostic(text: &str, part: &Part, comparison: &TextComparison, texts: &[String]) -> Diagnostic {
    const SHOWN: usize = 5;
    let span = part.expression.place(comparison.span.clone());
    let message = format!("The field is never the text {}", quote(&comparison.text));
    let mut list: Vec<String> = texts.iter().take(SHOWN).map(|text| quote(text)).collect();
    list.sort();
    list.dedup();
    let more = if texts.len() > SHOWN { " …" } else { "" };
    let value = if comparison.equal { "False" } else { "True" };
    let label = format!("always `{value}`: the field's `Value` gives {}{more}", list.join(", "));
    let mut diagnostic = Diagnostic::warning(codes::SAME_OUTCOME, message, span, label);
    let near = nearest(&comparison.text, texts.iter().map(String::as_str));
    diagnostic.help = Some(match near {
        Some(near) => format!("Did you mean `{near}`?"),
        None => "Compare with a text that the field can hold".to_owned(),
    });
    if let Some(near) = near.filter(|near| !near.contains(['\'', '\\', '\n'])) {
        let edits = vec![(comparison.written.clone(), format!("'{near}'"))];
        let cure = Cure { title: format!("Replace with `'{near}'`"), edits };
        diagnostic.fix = cures::fix(text, part.expression, &cure);
    }
    diagnostic
}
