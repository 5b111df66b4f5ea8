//! Required attributes must be there, and what is there must not be empty.

use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::read::{Attribute, Attributes, Reader};

pub fn check(reader: &mut Reader, attributes: &Attributes, known: &[Attribute]) {
    for attribute in known {
        match attributes.any(attribute.name) {
            None if attribute.required => reader.report(missing(attributes, attribute.name)),
            Some(entry) if entry.value.is_null() => {
                let message = format!("`{}` of {} has no value", attribute.name, attributes.owner);
                let diagnostic = if attribute.required {
                    Diagnostic::error(codes::EMPTY_ATTRIBUTE, message, entry.key, "nothing follows")
                } else {
                    Diagnostic::warning(codes::EMPTY_ATTRIBUTE, message, entry.key, "nothing follows")
                };
                reader.report(diagnostic.help("Write a value or delete the line"));
            }
            _ => {}
        }
    }
}

pub fn missing(attributes: &Attributes, name: &str) -> Diagnostic {
    let message = format!("`{name}` is missing in {}", attributes.owner);
    Diagnostic::error(codes::MISSING_ATTRIBUTE, message, attributes.place, format!("this needs `{name}`"))
        .help(format!("Add {}", example(name)))
}

fn example(name: &str) -> String {
    let value = match name {
        "Type" => "…",
        "Version" => return "`Version: '2018-03-01'`".to_owned(),
        "Identity" => "source.customer_identifier",
        "Time" => "parse_time(source.event_time)",
        "Condition" => "stream.session.events > 0",
        "WindowType" => "day",
        "WindowValue" => "-7",
        "Source" => "stream.session",
        "SeparateByInactiveSeconds" => "1800",
        "Stores" | "Aggregates" | "Fields" | "Dimensions" => return format!("`{name}:` with a list below it"),
        "Anchor" => return "`Anchor:` with a `Condition` below it".to_owned(),
        _ => return format!("a line `{name}: …`"),
    };
    format!("a line such as `{name}: {value}`")
}
