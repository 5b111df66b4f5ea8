//! Fields of the streaming document that another document draws on, with what their values are made of.

use dtc_expr::{FieldId, GroupId, Program, compile};

use crate::check::Project;
use crate::document::{Aggregate, Document, Field, Streaming};
use crate::rules::sources::{blocks_of, stream_of};
use crate::scopes;

/// The streaming document that a window document, or an attribution document with `Source`, draws on.
pub(crate) fn stream<'s>(document: &Document, project: &'s Project) -> Option<&'s Streaming> {
    match document {
        Document::Window(window) => stream_of(window, &project.streaming),
        Document::Attribution(document) => {
            blocks_of(&document.source.as_ref()?.value, &project.streaming).map(|(stream, _)| stream)
        }
        Document::Streaming(_) | Document::Join(_) | Document::Pipeline(_) => None,
    }
}

/// The field at a slot, its aggregate and its compiled value; nothing for implicit fields and dimensions.
pub(crate) fn field<'s>(
    stream: &'s Streaming,
    project: &Project,
    (group, slot): (GroupId, FieldId),
) -> Option<(&'s Aggregate, &'s Field, Program)> {
    let index = usize::from(group.0);
    let aggregate = stream.aggregates.get(index)?;
    let field = aggregate.fields.get(usize::from(slot.0).checked_sub(scopes::first_field(&aggregate.kind))?)?;
    let scope = scopes::streaming(stream, &project.functions, Some(index));
    Some((aggregate, field, compile(&field.value.text, &scope).ok()?))
}
