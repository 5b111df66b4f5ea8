//! Dimensions become keys: only types whose text is stable may stand there.

use dtc_expr::{FieldType, Mode};

use crate::codes;
use crate::diagnostic::{Diagnostic, quote};
use crate::document::Streaming;

pub fn check(document: &Streaming, diagnostics: &mut Vec<Diagnostic>) {
    let blurr = document.header.mode == Mode::Blurr;
    for dimension in document.aggregates.iter().flat_map(|aggregate| aggregate.dimensions()) {
        let allowed = match dimension.field_type {
            FieldType::Integer | FieldType::String => true,
            FieldType::Boolean => !blurr,
            FieldType::Float | FieldType::DateTime | FieldType::Map | FieldType::List | FieldType::Set => false,
        };
        if allowed {
            continue;
        }
        let choices = if blurr { "`integer` or `string`" } else { "`integer`, `string` or `boolean`" };
        diagnostics.push(
            Diagnostic::error(
                codes::DIMENSION_TYPE,
                format!("The dimension {} cannot be a {}", quote(&dimension.name.value), dimension.field_type.name()),
                dimension.name.span,
                "keys are made of its values",
            )
            .help(format!("Use {choices}; convert in `Value`, for example with `str(…)`")),
        );
    }
}
