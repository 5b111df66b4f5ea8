//! `source.column` and `anchor.field` in window documents name fields of the blocks that they stand for.

use dtc_expr::{Mode, NameTarget, VariableId, name_uses};

use crate::check::Project;
use crate::codes;
use crate::diagnostic::{Diagnostic, quote};
use crate::document::{Aggregate, Document, Window};
use crate::expressions::visit;
use crate::read::did_you_mean;
use crate::rules::sources::stream_of;
use crate::scopes::{ANCHOR, SOURCE, group_fields, has_times};
use crate::surroundings::{anchor_of, named};

pub fn check(whole: &Document, window: &Window, project: &Project, diagnostics: &mut Vec<Diagnostic>) {
    let Some(stream) = stream_of(window, &project.streaming) else { return };
    let blocks = |variable: VariableId, aggregate: Option<usize>| match variable {
        ANCHOR => anchor_of(window, stream),
        SOURCE => {
            let spec = window.aggregates.get(aggregate?)?.window.as_ref()?;
            // What has no blocks is another fault.
            named(stream, &spec.source.value).filter(|source| has_times(&source.kind))
        }
        _ => None,
    };
    visit(whole, project, |site| {
        for found in name_uses(&site.expression.text, site.scope).unwrap_or_default() {
            let place = site.expression.place(found.span.clone());
            match &found.target {
                // Python runs a comprehension in a scope of its own, where Blurr's `source` is not.
                NameTarget::Variable(SOURCE) if found.nested && window.header.mode == Mode::Blurr => {
                    diagnostics.push(
                        Diagnostic::error(
                            codes::UNKNOWN_NAME,
                            "Blurr does not know `source` inside a comprehension",
                            place,
                            "its run ends here",
                        )
                        .help("Leave `Compatibility: blurr` out, or put the list into a field of its own"),
                    );
                }
                NameTarget::Member(variable, names) => {
                    let Some(blocks) = blocks(*variable, site.aggregate) else { continue };
                    if let [name] = &names[..] {
                        diagnostics.extend(unknown(name, place, blocks));
                    }
                }
                _ => {}
            }
        }
    });
}

fn unknown(name: &str, place: crate::Span, blocks: &Aggregate) -> Option<Diagnostic> {
    let fields = group_fields(blocks);
    // Methods of the record itself.
    const METHODS: [&str; 4] = ["get", "keys", "values", "items"];
    if fields.iter().any(|(known, _)| **known == *name) || METHODS.contains(&name) {
        return None;
    }
    let known: Vec<&str> = fields.iter().map(|(known, _)| &**known).filter(|known| !known.starts_with('_')).collect();
    let owner = &blocks.name.value;
    let diagnostic = Diagnostic::error(
        codes::UNKNOWN_FIELD,
        format!("{} has no field {}", quote(owner), quote(name)),
        place,
        "this field does not exist",
    );
    Some(did_you_mean(diagnostic, name, &known))
}
