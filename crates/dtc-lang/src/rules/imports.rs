//! Imports of modules that do not exist, or of names that they do not have.

use dtc_expr::{Functions, Scope};

use crate::codes;
use crate::diagnostic::{Diagnostic, quote};
use crate::document::Import;
use crate::scopes::sentence;

pub fn check(imports: &[Import], functions: &Functions, diagnostics: &mut Vec<Diagnostic>) {
    for import in imports {
        let identifiers: Vec<String> = import.identifiers.iter().map(|name| name.value.clone()).collect();
        let Err(reason) = Scope::new().add_import(&import.module.value, &identifiers, functions) else { continue };
        // The module is at fault unless one of its names alone is refused.
        let refused = import.identifiers.iter().find(|name| {
            Scope::new().add_import(&import.module.value, &[], functions).is_ok()
                && Scope::new().add_import(&import.module.value, std::slice::from_ref(&name.value), functions).is_err()
        });
        let (what, span) = match refused {
            Some(name) => (format!("{} has no {}", quote(&import.module.value), quote(&name.value)), name.span),
            None => (format!("The module {} cannot be imported", quote(&import.module.value)), import.module.span),
        };
        diagnostics
            .push(Diagnostic::error(codes::UNKNOWN_IMPORT, what, span, "not available here").help(sentence(&reason)));
    }
}

/// Names that refused imports would have bound: reported once, at the import.
pub fn unbound(imports: &[Import], functions: &Functions) -> Vec<String> {
    let mut names = Vec::new();
    for import in imports {
        let bound = |text: &str| text.rsplit(" as ").next().unwrap_or(text).trim().to_owned();
        let refused =
            |identifiers: &[String]| Scope::new().add_import(&import.module.value, identifiers, functions).is_err();
        if import.identifiers.is_empty() && refused(&[]) {
            let module = bound(&import.module.value);
            names.push(module.split(['.', '/']).next().unwrap_or_default().to_owned());
            names.push(module);
        }
        let texts = import.identifiers.iter().map(|name| name.value.clone());
        names.extend(texts.filter(|text| refused(std::slice::from_ref(text))).map(|text| bound(&text)));
    }
    names
}
