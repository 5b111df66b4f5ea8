//! The aggregates of a streaming document.

use super::{Attribute, Attributes, Reader};
use crate::codes;
use crate::diagnostic::{Diagnostic, quote};
use crate::dialect::{self, AggregateType};
use crate::document::{Aggregate, AggregateKind};
use crate::rules::names::Named;
use crate::rules::numbers::{self, POSITIVE};
use crate::suggest::nearest;
use crate::yaml::Node;

pub(super) const COMMON: [Attribute; 5] = [
    Attribute::required("Type"),
    Attribute::required("Name"),
    Attribute::required("Fields"),
    Attribute::optional("When").or(&["Filter"]),
    Attribute::optional("Description"),
];

impl Reader<'_> {
    pub fn aggregate(&mut self, item: &Node) -> Option<Aggregate> {
        let kind = aggregate_type_of(item);
        let known: Vec<Attribute> =
            COMMON.iter().copied().chain(own(kind, &|name| has(item, name), says_block_aggregate(item))).collect();
        let attributes = self.attributes(item, "aggregate", &known)?;
        let name = self.name(&attributes, Named::Part);
        let written = self.type_of(&attributes, "aggregate", dialect::aggregate_type, dialect::STREAMING_AGGREGATES);
        if let Some((AggregateType::Window, span)) = written {
            self.report(
                Diagnostic::error(
                    codes::MISPLACED_TYPE,
                    format!("The window {} stands in a streaming document", quote(&name.value)),
                    span,
                    "windows belong to window documents",
                )
                .help("Move it to a document of type `ProductML:DTC:Window`"),
            );
        }
        let fields = self.fields(&attributes, "Fields", "field");
        Some(Aggregate {
            kind: self.aggregate_kind(kind, &attributes),
            store: self.text_attribute(&attributes, "Store"),
            when: self.optional_expression(&attributes, "When"),
            name,
            fields,
        })
    }

    fn aggregate_kind(&mut self, kind: Option<AggregateType>, attributes: &Attributes) -> AggregateKind {
        match kind {
            Some(AggregateType::Identity) => AggregateKind::Identity { dimensions: self.dimensions(attributes) },
            Some(AggregateType::Block | AggregateType::Session) if attributes.any("Dimensions").is_some() => {
                AggregateKind::Block { dimensions: self.dimensions(attributes) }
            }
            Some(AggregateType::Block | AggregateType::Session) => {
                AggregateKind::Session { split: self.optional_expression(attributes, "Split") }
            }
            Some(AggregateType::Activity) => AggregateKind::Activity { gap_seconds: self.gap(attributes) },
            Some(AggregateType::Variable | AggregateType::Window) | None => AggregateKind::Variable,
        }
    }

    fn dimensions(&mut self, attributes: &Attributes) -> Vec<crate::document::Field> {
        self.fields(attributes, "Dimensions", "dimension")
    }

    fn gap(&mut self, attributes: &Attributes) -> i64 {
        let Some(entry) = attributes.get("SeparateByInactiveSeconds") else {
            return 1;
        };
        numbers::whole(self, "SeparateByInactiveSeconds", entry, POSITIVE).unwrap_or(1)
    }
}

/// The attributes that a kind has beside the common ones; `has` says which are written. An unknown kind
/// may have any.
pub(super) fn own(kind: Option<AggregateType>, has: &dyn Fn(&str) -> bool, is_block_aggregate: bool) -> Vec<Attribute> {
    match kind {
        Some(AggregateType::Identity) => vec![Attribute::required("Store"), Attribute::optional("Dimensions")],
        // `Dimensions` and `Split` never stood together; without either, a Block wants `Dimensions`.
        Some(AggregateType::Block) if !has("Split") && !is_block_aggregate => {
            vec![Attribute::required("Store"), Attribute::required("Dimensions")]
        }
        Some(AggregateType::Block | AggregateType::Session) if has("Dimensions") => {
            vec![Attribute::required("Store"), Attribute::required("Dimensions")]
        }
        Some(AggregateType::Block | AggregateType::Session) => {
            vec![Attribute::required("Store"), Attribute::optional("Split")]
        }
        Some(AggregateType::Activity) => {
            vec![Attribute::required("Store"), Attribute::required("SeparateByInactiveSeconds")]
        }
        Some(AggregateType::Variable) => vec![Attribute::optional("Store")],
        Some(AggregateType::Window) | None => vec![
            Attribute::optional("Store"),
            Attribute::optional("Dimensions"),
            Attribute::optional("Split"),
            Attribute::optional("SeparateByInactiveSeconds"),
            Attribute::optional("WindowType"),
            Attribute::optional("WindowValue"),
            Attribute::optional("Source"),
            Attribute::optional("Window"),
        ],
    }
}

/// `…:BlockAggregate`, the name of the time when blocks were made by `Split`.
fn says_block_aggregate(item: &Node) -> bool {
    type_text(item).is_some_and(is_block_aggregate)
}

pub(super) fn is_block_aggregate(written: &str) -> bool {
    written.to_lowercase().ends_with(":datagroup:blockaggregate")
}

/// The type of an aggregate; of an unknown one the nearest, or what its attributes look like, so that
/// the names it defines are known all the same.
pub fn aggregate_type_of(item: &Node) -> Option<AggregateType> {
    let written = type_text(item)?.trim();
    let known = dialect::STREAMING_AGGREGATES.iter().chain(dialect::WINDOW_AGGREGATES).copied();
    dialect::aggregate_type(written).or_else(|| dialect::aggregate_type(nearest(written, known)?)).or_else(|| {
        if has(item, "SeparateByInactiveSeconds") {
            Some(AggregateType::Activity)
        } else if has(item, "Split") {
            Some(AggregateType::Session)
        } else if has(item, "Dimensions") {
            Some(AggregateType::Block)
        } else {
            None
        }
    })
}

/// Whether an attribute is written.
pub fn has(item: &Node, name: &str) -> bool {
    let pairs = item.mapping().unwrap_or(&[]);
    pairs.iter().any(|pair| pair.key.scalar().is_some_and(|key| key.text.eq_ignore_ascii_case(name)))
}

fn type_text(item: &Node) -> Option<&str> {
    let pairs = item.mapping()?;
    let found = pairs.iter().find(|pair| pair.key.scalar().is_some_and(|key| key.text.eq_ignore_ascii_case("Type")))?;
    Some(found.value.scalar()?.text.as_str())
}
