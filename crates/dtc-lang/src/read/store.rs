//! The stores of a document.

use super::{Attribute, Attributes, Reader};
use crate::dialect::{self, StoreType};
use crate::document::{Store, StoreKind};
use crate::rules::names::Named;
use crate::rules::numbers::{self, Bounds};
use crate::rules::required::missing;
use crate::yaml::Node;

pub(super) const STORE: [Attribute; 9] = [
    Attribute::required("Type"),
    Attribute::required("Name"),
    Attribute::optional("Description"),
    Attribute::optional("Retention").or(&["RetentionDays"]),
    Attribute::optional("Table"),
    Attribute::optional("ReadCapacityUnits"),
    Attribute::optional("WriteCapacityUnits"),
    Attribute::optional("Bucket"),
    Attribute::optional("Prefix"),
];

const UNITS: Bounds = Bounds { least: 1, most: 1_000_000, words: "a whole number of at least 1", zero: true };
/// A hundred years.
const DAYS: Bounds = Bounds { least: 1, most: 36_500, words: "a number of days, 1 to 36500", zero: true };

impl Reader<'_> {
    pub fn stores(&mut self, attributes: &Attributes) -> Vec<Store> {
        let mut stores = Vec::new();
        for item in self.items(attributes, "Stores") {
            stores.extend(self.store(item));
        }
        stores
    }

    fn store(&mut self, item: &Node) -> Option<Store> {
        let kind = store_type_of(item);
        let known: Vec<Attribute> = STORE.iter().filter(|attribute| belongs(kind, attribute.name)).copied().collect();
        let attributes = self.attributes(item, "store", &known)?;
        let name = self.name(&attributes, Named::Part);
        let kind = self.type_of(&attributes, "store", dialect::store_type, dialect::STORE_TYPES);
        // A store of unknown type is kept, so that references to it are not reported as well.
        let kind = match kind.map(|(kind, _)| kind) {
            None | Some(StoreType::Memory) => StoreKind::Memory,
            Some(StoreType::Dynamo) => StoreKind::Dynamo {
                table: self.needed_text(&attributes, "Table"),
                read_units: self.small(&attributes, "ReadCapacityUnits", UNITS),
                write_units: self.small(&attributes, "WriteCapacityUnits", UNITS),
            },
            Some(StoreType::S3) => StoreKind::S3 {
                bucket: self.needed_text(&attributes, "Bucket"),
                prefix: self.text_attribute(&attributes, "Prefix").map(|text| text.value).unwrap_or_default(),
            },
        };
        let retention_days = self.small(&attributes, "Retention", DAYS);
        Some(Store { name, kind, retention_days })
    }

    pub(super) fn needed_text(&mut self, attributes: &Attributes, name: &str) -> String {
        if attributes.any(name).is_none() {
            self.report(missing(attributes, name));
        }
        self.text_attribute(attributes, name).map(|text| text.value).unwrap_or_default()
    }

    /// A number that needs no sign.
    pub fn small(&mut self, attributes: &Attributes, name: &str, bounds: Bounds) -> Option<u32> {
        let entry = attributes.get(name)?;
        numbers::whole(self, name, entry, bounds).and_then(|value| u32::try_from(value).ok())
    }
}

fn store_type_of(item: &Node) -> Option<StoreType> {
    let pairs = item.mapping()?;
    let found = pairs.iter().find(|pair| pair.key.scalar().is_some_and(|key| key.text.eq_ignore_ascii_case("Type")))?;
    dialect::store_type(found.value.scalar()?.text.trim())
}

/// Whether a store of the kind has the attribute; an unknown kind may have any.
pub(super) fn belongs(kind: Option<StoreType>, name: &str) -> bool {
    match name {
        "Table" | "ReadCapacityUnits" | "WriteCapacityUnits" => matches!(kind, None | Some(StoreType::Dynamo)),
        "Bucket" | "Prefix" => matches!(kind, None | Some(StoreType::S3)),
        _ => true,
    }
}
