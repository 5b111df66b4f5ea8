//! Streaming documents: events to aggregates.

use super::header::{is_of_2018_03, with_header};
use super::{Attribute, Reader, old_times};
use crate::document::Streaming;
use crate::rules::numbers::Bounds;
use crate::yaml::Node;

pub(super) const OWN: [Attribute; 6] = [
    Attribute::required("Identity"),
    Attribute::required("Time"),
    Attribute::optional("EventId"),
    Attribute::optional("Lateness"),
    Attribute::required("Stores").or(&["Store"]),
    Attribute::required("Aggregates").or(&["DataGroups"]),
];

/// A hundred years.
const SECONDS: Bounds =
    Bounds { least: 0, most: 3_155_760_000, words: "a number of seconds, 0 to 3155760000", zero: true };

impl Reader<'_> {
    pub fn streaming(&mut self, root: &Node) -> Option<Streaming> {
        let attributes = self.attributes(root, "document", &with_header(&OWN))?;
        let header = self.header(&attributes);
        let identity = self.expression(&attributes, "Identity");
        let time = self.expression(&attributes, "Time");
        let event_id = self.optional_expression(&attributes, "EventId");
        let lateness = self.small(&attributes, "Lateness", SECONDS);
        let stores = self.stores(&attributes);
        let mut aggregates = Vec::new();
        for item in self.items(&attributes, "Aggregates") {
            aggregates.extend(self.aggregate(item));
        }
        let mut document = Streaming { header, identity, time, event_id, lateness, stores, aggregates };
        if is_of_2018_03(&attributes) {
            old_times::streaming(&mut document);
        }
        Some(document)
    }
}
