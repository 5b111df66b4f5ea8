//! Fields and dimensions.

use dtc_expr::FieldType;

use super::{Attribute, Attributes, Reader, did_you_mean};
use crate::codes;
use crate::diagnostic::{Diagnostic, quote};
use crate::dialect;
use crate::document::Field;
use crate::rules::duplicate_names;
use crate::rules::names::Named;
use crate::yaml::Node;

pub(super) const FIELD: [Attribute; 5] = [
    Attribute::required("Name"),
    Attribute::optional("Type"),
    Attribute::required("Value"),
    Attribute::optional("When").or(&["Filter"]),
    Attribute::optional("Description"),
];

impl Reader<'_> {
    /// The fields of a list attribute; a field defined twice keeps the last definition at the first place.
    pub fn fields(&mut self, attributes: &Attributes, list: &str, kind: &str) -> Vec<Field> {
        let mut fields = Vec::new();
        for item in self.items(attributes, list) {
            fields.extend(self.field(item, kind));
        }
        duplicate_names::fields(self, fields)
    }

    fn field(&mut self, item: &Node, kind: &str) -> Option<Field> {
        let attributes = self.attributes(item, kind, &FIELD)?;
        Some(Field {
            name: self.name(&attributes, Named::Field),
            field_type: self.field_type(&attributes),
            value: self.expression(&attributes, "Value"),
            when: self.optional_expression(&attributes, "When"),
        })
    }

    /// A missing type is `string` (A.5).
    fn field_type(&mut self, attributes: &Attributes) -> FieldType {
        let Some(written) = self.text_attribute(attributes, "Type") else { return FieldType::String };
        if let Some(found) = FieldType::parse(written.value.trim()) {
            return found;
        }
        let diagnostic = Diagnostic::error(
            codes::UNKNOWN_TYPE,
            format!("{} is not a type of field", quote(&written.value)),
            written.span,
            "no field has this type",
        );
        let meant = familiar(&written.value);
        self.report(match meant {
            Some(name) => diagnostic.help(format!("Did you mean `{name}`?")).replace(name),
            None => did_you_mean(diagnostic, &written.value, dialect::FIELD_TYPES),
        });
        FieldType::String
    }
}

/// Names that other languages give our types.
fn familiar(written: &str) -> Option<&'static str> {
    match written.to_lowercase().as_str() {
        "int" | "long" | "bigint" | "counter" => Some("integer"),
        "double" | "decimal" | "number" | "real" | "numeric" => Some("float"),
        "str" | "text" | "varchar" | "char" => Some("string"),
        "bool" => Some("boolean"),
        "date" | "time" | "timestamp" => Some("datetime"),
        "dict" | "object" | "dictionary" | "json" => Some("map"),
        "array" => Some("list"),
        _ => None,
    }
}
