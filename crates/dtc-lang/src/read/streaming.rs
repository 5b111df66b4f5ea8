//! Streaming documents: events to aggregates.

use super::header::{is_of_2018_03, with_header};
use super::{Attribute, Reader, old_times};
use crate::document::Streaming;
use crate::yaml::Node;

pub(super) const OWN: [Attribute; 5] = [
    Attribute::required("Identity"),
    Attribute::required("Time"),
    Attribute::optional("EventId"),
    Attribute::required("Stores").or(&["Store"]),
    Attribute::required("Aggregates").or(&["DataGroups"]),
];

impl Reader<'_> {
    pub fn streaming(&mut self, root: &Node) -> Option<Streaming> {
        let attributes = self.attributes(root, "document", &with_header(&OWN))?;
        let header = self.header(&attributes);
        let identity = self.expression(&attributes, "Identity");
        let time = self.expression(&attributes, "Time");
        let event_id = self.optional_expression(&attributes, "EventId");
        let stores = self.stores(&attributes);
        let mut aggregates = Vec::new();
        for item in self.items(&attributes, "Aggregates") {
            aggregates.extend(self.aggregate(item));
        }
        let mut document = Streaming { header, identity, time, event_id, stores, aggregates };
        if is_of_2018_03(&attributes) {
            old_times::streaming(&mut document);
        }
        Some(document)
    }
}
