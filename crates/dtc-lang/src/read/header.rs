//! What all documents begin with: type, version, name, imports, condition.

use dtc_expr::Mode;

use super::{Attribute, Attributes, Reader, did_you_mean};
use crate::codes;
use crate::diagnostic::{Diagnostic, quote};
use crate::dialect;
use crate::document::{Header, Import, Spanned};
use crate::rules::names::Named;
use crate::text::Span;
use crate::yaml::{Node, Plain};

/// Attributes that every kind of document has.
pub const HEADER: [Attribute; 7] = [
    Attribute::required("Type"),
    Attribute::required("Version"),
    Attribute::required("Name"),
    Attribute::optional("Description"),
    Attribute::optional("Compatibility"),
    Attribute::optional("Import"),
    Attribute::optional("When").or(&["Filter"]),
];

pub(super) const IMPORT: [Attribute; 2] = [Attribute::required("Module"), Attribute::optional("Identifiers")];

/// Looks ahead, since the mode decides how everything else is read.
pub fn says_blurr(root: &Node) -> bool {
    let pairs = root.mapping().unwrap_or(&[]);
    pairs.iter().any(|pair| {
        let is =
            |node: &Node, text: &str| node.scalar().is_some_and(|scalar| scalar.text.trim().eq_ignore_ascii_case(text));
        is(&pair.key, "Compatibility") && is(&pair.value, "blurr")
    })
}

/// The header's attributes and a kind's own.
pub fn with_header(own: &[Attribute]) -> Vec<Attribute> {
    HEADER.iter().chain(own).copied().collect()
}

/// Whether the type is one that documents had in 2018-03.
pub fn is_of_2018_03(attributes: &Attributes) -> bool {
    let written = attributes.get("Type").and_then(|entry| entry.value.scalar());
    written.is_some_and(|scalar| dialect::is_of_2018_03(scalar.text.trim()))
}

impl Reader<'_> {
    pub fn header(&mut self, attributes: &Attributes) -> Header {
        self.version(attributes);
        self.choice(attributes, "Compatibility", &[("blurr", Mode::Blurr), ("studio", Mode::Studio)]);
        let mut imports = Vec::new();
        for item in self.items(attributes, "Import") {
            imports.extend(self.import(item));
        }
        if is_of_2018_03(attributes) && !imports.iter().any(binds_parser) {
            imports.push(ready_made_parser());
        }
        Header {
            name: self.name(attributes, Named::Part),
            description: self.text_attribute(attributes, "Description").map(|text| text.value),
            mode: self.mode,
            imports,
            when: self.optional_expression(attributes, "When"),
        }
    }

    pub(super) fn version(&mut self, attributes: &Attributes) {
        let Some(entry) = attributes.get("Version") else { return };
        let Some(scalar) = entry.value.scalar() else {
            self.text_of("Version", &entry.value);
            return;
        };
        let text = scalar.text.trim();
        let span = entry.value.span;
        if !dialect::VERSIONS.contains(&text) {
            self.report(
                Diagnostic::error(
                    codes::BAD_VERSION,
                    format!("The version {} is not known", quote(text)),
                    span,
                    "not a version of the language",
                )
                .help("Write `'2018-03-01'`")
                .fix("Replace with `'2018-03-01'`", vec![(span, "'2018-03-01'".to_owned())]),
            );
        } else if scalar.resolve() == Plain::Timestamp && self.mode == Mode::Blurr {
            self.report(
                Diagnostic::note(
                    codes::BAD_VERSION,
                    "Blurr wants the version in quotes",
                    span,
                    "YAML reads this as a date",
                )
                .help("Put it in quotes")
                .fix("Put it in quotes", vec![(span, format!("'{text}'"))]),
            );
        }
    }

    fn import(&mut self, item: &Node) -> Option<Import> {
        let attributes = self.attributes(item, "import", &IMPORT)?;
        let module = self.text_attribute(&attributes, "Module")?;
        let mut identifiers = Vec::new();
        let single = attributes.get("Identifiers").filter(|entry| entry.value.scalar().is_some());
        if let Some(entry) = single {
            identifiers.extend(self.text_of("Identifiers", &entry.value));
        } else {
            for item in self.items(&attributes, "Identifiers") {
                identifiers.extend(self.text_of("Identifiers", item));
            }
        }
        Some(Import { module, identifiers })
    }

    /// Reads a type name with `parse`; an unknown one is reported against the known ones.
    pub fn type_of<T>(
        &mut self,
        attributes: &Attributes,
        what: &str,
        parse: fn(&str) -> Option<T>,
        known: &[&str],
    ) -> Option<(T, Span)> {
        let written = self.text_attribute(attributes, "Type")?;
        let found = parse(written.value.trim());
        if found.is_none() {
            let diagnostic = Diagnostic::error(
                codes::UNKNOWN_TYPE,
                format!("{} is not a type of {what}", quote(&written.value)),
                written.span,
                format!("no {what} has this type"),
            );
            self.report(did_you_mean(diagnostic, &written.value, known));
        }
        found.map(|found| (found, written.span))
    }
}

fn binds_parser(import: &Import) -> bool {
    import.identifiers.iter().any(|name| name.value == "parser" || name.value.ends_with(" as parser"))
        || import.module.value == "parser"
}

/// 2018-03 had `parser` without an import.
fn ready_made_parser() -> Import {
    let name = |text: &str| Spanned { value: text.to_owned(), span: Span::default() };
    Import { module: name("dateutil"), identifiers: vec![name("parser")] }
}
