//! Conditions that never hold, or always do.

use dtc_expr::infer::{FindingKind, Outcome};

use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::expressions::Role;
use crate::parts::Part;
use crate::rules::cures;

pub(crate) fn check(text: &str, parts: &[Part], diagnostics: &mut Vec<Diagnostic>) {
    for part in parts.iter().filter(|part| part.role.is_condition()) {
        if part.inferred.outcome.never_holds() {
            diagnostics.push(never(text, part));
        } else if part.inferred.outcome == Outcome::True && part.inferred.findings.is_empty() {
            diagnostics.extend(always(part));
        }
    }
}

/// Which of a part's findings is why it never holds: it is told with that.
pub(crate) fn reason(part: &Part) -> Option<usize> {
    if !part.role.is_condition() || !part.inferred.outcome.never_holds() {
        return None;
    }
    let decides = |kind| matches!(kind, FindingKind::SameOutcome | FindingKind::Operands | FindingKind::ZeroDivision);
    part.inferred.findings.iter().position(|finding| decides(finding.kind))
}

fn never(text: &str, part: &Part) -> Diagnostic {
    let effect = match part.role {
        Role::Anchor => "no row is ever written",
        Role::DocumentWhen => "nothing is ever counted",
        Role::RowWhen => "no row gets its values",
        Role::AggregateWhen(_) => "the aggregate stays empty",
        Role::FieldWhen(_) => "the field is never set",
        Role::Split(_) => "no second block ever begins",
        Role::Condition | Role::Value | Role::FieldValue(_) => "no event is ever taken",
    };
    let subject = if matches!(part.role, Role::Anchor) { "The anchor" } else { "The condition" };
    let message = format!("{subject} never holds: {effect}");
    let whole = part.expression.span;
    let Some(finding) = reason(part).and_then(|place| part.inferred.findings.get(place)) else {
        return Diagnostic::warning(codes::NEVER_HOLDS, message, whole, "false for every event")
            .help("Write what must be true, or delete what it is the condition of");
    };
    let span = part.expression.place(finding.span.clone());
    cures::explained(Diagnostic::warning(codes::NEVER_HOLDS, message, span, ""), text, part, finding)
}

/// An anchor must have a condition, so `True` is how every block becomes one.
fn always(part: &Part) -> Option<Diagnostic> {
    if matches!(part.role, Role::Anchor | Role::Split(_) | Role::Condition) {
        return None;
    }
    let label = "true for every event";
    let diagnostic = Diagnostic::note(codes::ALWAYS_HOLDS, "The condition always holds", part.expression.span, label);
    Some(diagnostic.help("Delete it: without a condition everything counts"))
}
