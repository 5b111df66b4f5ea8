//! Aggregates are evaluated in the order of their list: what reads one below it sees its state from
//! before this event.

use dtc_expr::infer::FieldRead;
use dtc_expr::{GroupId, Mode};

use crate::codes;
use crate::diagnostic::{Diagnostic, quote};
use crate::document::{AggregateKind, Document, Name};
use crate::expressions::Role;
use crate::parts::Part;
use crate::rules::move_above;

/// The names of a document's aggregates in order, of which the first `before` are another document's.
struct Order<'d> {
    names: Vec<&'d Name>,
    /// Whether every event, or row, begins at the defaults.
    fresh: Vec<bool>,
    before: usize,
}

pub(crate) fn check(text: &str, document: &Document, parts: &[Part], diagnostics: &mut Vec<Diagnostic>) {
    let Some(order) = order(document, parts) else { return };
    for part in parts {
        let Some(own) = part.role.group() else { continue };
        let mut told = Vec::new();
        for read in &part.inferred.field_reads {
            if told.contains(&read.field.0) {
                continue;
            }
            if let Some(diagnostic) = order.diagnostic(text, part, own, read, parts) {
                told.push(read.field.0);
                diagnostics.push(diagnostic);
            }
        }
    }
}

fn order<'d>(document: &'d Document, parts: &[Part]) -> Option<Order<'d>> {
    let mode = document.header().mode;
    match document {
        Document::Streaming(streaming) => Some(Order {
            names: streaming.aggregates.iter().map(|aggregate| &aggregate.name).collect(),
            fresh: (streaming.aggregates.iter())
                .map(|aggregate| mode == Mode::Studio && matches!(aggregate.kind, AggregateKind::Variable))
                .collect(),
            before: 0,
        }),
        Document::Window(window) => {
            // The first of its own groups has the number of the streaming document's.
            let own = parts.iter().filter_map(|part| part.role.group()).min()?;
            Some(Order {
                names: window.aggregates.iter().map(|aggregate| &aggregate.name).collect(),
                fresh: vec![true; window.aggregates.len()],
                before: usize::from(own.0),
            })
        }
        Document::Attribution(_) | Document::Join(_) | Document::Pipeline(_) => None,
    }
}

impl Order<'_> {
    fn place(&self, group: GroupId) -> Option<usize> {
        usize::from(group.0).checked_sub(self.before).filter(|place| *place < self.names.len())
    }

    fn diagnostic(
        &self,
        text: &str,
        part: &Part,
        own: GroupId,
        read: &FieldRead,
        parts: &[Part],
    ) -> Option<Diagnostic> {
        let (here, there) = (self.place(own)?, self.place(read.field.0)?);
        let (above, name) = (self.names.get(here)?, self.names.get(there)?);
        let fresh = *self.fresh.get(there)?;
        let span = part.expression.place(read.span.clone());
        if here == there {
            let Role::FieldValue(place) = part.role else { return None };
            let later = fresh && read.field.1 > place.slot && !place.dimension;
            let message = format!("{} has no value yet here", quote(span.of(text)));
            let label = "evaluated further down, so this is its default";
            return later.then(|| {
                Diagnostic::warning(codes::READ_TOO_EARLY, message, span, label)
                    .help("Fields are evaluated from top to bottom: move the field up")
            });
        }
        if there < here {
            return None;
        }
        let message = format!("{} is evaluated after this aggregate", quote(&name.value));
        let label = if fresh { "always its default here" } else { "still its value from before this event" };
        let title = format!("Move {} above {}", quote(&name.value), quote(&above.value));
        let mut diagnostic = Diagnostic::warning(codes::READ_TOO_EARLY, message, span, label)
            .other(name.span, "evaluated here")
            .help(format!("Aggregates are evaluated from top to bottom. {title}"));
        if self.independent(here, there, parts) {
            diagnostic.fix = move_above::fix(text, above.span, name.span, title);
        }
        Some(diagnostic)
    }

    /// Whether nothing of the later aggregate depends on those that it would pass.
    fn independent(&self, here: usize, there: usize, parts: &[Part]) -> bool {
        let its = parts.iter().filter(|part| part.role.group().and_then(|group| self.place(group)) == Some(there));
        let mut reads = its.flat_map(|part| &part.inferred.field_reads);
        !reads.any(|read| self.place(read.field.0).is_some_and(|place| (here..there).contains(&place)))
    }
}
