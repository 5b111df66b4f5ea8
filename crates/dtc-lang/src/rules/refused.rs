//! Values that their field's type always refuses.

use dtc_expr::infer::Kinds;
use dtc_expr::{FieldType, Mode, Value};

use crate::codes;
use crate::diagnostic::{Diagnostic, Fix, quote};
use crate::expressions::{Place, Role};
use crate::parts::Part;
use crate::rules::cures;

pub(crate) fn check(text: &str, mode: Mode, parts: &[Part], diagnostics: &mut Vec<Diagnostic>) {
    for part in parts {
        let Role::FieldValue(place) = part.role else { continue };
        let present = part.inferred.result.present();
        let constant = part.inferred.program.constant().filter(|value| !matches!(value, Value::None));
        let refused = match constant {
            Some(value) => place.field.field_type.cast(value.clone(), mode).is_err(),
            None => present.only(refused(place.field.field_type, mode)),
        };
        // A window's whole column has its own code.
        let told = |known: &Diagnostic| {
            known.code.0 == codes::LIST_FOR_SCALAR.number && known.primary.span == part.expression.span
        };
        if refused && present != Kinds::NONE && !diagnostics.iter().any(told) {
            diagnostics.push(diagnostic(text, part, place, present));
        }
    }
}

/// The kinds of which no value can become the type.
fn refused(field: FieldType, mode: Mode) -> Kinds {
    let times = Kinds::DATETIME.with(Kinds::DATE).with(Kinds::TIMEDELTA);
    match field {
        FieldType::Integer | FieldType::Float => times.with(Kinds::FUNCTION).with(holders()),
        FieldType::DateTime => {
            let others = Kinds::DATE.with(Kinds::TIMEDELTA).with(Kinds::NUMBER).with(Kinds::FUNCTION).with(holders());
            if mode == Mode::Blurr { others.with(Kinds::STR) } else { others }
        }
        FieldType::Map | FieldType::List | FieldType::Set => times.with(Kinds::NUMBER).with(Kinds::FUNCTION),
        FieldType::String | FieldType::Boolean => Kinds::EMPTY,
    }
}

fn holders() -> Kinds {
    Kinds::LIST.with(Kinds::TUPLE).with(Kinds::DICT).with(Kinds::SET)
}

fn diagnostic(text: &str, part: &Part, place: Place, present: Kinds) -> Diagnostic {
    let field = place.field.field_type;
    let kind = &part.inferred.result;
    let (name, wanted) = (quote(&place.field.name.value), field.name());
    let message = format!("The value does not fit the {wanted} field {name}");
    let label = match part.inferred.program.constant() {
        _ if present == Kinds::FUNCTION => "a function that nothing calls: the field keeps its old value".to_owned(),
        Some(value) => format!("{} is no {wanted}: the field keeps its old value", value.repr()),
        None => format!("of type {kind}: always refused, the field keeps its old value"),
    };
    let number = matches!(field, FieldType::Integer | FieldType::Float);
    let help = match present {
        Kinds::TIMEDELTA if number => "Take the timespan's `.total_seconds()`".to_owned(),
        Kinds::DATETIME if number => "Take the time's `.timestamp()`".to_owned(),
        kinds if number && kinds.only(holders()) => {
            "Take one item with `[0]`, or reduce it: `sum(…)`, `max(…)`, `len(…)`".to_owned()
        }
        kinds if field == FieldType::DateTime && kinds.only(Kinds::NUMBER) => {
            "Make a time of the seconds: `datetime.fromtimestamp(…)`, with `datetime` imported".to_owned()
        }
        Kinds::STR if field == FieldType::DateTime => "Make a time of the text: `parse_time(…)`".to_owned(),
        Kinds::FUNCTION => "Call the function: add `()`".to_owned(),
        _ => format!("Give a value that can become {wanted}, or change the field's `Type`"),
    };
    let diagnostic = Diagnostic::warning(codes::REFUSED_VALUE, message, part.expression.span, label).help(help);
    match present {
        Kinds::TIMEDELTA if number => with_fix(diagnostic, seconds(text, part)),
        _ => diagnostic,
    }
}

fn seconds(text: &str, part: &Part) -> Option<Fix> {
    let written = &part.expression.text;
    let (start, end) = (written.len() - written.trim_start().len(), written.trim_end().len());
    let edits = vec![(start..start, "(".to_owned()), (end..end, ").total_seconds()".to_owned())];
    let cure = dtc_expr::infer::Cure { title: "Take `.total_seconds()`".to_owned(), edits };
    cures::fix(text, part.expression, &cure)
}

fn with_fix(mut diagnostic: Diagnostic, fix: Option<Fix>) -> Diagnostic {
    diagnostic.fix = fix;
    diagnostic
}
