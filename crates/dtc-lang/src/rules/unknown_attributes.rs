//! Attributes that nothing reads are warnings; where a required one was meant, it is an error.

use crate::codes;
use crate::diagnostic::{Diagnostic, Severity, quote};
use crate::read::{Attribute, Attributes, Reader};
use crate::suggest::nearest;
use crate::yaml::{Pair, Scalar};

pub fn check<'n>(reader: &mut Reader, attributes: &mut Attributes<'n>, unknown: &[&'n Pair], known: &[Attribute]) {
    for pair in unknown {
        let written = pair.key.scalar().map_or("", |key: &Scalar| key.text.as_str());
        let absent = known.iter().filter(|attribute| attributes.any(attribute.name).is_none());
        // The name of its own time is proposed: `Filters` becomes `Filter`.
        let names =
            absent.clone().flat_map(|attribute| std::iter::once(&attribute.name).chain(attribute.aliases)).copied();
        let meant = nearest(written, names)
            .and_then(|name| Some((name, absent.clone().find(|attribute| attribute.is_called(name))?)));
        let mut diagnostic = Diagnostic::warning(
            codes::UNKNOWN_ATTRIBUTE,
            format!("{} is not an attribute of {}", quote(written), attributes.owner),
            pair.key.span,
            "nothing reads this",
        );
        match meant {
            Some((name, attribute)) => {
                diagnostic = diagnostic
                    .help(format!("Did you mean `{name}`?"))
                    .fix(format!("Rename to `{name}`"), vec![(pair.key.span, name.to_owned())]);
                if attribute.required || reader.is_strict {
                    diagnostic.severity = Severity::Error;
                    attributes.adopt(attribute.name, pair);
                }
            }
            None => {
                let list: Vec<String> = known.iter().map(|attribute| format!("`{}`", attribute.name)).collect();
                diagnostic = diagnostic.help(format!("Known here: {}", list.join(", ")));
            }
        }
        if reader.is_strict {
            diagnostic.severity = Severity::Error;
        }
        reader.report(diagnostic);
    }
}
