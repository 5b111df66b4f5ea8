//! What is known of the variables of a document's expressions: fields of the data, the columns of a
//! window, the anchor's fields.

use std::collections::HashMap;
use std::sync::Arc;

use dtc_expr::infer::{Kinds, Surroundings, Type};
use dtc_expr::{FieldType, Mode, VariableId};

use crate::data_fields::DataField;
use crate::document::{Streaming, Window};
use crate::scopes::{ANCHOR, IDENTITY, SOURCE, TIME, group_fields, has_times};

type Fields = Vec<(Arc<str>, FieldType)>;

/// Fields of the data by path.
pub(crate) type Data<'p> = HashMap<&'p str, &'p DataField>;

pub(crate) fn by_path(data: &[DataField]) -> Data<'_> {
    data.iter().map(|field| (field.path.as_str(), field)).collect()
}

/// What `source` is.
enum Source<'p> {
    /// An event, whose fields the data shows.
    Event(&'p Data<'p>),
    /// The blocks of a window: a list for each of these fields.
    Columns(Fields),
    Unknown,
}

pub(crate) struct Around<'p> {
    mode: Mode,
    source: Source<'p>,
    anchor: Fields,
}

impl<'p> Around<'p> {
    /// Around expressions that see an event.
    pub(crate) fn event(mode: Mode, data: &'p Data<'p>) -> Around<'p> {
        Around { mode, source: Source::Event(data), anchor: Vec::new() }
    }

    /// Around expressions of a window document; `aggregate` is the one that they stand in.
    pub(crate) fn window(document: &Window, stream: Option<&Streaming>, aggregate: Option<usize>) -> Around<'p> {
        let spec = aggregate.and_then(|index| document.aggregates.get(index)?.window.as_ref());
        let columns = spec.and_then(|spec| Some(group_fields(named(stream?, &spec.source.value)?)));
        Around {
            mode: document.header.mode,
            source: columns.map_or(Source::Unknown, Source::Columns),
            anchor: stream.and_then(|stream| anchor_of(document, stream)).map_or_else(Vec::new, group_fields),
        }
    }
}

/// The aggregate that `stream.aggregate` names.
pub(crate) fn named<'s>(stream: &'s Streaming, name: &str) -> Option<&'s crate::document::Aggregate> {
    let name = name.rsplit('.').next()?;
    stream.aggregates.iter().find(|aggregate| aggregate.name.value == name)
}

/// The aggregate whose blocks the anchor tests.
pub(crate) fn anchor_of<'s>(window: &Window, stream: &'s Streaming) -> Option<&'s crate::document::Aggregate> {
    if let Some(source) = &window.anchor.source {
        return named(stream, &source.value);
    }
    let mut blocks = stream.aggregates.iter().filter(|aggregate| has_times(&aggregate.kind));
    let only = blocks.next();
    if blocks.next().is_some() { None } else { only }
}

impl Surroundings for Around<'_> {
    fn mode(&self) -> Mode {
        self.mode
    }

    fn type_of(&self, variable: VariableId, path: &[&str]) -> Type {
        match (variable, path) {
            (TIME, []) => Kinds::DATETIME.into(),
            (IDENTITY, []) => Kinds::STR.into(),
            (ANCHOR, [name]) => field(&self.anchor, name, self.mode).unwrap_or(Type::ANY),
            (SOURCE, path) => match (&self.source, path) {
                (Source::Event(data), path) => seen(data, path).map_or(Type::ANY, shown),
                (Source::Columns(fields), [name]) => {
                    field(fields, name, self.mode).map_or(Type::ANY, |item| Type::holding(Kinds::LIST, item))
                }
                _ => Type::ANY,
            },
            _ => Type::ANY,
        }
    }

    fn texts(&self, variable: VariableId, path: &[&str]) -> Vec<String> {
        let Source::Event(data) = &self.source else { return Vec::new() };
        let examples = seen(data, path).filter(|_| variable == SOURCE).map_or(&[][..], |field| &field.examples);
        let unquoted = |text: &String| Some(text.strip_prefix('"')?.strip_suffix('"')?.to_owned());
        examples.iter().filter_map(unquoted).filter(|text| !text.contains(['\\', '\'', '…'])).collect()
    }

    fn is_sampled(&self, variable: VariableId) -> bool {
        variable == SOURCE && matches!(self.source, Source::Event(_))
    }
}

fn seen<'p>(data: &Data<'p>, path: &[&str]) -> Option<&'p DataField> {
    match path {
        [] => None,
        [name] => data.get(name).copied(),
        names => data.get(names.join(".").as_str()).copied(),
    }
}

fn field(fields: &Fields, name: &str, mode: Mode) -> Option<Type> {
    let (_, kind) = fields.iter().rfind(|(known, _)| **known == *name)?;
    Some(Type::of_field(*kind, mode))
}

/// The type of a field by the types that were seen.
fn shown(field: &DataField) -> Type {
    let kinds = field.types.iter().map(|name| match name.as_str() {
        "text" => Some(Kinds::STR),
        "number" => Some(Kinds::INT.with(Kinds::FLOAT)),
        "boolean" => Some(Kinds::BOOL),
        "list" => Some(Kinds::LIST),
        "object" => Some(Kinds::DICT),
        "null" => Some(Kinds::NONE),
        _ => None,
    });
    let kinds = kinds.reduce(|a, b| Some(a?.with(b?))).flatten();
    match kinds {
        // Nothing was ever in it.
        None | Some(Kinds::NONE) => Type::ANY,
        Some(kinds) if field.share < 1.0 => Type::from(kinds).or_none(),
        Some(kinds) => kinds.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_by_what_was_seen() {
        for (types, share, expected) in [
            (&["text"][..], 1.0, "str"),
            (&["number", "text"], 0.5, "int or float or str or None"),
            (&["null"], 1.0, "anything"),
            (&["boolean", "null"], 1.0, "bool or None"),
            (&["date"], 1.0, "anything"),
            (&[], 1.0, "anything"),
        ] {
            let types = types.iter().map(|name| (*name).to_owned()).collect();
            let field = DataField { path: "x".to_owned(), types, share, examples: Vec::new() };
            assert_eq!(shown(&field).to_string(), expected);
        }
    }
}
