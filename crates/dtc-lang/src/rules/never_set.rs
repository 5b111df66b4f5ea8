//! Fields whose value can never change from what they start with.

use dtc_expr::infer::Kinds;

use crate::codes;
use crate::diagnostic::{Diagnostic, quote};
use crate::expressions::Role;
use crate::parts::Part;

pub(crate) fn check(parts: &[Part], diagnostics: &mut Vec<Diagnostic>) {
    for part in parts {
        let Role::FieldValue(place) = part.role else { continue };
        let itself = part.inferred.program.sole_field() == Some((place.group, place.slot));
        let label = if itself {
            "this is the field itself"
        } else if part.inferred.result.kinds() == Kinds::NONE {
            "always `None`, which means: keep the old value"
        } else {
            continue;
        };
        let message = format!("The field {} is never set", quote(&place.field.name.value));
        let diagnostic = Diagnostic::warning(codes::NEVER_SET, message, part.expression.span, label);
        diagnostics.push(diagnostic.help("Write a value that is taken from the event or computed"));
    }
}
